"""Drafts for tests: readers of captured feeds, as small as the tests need, and records made up at random."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from harvester.model import (
    Dataset,
    Draft,
    DraftAgent,
    DraftContact,
    DraftDistribution,
    DraftPeriod,
    DraftPlace,
)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def of_data_json(path: Path) -> list[Draft]:
    """The datasets of a DCAT-US 1.1 file."""
    return [
        _of_record(record) for record in json.loads(path.read_bytes())["dataset"] if isinstance(record, dict)
    ]


def _of_record(record: dict[str, Any]) -> Draft:
    publisher, contact = record.get("publisher"), record.get("contactPoint")
    files = record.get("distribution") or []
    return Draft(
        identifiers=(_text(record.get("identifier")) or "",),
        title={"": _text(record.get("title")) or ""},
        description={"": _text(record.get("description")) or ""},
        keywords=tuple(("", str(word)) for word in record.get("keyword") or []),
        themes=tuple(map(str, record.get("theme") or [])),
        publisher=DraftAgent(name={"": _text(publisher.get("name")) or ""})
        if isinstance(publisher, dict)
        else None,
        contacts=(DraftContact(name=_text(contact.get("fn")), email=_text(contact.get("hasEmail"))),)
        if isinstance(contact, dict)
        else (),
        landing_page=_text(record.get("landingPage")),
        licence=_text(record.get("license")),
        issued=_text(record.get("issued")),
        modified=_text(record.get("modified")),
        frequency=_text(record.get("accrualPeriodicity")),
        spatial=(DraftPlace(text=_text(record.get("spatial"))),),
        temporal=(DraftPeriod(text=_text(record.get("temporal"))),),
        distributions=tuple(
            DraftDistribution(
                access_url=_text(file.get("accessURL")),
                download_url=_text(file.get("downloadURL")),
                title={"": _text(file.get("title")) or ""},
                format=_text(file.get("format")),
                media_type=_text(file.get("mediaType")),
            )
            for file in files
            if isinstance(file, dict)
        ),
    )


def of_dataset(dataset: Dataset) -> Draft:
    """A dataset as a portal would publish it that took our word for everything."""
    return Draft(
        identifiers=dataset.identifiers,
        uri=dataset.uri,
        title=dataset.title,
        description=dataset.description,
        keywords=dataset.keywords,
        publisher=DraftAgent(
            name=dataset.publisher.name,
            url=dataset.publisher.url,
            email=dataset.publisher.email,
            parent=dataset.publisher.parent,
        ),
        contacts=tuple(
            DraftContact(name=each.name, email=each.email or each.raw_email, phone=each.phone, url=each.url)
            for each in dataset.contacts
        ),
        page=dataset.page,
        landing_page=dataset.landing_page,
        licence=dataset.licence.raw if dataset.licence else None,
        rights=dataset.rights,
        issued=dataset.issued.value or dataset.issued.raw if dataset.issued else None,
        modified=dataset.modified.value or dataset.modified.raw if dataset.modified else None,
        languages=dataset.languages,
        temporal=tuple(
            DraftPeriod(start=each.start, end=each.end)
            if each.start or each.end
            else DraftPeriod(text=each.raw)
            for each in dataset.temporal
        ),
        conforms_to=dataset.conforms_to,
        documentation=dataset.documentation,
        in_series=dataset.in_series,
        version=dataset.version,
        status=dataset.status,
        distributions=tuple(
            DraftDistribution(
                access_url=each.access_url,
                download_url=each.download_url,
                title=each.title,
                description=each.description,
                format=each.format.code or each.format.raw if each.format else None,
                media_type=each.media_type.code or each.media_type.raw if each.media_type else None,
                byte_size=None if each.byte_size is None else str(each.byte_size),
                checksum=each.checksum,
                licence=each.licence.raw if each.licence else None,
                rights=each.rights,
                issued=each.issued.value or each.issued.raw if each.issued else None,
                modified=each.modified.value or each.modified.raw if each.modified else None,
                languages=each.languages,
                conforms_to=each.conforms_to,
            )
            for each in dataset.distributions
        ),
        unread=dataset.extra,
    )


# ------------------------------------------------------------------------------ made up

_CHARACTERS = st.text(st.characters(exclude_categories=()), max_size=12)  # lone surrogates too
_PIECES = st.sampled_from(
    [
        "<b>", "</b>", "<p>", "<br>", "<li>", "<ul>", "<table><tr><td>", "<script>", "</script>", "<!--", "-->", "<![CDATA[",
        '<a href="https://x.example/(a) b">', "</a>", "<a href=javascript:x>", "<x", "<", ">", "&amp;", "&lt;", "&#60;", "&",
        "&nbsp;", "{{name}}", "{{", "}}", "**", "# ", "- ", "1. ", "[a](b)", "\\", "`", "    ", "\n", "\n\n", "\r", "\t", " ",
        "\x00", "\u202e", "\u200b", "\ud800", "\u2028", "null", "N/A", "https://", "http://x.example", "www.", "//", "@", ":80",
        "javascript:", "mailto:", "/", "?", "#", "%", "%zz", ".csv", "2020", "-", "01", "T00:00:00", "Z", "R/P1D", "mars", "3/4/2021",
        "1e309", "NaN", "-83.3,42.2,-82.9,42.5", "POLYGON((", "))", '{"coordinates":[', "]}", "cc-by", "4.0", "CSV", "12 MB",
        "creativecommons.org/licenses/by/4.0", "arcgis.com", "0123456789abcdef0123456789abcdef", "_0", "é", "道", "🌳", ",", ";",
    ]
)  # fmt: skip
texts = st.lists(_CHARACTERS | _PIECES, max_size=8).map("".join)
"""Text as portals do not write it, or hardly ever."""

_maybe = st.none() | texts
_by_language = st.dictionaries(st.sampled_from(["", "en", "fr", "us-EN"]), texts, max_size=2)
_several = st.lists(texts, max_size=3).map(tuple)

distributions = st.builds(
    DraftDistribution,
    url=_maybe,
    access_url=_maybe,
    download_url=_maybe,
    title=_by_language,
    description=_by_language,
    format=_maybe,
    media_type=_maybe,
    byte_size=_maybe,
    checksum=_maybe,
    licence=_maybe,
    rights=_maybe,
    issued=_maybe,
    modified=_maybe,
    languages=_several,
    conforms_to=_several,
)

drafts = st.builds(
    Draft,
    key=_maybe,
    identifiers=_several,
    uri=_maybe,
    title=_by_language,
    description=_by_language,
    keywords=st.lists(st.tuples(st.sampled_from(["", "en"]), texts), max_size=4).map(tuple),
    themes=_several,
    publisher=st.none() | st.builds(DraftAgent, name=_by_language, url=_maybe, email=_maybe, parent=_maybe),
    contacts=st.lists(
        st.builds(DraftContact, name=_maybe, email=_maybe, phone=_maybe, url=_maybe), max_size=2
    ).map(tuple),
    page=_maybe,
    landing_page=_maybe,
    licence=_maybe,
    rights=_maybe,
    access_rights=_maybe,
    issued=_maybe,
    modified=_maybe,
    frequency=_maybe,
    languages=_several,
    spatial=st.lists(
        st.builds(DraftPlace, text=_maybe, label=_maybe, uri=_maybe, bbox=_maybe, geometry=_maybe), max_size=2
    ).map(tuple),
    temporal=st.lists(st.builds(DraftPeriod, start=_maybe, end=_maybe, text=_maybe), max_size=2).map(tuple),
    conforms_to=_several,
    documentation=_several,
    data_dictionary=_several,
    in_series=_several,
    version=_maybe,
    status=_maybe,
    provenance=_several,
    distributions=st.lists(distributions, max_size=3).map(tuple),
    unread=st.dictionaries(texts, texts, max_size=3),
)
