from __future__ import annotations

import itertools

import pytest

from harvester.model import Coded, Date, Distribution, DraftDistribution
from harvester.normalise.dates import Order
from harvester.normalise.distributions import clean
from harvester.normalise.notes import Notes

CSV = DraftDistribution(url="https://x.example/a.csv", format="CSV", title={"": "Trees"})
SERVICE = DraftDistribution(url="https://x.example/rest/services/t/FeatureServer/0", title={"": "Service"})
PAGE = DraftDistribution(url="https://x.example/about", format="HTML")


def read(*drafts: DraftDistribution) -> tuple[tuple[Distribution, ...], list[tuple[str, str]]]:
    notes = Notes()
    found, _ = clean(drafts, "en", Order(), notes)
    return found, [(note.code, note.field) for note in notes.all()]


def test_a_distribution_is_read() -> None:
    (found,), notes = read(
        DraftDistribution(
            url="https://x.example/a.csv",
            title={"": "All &amp; every tree"},
            description={"fr": "<p>Un arbre par ligne</p>"},
            format="csv file",
            media_type="text/csv",
            byte_size="1.2 MB",
            checksum="A" * 32,
            licence="cc-zero",
            rights="<b>Free</b>",
            issued="2019",
            modified="2020-01-01T00:00:00",
            languages=("English",),
            conforms_to=("https://x.example/schema", "RFC 4180"),
        )
    )
    assert found == Distribution(
        id=found.id,
        kind="data",
        download_url="https://x.example/a.csv",
        title={"en": "All & every tree"},
        description={"fr": "Un arbre par ligne"},
        format=Coded(code="csv", raw="csv file"),
        media_type=Coded(code="text/csv", raw="text/csv"),
        byte_size=1_200_000,
        checksum="md5:" + "a" * 32,
        licence=Coded(code="CC0-1.0", raw="cc-zero"),
        rights="Free",
        issued=Date(value="2019", raw="2019"),
        modified=Date(value="2020-01-01", raw="2020-01-01T00:00:00"),
        languages=("en",),
        conforms_to=("RFC 4180", "https://x.example/schema"),
    )
    assert notes == [("description-html", "distributions.0.description")]


@pytest.mark.parametrize(
    ("draft", "kind", "is_download"),
    [
        (DraftDistribution(url="https://x.example/a.csv"), "data", True),
        (DraftDistribution(url="https://x.example/get?id=1", media_type="text/csv"), "data", True),
        (DraftDistribution(url="https://x.example/datastore/dump/1"), "data", True),
        (DraftDistribution(url="https://x.example/get?id=1", format="CSV"), "data", False),
        (DraftDistribution(url="https://x.example/get?id=1", format="Strange"), "data", False),
        (DraftDistribution(url="https://x.example/about"), "page", False),
        (DraftDistribution(url="https://x.example/about", media_type="text/html"), "page", False),
        (DraftDistribution(url="https://x.example/a.csv", format="HTML"), "page", False),
        (DraftDistribution(url="https://x.example/x/FeatureServer/0", media_type="application/json"), "service", False),
        (DraftDistribution(url="https://x.example/api", format="API", media_type="application/json"), "service", False),
        (DraftDistribution(access_url="https://x.example/a.csv"), "data", False),
        (DraftDistribution(download_url="https://x.example/get"), "data", True),
        (DraftDistribution(download_url="https://x.example/wms?", format="WMS"), "service", True),
    ],
)  # fmt: skip
def test_files_services_and_pages_are_told_apart(
    draft: DraftDistribution, kind: str, is_download: bool
) -> None:
    (found,), _ = read(draft)
    assert (found.kind, found.download_url is not None) == (kind, is_download)


def test_neither_address_is_copied_into_the_other() -> None:
    (found,), _ = read(
        DraftDistribution(access_url="https://x.example/about", download_url="https://x.example/a.csv")
    )
    assert (found.access_url, found.download_url) == ("https://x.example/about", "https://x.example/a.csv")


@pytest.mark.parametrize("order", list(itertools.permutations([CSV, SERVICE, PAGE])))
def test_the_order_of_the_source_means_nothing(order: tuple[DraftDistribution, ...]) -> None:
    found, _ = read(*order)
    assert found == read(CSV, SERVICE, PAGE)[0]
    assert [each.kind for each in found] == ["data", "service", "page"]


def test_ids_are_unique_and_stay_while_the_address_does() -> None:
    (first,), _ = read(CSV)
    (same,), _ = read(
        DraftDistribution(url="http://www.x.example/a.csv", format="text/csv", title={"": "Another name"})
    )
    (other,), _ = read(DraftDistribution(url="https://x.example/b.csv", format="CSV"))
    assert first.id == same.id
    assert first.id.startswith("csv-")
    assert first.id != other.id


def test_the_same_file_twice_is_one_file_and_the_fuller_entry_is_kept() -> None:
    poor = DraftDistribution(url="https://x.example/a.csv", format="csv")
    for drafts in ((CSV, poor), (poor, CSV)):
        (found,), notes = read(*drafts)
        assert found.title == {"en": "Trees"}
        assert notes == []


def test_one_address_in_two_formats_is_two_distributions() -> None:
    found, _ = read(
        DraftDistribution(url="https://x.example/export", format="CSV"),
        DraftDistribution(url="https://x.example/export", format="Mystery, one"),
        DraftDistribution(url="https://x.example/export", format="Mystery: one"),
    )
    assert len({each.id for each in found}) == 3


@pytest.mark.parametrize(
    ("draft", "notes"),
    [
        (DraftDistribution(title={"": "Service"}), [("distribution-no-url", "distributions")]),
        (DraftDistribution(url="null"), [("distribution-no-url", "distributions")]),
        (DraftDistribution(url="javascript:alert(1)"), [("url-invalid", "distributions")]),
    ],
)
def test_one_without_address_is_left_out_and_noted(
    draft: DraftDistribution, notes: list[tuple[str, str]]
) -> None:
    assert read(draft) == ((), notes)


def test_notes_name_the_place_in_the_result() -> None:
    found, notes = read(
        PAGE, DraftDistribution(url="https://x.example/b c.csv", byte_size="big", checksum="??")
    )
    assert [each.kind for each in found] == ["data", "page"]
    assert notes == [
        ("url-spaces", "distributions.0.url"),
        ("size-not-parsed", "distributions.0.byte_size"),
        ("checksum-invalid", "distributions.0.checksum"),
    ]
