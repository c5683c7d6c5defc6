"""Files of a page → datasets: which belong together, what they are called. Pure.

Several files are one dataset when they have the same name but for the ending, when they stand in
the same row, list item or paragraph and their own words do not tell them apart, or when their words
say no more than "CSV" or "2024" and they stand under the same heading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from harvester.feeds._pages import hints
from harvester.feeds._pages.html import folded
from harvester.feeds._web_page import words
from harvester.feeds._web_page.files import File, PageFiles

_NOTES = re.compile(
    r"\b(?:data dictionar(?:y|ies)|dictionary|metadata|readme|read me|documentation|user guide"
    r"|field descriptions|codebook"
    r"|dictionnaire|metadonnees|notice|mode d emploi|diccionario|metadatos|documentacion|guia)\b"
)
_PAPERS = re.compile(
    r"\b(?:agendas?|minutes|polic(?:y|ies)|terms|privacy|ordinances?|resolutions?|applications? form|forms?"
    r"|brochure|flyer|newsletter|press release|handbook|accessibility|guidelines?|instructions?|contract|rfp"
    r"|bids?|ordre du jour|proces verbal|deliberations?|arretes?|conditions|mentions legales|formulaires?"
    r"|reglement|bulletin municipal|lettre d information|plaquette|acta|actas|orden del dia|formularios?"
    r"|aviso legal|politica|reglamento|ordenanzas?|boletin|convocatoria)\b"
)
_OTHER = re.compile(
    r"(?:other|others|misc\w*|general|more|autres?|divers|otros?|otras|varios|more data|other data)"
)


class Group(Struct, frozen=True, kw_only=True):
    """The files of one dataset, with its title."""

    title: str
    files: tuple[File, ...]
    notes: tuple[File, ...] = ()  # dictionaries and the like: about the dataset, not of it
    description: str = ""
    keywords: tuple[str, ...] = ()  # headings above that say what kind of data this is


def groups(page: PageFiles) -> list[Group]:
    """The datasets of a page, in its order."""
    wanted = _wanted(page)
    notes = [file for file in wanted if file.kind == "document" and _NOTES.search(folded(_said(file)))]
    files = [file for file in wanted if file not in notes] or wanted
    notes = [file for file in notes if file not in files]
    sets = _Sets(len(files))
    first: dict[tuple[object, ...], int] = {}
    for number, file in enumerate(files):
        for mark in _marks(file):
            sets.join(first.setdefault(mark, number), number)
    joined: dict[int, list[File]] = {}
    for number, file in enumerate(files):
        joined.setdefault(sets.of(number), []).append(file)
    in_section = Counter(members[0].section.number for members in joined.values())
    return [
        _group(page, members, notes, in_section[members[0].section.number]) for members in joined.values()
    ]


def keys(found: Sequence[Group]) -> list[str]:
    """A key for each dataset: its files' name without years, so that next year's file keeps it.

    Where several datasets would share one, they have their whole name, then their title with it.
    """
    candidates = [
        (
            words.lasting(each.files[0].url) or folded(each.title).replace(" ", "-"),
            words.stem(each.files[0].url),
            f"{words.stem(each.files[0].url)}-{folded(each.title).replace(' ', '-')}",
            each.files[0].url,
        )
        for each in found
    ]
    depth = [0] * len(found)
    for _ in range(len(candidates[0]) - 1 if candidates else 0):
        chosen = [names[level] for names, level in zip(candidates, depth, strict=True)]
        often = Counter(chosen)
        depth = [level + (often[name] > 1) for name, level in zip(chosen, depth, strict=True)]
    return [names[level] for names, level in zip(candidates, depth, strict=True)]


# ------------------------------------------------------------------------------ which files


def _wanted(page: PageFiles) -> list[File]:
    """The files that a resident would call data.

    Papers (PDF, plain text) count where the page or a heading speaks of data, beside files of data in the
    same row, and where the page has nothing else; agendas, forms and the like never do.
    """
    data = [file for file in page.files if file.kind in ("data", "archive", "linked")]
    beside = {file.block for file in data if file.block and file.in_row}
    stems = {words.stem(file.url) for file in data}
    papers = [
        file
        for file in page.files
        if file.kind == "document"
        and (
            not _PAPERS.search(folded(f"{_said(file)} {file.section.heading}"))
            or words.stem(file.url) in stems
        )
        and (not data or page.is_about_data(file) or file.block in beside or words.stem(file.url) in stems)
    ]
    return [file for file in page.files if file in data or file in papers]


def _said(file: File) -> str:
    return f"{file.text} {words.humane(words.stem(file.url))}"


# ------------------------------------------------------------------------------ what belongs together


def _marks(file: File) -> Iterable[tuple[object, ...]]:
    """What files of one dataset have in common."""
    if not words.is_generic(words.stem(file.url)):
        yield "stem", words.stem(file.url)
    own = own_title(file)
    if file.in_row and file.label:
        yield "block", file.block
    elif own:
        yield "title", folded(own), file.section.number
    elif file.block and (file.label and not words.is_empty(file.label)):
        yield "block", file.block
    elif file.section.heading:
        yield "section", file.section.number
    elif file.block:
        yield "block", file.block


def own_title(file: File) -> str:
    """What the link's own words call the file; "" where they only say that there is one."""
    return "" if words.is_empty(file.text) else words.title(file.text)


class _Sets:
    """Numbers that are joined to sets; the lowest names its set."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def of(self, number: int) -> int:
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.of(one), self.of(other)))
        self._above[high] = low


# ------------------------------------------------------------------------------ titles


def _group(page: PageFiles, files: list[File], notes: list[File], neighbours: int) -> Group:
    own = [title for file in files if (title := own_title(file))]
    label = next((each.label for each in files if each.label and not words.is_empty(each.label)), "")
    heading = next((each.section.heading for each in files if each.section.heading), "")
    in_row = any(file.in_row for file in files)
    if in_row and label:
        title = words.title(label)
    elif own:
        title = _common(own)
    elif label:
        title = words.title(label)
    elif heading and heading != page.title:
        title = words.title(heading) or heading
    elif not words.is_generic(words.stem(files[0].url)):
        title = words.humane(words.stem(files[0].url))
    else:
        title = heading or page.title or words.humane(urlsplit(files[0].url).path.rpartition("/")[2])
    paragraph = page.paragraphs.get(files[0].section.number, "")
    about = next((each.words_after for each in files if len(each.words_after) >= 20), "")
    if not about and not own and not in_row and label and len(label) > len(title) + 20:
        about = label
    if not about and (neighbours == 1 or (not own and not label)):
        about = paragraph
    return Group(
        title=title[:300],
        files=tuple(files),
        notes=tuple(each for each in notes if _is_about(each, files, neighbours)),
        description="" if folded(about) == folded(title) else about,
        keywords=_keywords(page, files[0], title),
    )


def _keywords(page: PageFiles, file: File, title: str) -> tuple[str, ...]:
    """Headings such as "Transport"; not those of the page as a whole, and none that all data could have."""
    others = (folded(page.title), folded(title))
    return tuple(
        each
        for each in dict.fromkeys(file.section.headings)
        if folded(each) not in others
        and len(each) <= 60
        and not words.is_empty(each)
        and not hints.promise(each)
        and not _OTHER.fullmatch(folded(each))
    )


def _common(titles: Sequence[str]) -> str:
    """The title that most links have; of several the first."""
    return Counter(titles).most_common(1)[0][0]


def _is_about(note: File, files: Sequence[File], neighbours: int) -> bool:
    """Is this dictionary about these files? It is in their row, or alone with them under a heading."""
    if note.block and any(note.block == file.block for file in files):
        return True
    return neighbours == 1 and note.section.number == files[0].section.number
