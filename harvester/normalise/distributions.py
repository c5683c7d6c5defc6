"""Distributions: the files and services of a dataset, and the pages that stand in for them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from harvester import vocabularies
from harvester.model import Coded, Distribution, DraftDistribution, Kind, Note
from harvester.normalise import codes, dates, formats, languages, licences, names, sizes, texts, urls
from harvester.normalise.dates import Order
from harvester.normalise.identity import digest, slug
from harvester.normalise.markdown import terms
from harvester.normalise.notes import Notes
from harvester.normalise.text import missing

_ORDER: dict[Kind, int] = {"data": 0, "service": 1, "page": 2}


class _Found(NamedTuple):
    """A distribution, with what repairing it left to note."""

    distribution: Distribution
    notes: tuple[Note, ...]


def clean(
    drafts: tuple[DraftDistribution, ...], language: str, order: Order, notes: Notes
) -> tuple[tuple[Distribution, ...], dict[int, int]]:
    """The distributions in canonical order, and where each of the draft's now stands.

    One without any address is nothing that a reader could use, and is left out with a note. The same
    address in the same format twice is one distribution, the one that says more.
    """
    found: dict[tuple[str, str], _Found] = {}
    same: dict[int, tuple[str, str]] = {}
    for number, draft in enumerate(drafts):
        own = Notes()
        read = _one(draft, language, order, own)
        if read is None:
            _note_left_out(draft, own, notes)
            continue
        distribution, address = read
        same[number] = key = (address, _word(distribution.format))
        rival = found.get(key)
        if rival is None or _says(distribution) > _says(rival.distribution):
            found[key] = _Found(distribution, own.all())
    ranked = sorted(found.items(), key=lambda item: _rank(item[1].distribution, item[0]))
    places = {key: place for place, (key, _) in enumerate(ranked)}
    for place, (_, each) in enumerate(ranked):
        for note in each.notes:
            notes.add(note.code, f"distributions.{place}.{note.field}", note.raw)
    return _unique(ranked), {number: places[key] for number, key in same.items()}


def _one(
    draft: DraftDistribution, language: str, order: Order, notes: Notes
) -> tuple[Distribution, str] | None:
    """The distribution and the key of its address; None where it has no address."""
    access = urls.clean(draft.access_url, "access_url", notes) if draft.access_url else None
    download = urls.clean(draft.download_url, "download_url", notes) if draft.download_url else None
    undecided = urls.clean(draft.url, "url", notes) if draft.url and not download else None
    url = download or undecided or access
    if url is None:
        return None
    address = formats.of_address(url)
    media_type = codes.media_type(draft.media_type)
    format_ = formats.clean(draft.format, draft.media_type, address)
    if undecided:
        if _is_file(address, media_type, format_):
            download = undecided
        else:
            access = access or undecided
    kind = _kind(format_, address, download, media_type)
    key = urls.key(url)
    distribution = Distribution(
        id=f"{_short(_word(format_) or kind)}-{digest(key)}",
        kind=kind,
        access_url=access,
        download_url=download,
        title=texts.titles(draft.title, language, "title", notes),
        description=texts.descriptions(draft.description, language, "description", notes),
        format=format_,
        media_type=media_type,
        byte_size=_size(draft.byte_size, notes) if draft.byte_size else None,
        checksum=_checksum(draft.checksum, notes) if draft.checksum else None,
        licence=licences.clean(draft.licence, "licence", notes)[0] if draft.licence else None,
        rights=terms(draft.rights) if draft.rights else None,
        issued=dates.clean(draft.issued, order, "issued", notes) if draft.issued else None,
        modified=dates.clean(draft.modified, order, "modified", notes) if draft.modified else None,
        languages=languages.tags(draft.languages, notes) if draft.languages else (),
        conforms_to=names.standards(draft.conforms_to) if draft.conforms_to else (),
    )
    return distribution, key


def _is_file(address: formats.Address, media_type: Coded | None, format_: Coded | None) -> bool:
    """Does the address of a format that does not tell files from pages lead to a file?

    Its ending, a known export path or a media type say so. A format alone does not: many a portal
    writes CSV on the page where one gets it.
    """
    if address.is_service or _kind_of(format_) == "service" or (format_ and format_.code == "html"):
        return False
    return address.is_file or (media_type is not None and media_type.code not in (None, "text/html"))


def _kind(
    format_: Coded | None, address: formats.Address, download: str | None, media_type: Coded | None
) -> Kind:
    if address.is_service or _kind_of(format_) == "service":
        return "service"
    if format_ and format_.code == "html":
        return "page"
    return "data" if download or format_ or media_type else "page"


def _kind_of(format_: Coded | None) -> str | None:
    return vocabularies.format(format_.code).kind if format_ and format_.code else None


def _size(text: str, notes: Notes) -> int | None:
    if missing(text):
        return None
    size = sizes.bytes_of(text)
    if size is None:
        notes.add("size-not-parsed", "byte_size", text)
    return size


def _checksum(text: str, notes: Notes) -> str | None:
    if missing(text):
        return None
    checksum = sizes.checksum(text)
    if checksum is None:
        notes.add("checksum-invalid", "checksum", text)
    return checksum


# ------------------------------------------------------------------------------ order and ids


def _note_left_out(draft: DraftDistribution, own: Notes, notes: Notes) -> None:
    for note in own.all():
        if note.code.startswith("url-"):
            notes.add(note.code, "distributions", note.raw)
    if not any(note.code == "url-invalid" for note in own.all()):
        notes.add(
            "distribution-no-url", "distributions", next(iter(draft.title.values()), draft.format or "")
        )


def _word(format_: Coded | None) -> str:
    return (format_.code or format_.raw.lower()) if format_ else ""


def _says(distribution: Distribution) -> tuple[bool, bool, int, list[tuple[str, str]]]:
    """How much a distribution says: of two for one address, the greater is kept."""
    words = sorted(distribution.title.items())
    known = distribution.byte_size is not None
    return (distribution.download_url is not None, known, sum(len(word) for _, word in words), words)


def _rank(distribution: Distribution, key: tuple[str, str]) -> tuple[int, str, str]:
    address, word = key
    return (_ORDER[distribution.kind], word or "~", address)


def _unique(ranked: list[tuple[tuple[str, str], _Found]]) -> tuple[Distribution, ...]:
    """The distributions, with a number behind an id that has been given already."""
    taken: dict[str, int] = {}
    results = []
    for _, (distribution, _notes) in ranked:
        number = taken[distribution.id] = taken.get(distribution.id, 0) + 1
        results.append(
            distribution if number == 1 else replace(distribution, id=f"{distribution.id}-{number}")
        )
    return tuple(results)


@lru_cache(maxsize=1024)
def _short(word: str) -> str:
    return slug(word, 20)
