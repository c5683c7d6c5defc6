"""Normalise: a draft in the portal's own words becomes a dataset in ours. Pure, and for all feeds the same.

    draft ──▶ dataset() ──▶ Dataset with notes
                 ├── texts, markdown, text       words
                 ├── dates, periods, places      when and where
                 ├── codes, licences, formats    words that mean a code
                 ├── urls, contacts, publishers  addresses and people
                 ├── distributions               files and services
                 └── identity, fingerprint       which record, and has it changed

A note says what was repaired or given up. What is simply missing, and what no code list knows, is not
noted: the profile finds both in the result.
"""

from __future__ import annotations

import re
from functools import lru_cache

from harvester.model import N_, Coded, Dataset, Distribution, Draft, Period, Place, Problem, Source
from harvester.normalise import (
    codes,
    contacts,
    dates,
    distributions,
    languages,
    licences,
    names,
    periods,
    places,
    publishers,
    texts,
    urls,
)
from harvester.normalise.dates import Order
from harvester.normalise.identity import record_key
from harvester.normalise.markdown import terms
from harvester.normalise.notes import Notes, raw
from harvester.normalise.text import is_title_placeholder, line, missing, word

_MOST_EXTRAS = 200
_EXTRA_LIMIT = 2_000
_MOST_PLACES = 200

_OF_DISTRIBUTION = re.compile(r"distributions\.(\d{1,6})(\..*)?")


def dataset(draft: Draft, source: Source) -> Dataset | Problem:
    """The dataset that the draft describes, or why there is none: it has no title.

    Never raises, whatever the draft's strings hold. The result has no id yet; `changes` gives it.
    """
    notes = Notes()
    language = languages.tag(source.language) or "und" if source.language else "und"
    key = record_key(draft, source)
    title = texts.titles(draft.title, language, "title", notes)
    if not title:
        return Problem(
            where=source.id,
            what=N_("The dataset {key} has no title and was left out."),
            remedy=N_("Give it a title on your portal."),
            values={"key": line(key, 200)},
        )
    for words in title.values():
        if is_title_placeholder(words):
            notes.add("title-placeholder", "title", words)
    order = _order(draft, source)
    files, moved = distributions.clean(draft.distributions, language, order, notes)
    themes = codes.themes(draft.themes)
    keywords = texts.keywords(draft.keywords, language, "keywords", notes)
    licence, access_rights = _licence(draft, source, files, notes)
    modified, frequency = _rhythm(draft, notes)
    _take_over(draft, moved, notes)
    return Dataset(
        source=source.id,
        key=key,
        identifiers=names.identifiers(draft.identifiers),
        uri=urls.iri(draft.uri, "uri", notes),
        title=title,
        description=texts.descriptions(draft.description, language, "description", notes),
        keywords=keywords,
        themes=themes,
        topics=codes.topics(themes, keywords),
        publisher=publishers.clean(draft.publisher, source, language, notes),
        contacts=contacts.clean(draft.contacts, notes),
        page=urls.clean(draft.page, "page", notes),
        landing_page=urls.clean(draft.landing_page, "landing_page", notes),
        licence=licence,
        rights=terms(draft.rights),
        access_rights=access_rights,
        issued=dates.clean(draft.issued, order, "issued", notes),
        modified=dates.clean(modified, order, "modified", notes),
        frequency=codes.frequency(frequency, notes),
        languages=languages.tags(draft.languages, notes),
        spatial=_spatial(draft, notes),
        temporal=_temporal(draft, order, notes),
        conforms_to=names.standards(draft.conforms_to),
        documentation=names.addresses(draft.documentation, "documentation", notes),
        data_dictionary=names.addresses(draft.data_dictionary, "data_dictionary", notes),
        in_series=names.identifiers(draft.in_series),
        version=word(draft.version, 100),
        status=word(draft.status, 100),
        provenance=names.addresses(draft.provenance, "provenance", notes),
        distributions=files,
        extra=_extra(draft.unread),
        notes=notes.all(),
    )


def _order(draft: Draft, source: Source) -> Order:
    """How 3/4/2021 is read: as the source's entry says, else as usual in the language of the record."""
    stated = source.settings.get("date_order") if source.settings else None
    tags = {tag for tag in draft.title if tag and tag != "und"}
    own = tags.pop() if len(tags) == 1 else next(iter(draft.languages), "")
    return dates.order_of(stated, source.language or languages.tag(own))


def _licence(
    draft: Draft, source: Source, files: tuple[Distribution, ...], notes: Notes
) -> tuple[Coded | None, Coded | None]:
    """The licence, by default the source's, and the access rights, which some write in its place."""
    licence, access = licences.clean(draft.licence, "licence", notes)
    if licence is None and source.licence and not any(file.licence for file in files):
        licence, _ = licences.clean(source.licence, "licence", Notes())
        notes.add("licence-from-source", "licence", draft.licence)
    return licence, codes.access_rights(draft.access_rights) or access


def _rhythm(draft: Draft, notes: Notes) -> tuple[str | None, str | None]:
    """The texts for `modified` and `frequency`: DCAT-US lets `modified` hold R/P1D, which is no date."""
    modified, frequency = draft.modified, draft.frequency
    if modified is None or missing(modified) or not codes.is_frequency(modified.strip()):
        return modified, frequency
    notes.add("modified-is-frequency", "modified", modified)
    return None, modified if missing(frequency) else frequency


def _take_over(draft: Draft, moved: dict[int, int], notes: Notes) -> None:
    """The feed's own notes, with the places that its distributions have now."""
    for note in draft.notes:
        field = note.field
        if found := _OF_DISTRIBUTION.fullmatch(field):
            place = moved.get(int(found[1]))
            field = "distributions" if place is None else f"distributions.{place}{found[2] or ''}"
        notes.add(note.code, field, note.raw)


def _spatial(draft: Draft, notes: Notes) -> tuple[Place, ...]:
    found = [
        places.clean(each, f"spatial.{number}", notes)
        for number, each in enumerate(draft.spatial[:_MOST_PLACES])
    ]
    return tuple(
        sorted(
            {place for place in found if place}, key=lambda each: (each.raw, each.label or "", each.uri or "")
        )
    )


def _temporal(draft: Draft, order: Order, notes: Notes) -> tuple[Period, ...]:
    found = [
        periods.clean(each, order, f"temporal.{number}", notes)
        for number, each in enumerate(draft.temporal[:_MOST_PLACES])
    ]
    return tuple(
        sorted(
            {period for period in found if period},
            key=lambda each: (each.raw, each.start or "", each.end or ""),
        )
    )


@lru_cache(maxsize=4096)
def _extra_name(name: str) -> str:
    return line(name, 100)


def _extra(unread: dict[str, str]) -> dict[str, str]:
    """The fields that nobody read, in alphabetical order, within bounds."""
    found = [(_extra_name(name), raw(unread[name], _EXTRA_LIMIT)) for name in sorted(unread)[:_MOST_EXTRAS]]
    return {name: value for name, value in found if name and value}
