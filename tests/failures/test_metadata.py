"""Failures 23 to 30: what records say, and say wrongly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harvester import quality
from tests.failures.valley import Valley, data_json, entry, told

BOX = (-83.3, 42.2, -82.9, 42.5)
SPATIAL: dict[str, tuple[str, Any]] = {
    "a form's four empty fields": (",,,", None),
    "a polygon": ("POLYGON((-83.3 42.2,-82.9 42.2,-82.9 42.5,-83.3 42.5,-83.3 42.2))", BOX),
    "an envelope": ("ENVELOPE(-83.3,-82.9,42.5,42.2)", BOX),
    "a box": ("-83.3,42.2,-82.9,42.5", BOX),
    "a box from the north": ("-83.3,42.5,-82.9,42.2", BOX),
    "no number": ("NaN,NaN,NaN,NaN", None),
    "GeoJSON without numbers": ('{"type":"envelope","coordinates":[["NaN","NaN"],["NaN","NaN"]]}', None),
    "a country": ("United States", "United States"),
}


def test_failure_23_no_way_of_writing_a_place_costs_a_dataset(valley: Valley) -> None:
    """GSA/data.gov#3819, #3549, #5003, #4373, magda-io/magda#2450, opendatateam/udata#3341: spatial."""
    valley.portal()
    valley.serve({"/data.json": data_json(*(entry(n, title=title) for n, title in enumerate(SPATIAL)))})
    valley.night()
    yesterday = valley.shown()
    written = [entry(n, title=title, spatial=SPATIAL[title][0]) for n, title in enumerate(SPATIAL)]
    valley.serve({"/data.json": data_json(*written)})
    harvest = valley.night()
    assert (harvest.outcome, harvest.datasets, harvest.skipped) == ("fresh", len(SPATIAL), 0)
    assert valley.shown() == yesterday
    for title, record in valley.records().items():
        place = next(iter(record.dataset.spatial), None)
        said = place and (place.bbox or place.label)
        assert said == SPATIAL[title][1], title
    assert sorted(code for code in valley.codes() if code.startswith("spatial")) == [
        "spatial-bbox-invalid",  # the north first: put right, and told
        "spatial-bbox-invalid",  # no number
        "spatial-not-parsed",
    ]
    site = valley.publish()
    assert "NaN" not in json.dumps([each.get("spatial") for each in read(site)["dataset"]])


def read(site: Path) -> Any:
    """The data.json of a site, of which NaN is no part."""

    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is not JSON")

    return json.loads((site / "data.json").read_text(), parse_constant=refuse)


DATES = {
    "2018-05": "2018-05",
    "R/P1D": None,
    "20013-04-01": None,
    "0201-11-05": None,
    "2018-02-30": None,
    "2018": "2018",
}


def test_failure_24_no_date_costs_a_dataset_or_becomes_another_one(valley: Valley) -> None:
    """GetDKAN/dkan#2688, #2627, mxabierto/adela#1069: dates: `2018-05`, `R/P1D`, years 20013 and 0201."""
    valley.portal()
    valley.serve({"/data.json": data_json(*(entry(n, title=f"Of {text}") for n, text in enumerate(DATES)))})
    valley.night()
    yesterday = valley.shown()
    written = [entry(n, title=f"Of {t}", modified=t, issued=t) for n, t in enumerate(DATES)]
    valley.serve({"/data.json": data_json(*written)})
    harvest = valley.night()
    assert (harvest.outcome, harvest.datasets, harvest.skipped) == ("fresh", len(DATES), 0)
    assert valley.shown() == yesterday
    records = valley.records()
    for text, value in DATES.items():
        dataset = records[f"Of {text}"].dataset
        assert (dataset.modified.value if dataset.modified else None) == value, text
    assert records["Of R/P1D"].dataset.frequency is not None
    assert valley.codes().count("date-not-parsed") >= 3
    for dataset in read(valley.publish())["dataset"]:
        assert dataset.get("modified", "")[:4] not in ("0201", "2001"), dataset


MAILS = ("mailto:", "mailto: ", "", None, "N/A", "mailto:none", ["mailto:"])


def test_failure_25_a_blank_mail_address_rejects_nothing(valley: Valley) -> None:
    """GSA/datagov-wptheme#714: a blank `mailto:` rejects most of a city's datasets."""
    valley.portal()
    valley.serve({"/data.json": data_json(*(entry(n) for n in range(len(MAILS))))})
    valley.night()
    yesterday = valley.shown()
    contacts = [{"@type": "vcard:Contact", "fn": "Parks desk", "hasEmail": mail} for mail in MAILS]
    valley.serve({"/data.json": data_json(*(entry(n, contactPoint=each) for n, each in enumerate(contacts)))})
    harvest = valley.night()
    assert (told(harvest), harvest.skipped) == (("fresh", 0, len(MAILS), 0), 0)
    assert valley.shown() == yesterday
    for title, record in valley.records().items():
        assert [(each.name, each.email) for each in record.dataset.contacts] == [("Parks desk", None)], title
    assert not [finding for finding in valley.store.findings("elmford") if finding.severity == "error"]


def test_failure_26_a_federal_profile_finds_much_and_rejects_nothing(valley: Valley) -> None:
    """GSA/data.gov#2988: a federal profile applied to a town: all rejected."""
    valley.portal()
    valley.serve({"/data.json": data_json(*(entry(n) for n in range(6)))})
    valley.night()
    yesterday, ours = valley.shown(), valley.codes()
    assert "bureau-code-missing" not in ours, "by our own profile a town is no federal agency"

    profiles = Path(quality.__file__).parent / "profiles"
    valley.profile = quality.load_profile(profiles / "federal.yaml")
    harvest = valley.night()
    assert (told(harvest), harvest.datasets, harvest.skipped) == (("unchanged", 0, 0, 0), 6, 0)
    assert valley.codes().count("bureau-code-missing") == 6
    assert valley.shown() == yesterday
    assert len(read(valley.publish())["dataset"]) == 9


INVALID = {
    "an error": '{"error": "database is down"}',
    "no list": '{"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": null}',
    "nothing": "",
    "a half": '{"dataset": [',
    "datasets without a title": data_json(*({"identifier": f"d{n}", "keyword": ["a"]} for n in range(5))),
    "a list of words": data_json("one", "two", "three", "four", "five"),
}


def test_failure_27_an_invalid_feed_is_no_success(valley: Valley) -> None:
    """GSA/data.gov#3658: an invalid feed reported as "success, 0 changes"."""
    valley.portal(type="dcat_us")
    valley.serve({"/data.json": data_json(*(entry(n) for n in range(5)))})
    good = valley.night()
    yesterday = valley.shown()
    for kind, content in INVALID.items():
        valley.serve({"/data.json": content})
        harvest = valley.night()
        assert harvest.outcome in ("failed", "suspicious"), kind
        assert harvest.problem is not None, kind
        assert (harvest.datasets, harvest.removed, harvest.missing) == (5, 0, 0), kind
        assert valley.shown() == yesterday, kind
        source = valley.catalogue().sources[1]
        assert source.last_good == good.started, "it is shown as stale"


LICENCES = {
    "Licence Etalab": "etalab-2.0",
    "Licence Ouverte / Open Licence version 2.0": "etalab-2.0",
    "licence ouverte etalab 2.0": "etalab-2.0",
    "Creative Commons Attribution 4.0": "CC-BY-4.0",
    "Open Database License (ODbL)": "ODbL-1.0",
    "as the mayor pleases": None,
}


def test_failure_28_a_licence_in_free_words_is_understood(valley: Valley) -> None:
    """opendatateam/udata#2618: a licence in free words ("Licence Etalab") not matched."""
    valley.portal()
    licences = list(LICENCES)
    valley.serve({"/data.json": data_json(*(entry(n) for n in range(len(licences))))})
    valley.night()
    yesterday = valley.shown()
    valley.serve({"/data.json": data_json(*(entry(n, license=words) for n, words in enumerate(licences)))})
    assert told(valley.night()) == ("fresh", 0, len(licences), 0)
    assert valley.shown() == yesterday
    for n, (words, code) in enumerate(LICENCES.items()):
        licence = valley.records()[f"Dataset number {n}"].dataset.licence
        assert licence is not None
        assert licence.raw == words
        assert licence.code == code, words
    assert valley.codes().count("licence-unrecognised") == 1


def test_failure_29_a_landing_page_alone_is_shown_and_told(valley: Valley) -> None:
    """opendatateam/udata#2670: the only distribution is a landing page."""
    page = "https://elmford.example/budget.html"
    valley.portal()
    valley.serve({"/data.json": data_json(*(entry(n) for n in range(4)))})
    valley.night()
    yesterday = valley.shown()
    alone = [
        entry(0, distribution=[{"accessURL": page, "format": "HTML"}]),
        entry(1, distribution=[], landingPage=page),
        *(entry(n) for n in (2, 3)),
    ]
    valley.serve({"/data.json": data_json(*alone)})
    assert told(valley.night()) == ("fresh", 0, 2, 0)
    assert valley.shown() == yesterday
    assert {"distribution-is-webpage", "distribution-missing"} <= set(valley.codes())
    site = valley.publish()
    for number in (0, 1):
        id = valley.records()[f"Dataset number {number}"].dataset.id
        assert f'href="{page}"' in (site / "dataset" / id / "index.html").read_text()


def test_failure_30_equal_titles_have_pages_of_their_own_and_keep_them(valley: Valley) -> None:
    """mxabierto/adela#104: equal titles, slugs that change."""
    valley.portal()
    same = [entry(n, title="Budget") for n in range(4)]
    valley.serve({"/data.json": data_json(*same)})
    assert told(valley.night()) == ("fresh", 4, 0, 0)
    ids = {r.dataset.key: r.dataset.id for r in valley.catalogue().records if r.dataset.source == "elmford"}
    assert len(set(ids.values())) == 4

    renamed = [entry(n, title=f"Budget of {2020 + n}") for n in reversed(range(4))]
    valley.serve({"/data.json": data_json(*renamed)})
    assert told(valley.night()) == ("fresh", 0, 4, 0)
    shown = {r.dataset.key: r.dataset.id for r in valley.catalogue().records if r.dataset.source == "elmford"}
    assert shown == ids, "an address that somebody kept still leads there"
    site = valley.publish()
    assert all((site / "dataset" / id / "index.html").is_file() for id in ids.values())
