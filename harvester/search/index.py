"""A Whoosh index of the catalogue, written aside and swapped in, and the search in it.

Each catalogue language has its own fields with its own stemmer, so that "arbres" finds "arbre" and
"buses" finds "bus". Text of an unknown or another language is indexed with the first language's.
Accents are folded on both sides. A query asks for all of its words; where that finds nothing,
misspelt words are forgiven: one wrong letter from four letters on, two from six on.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from whoosh import analysis, fields, index, query, scoring
from whoosh.lang import has_stemmer
from whoosh.support.charset import accent_map

from harvester.errors import HarvesterError, PublishError
from harvester.model import N_, CatalogRecord, Catalogue, Text
from harvester.publish import swap

WEIGHTS = {"title": 6.0, "keywords": 3.0, "publisher": 2.0, "description": 1.0}
"""The indexed fields, and how much a hit in each counts."""

_ONE_TYPO_FROM, _TWO_TYPOS_FROM = 4, 6  # letters of the stem
_MEMORY_MB = 256  # for Whoosh's postings before it writes a segment


class Hit(Struct, frozen=True):
    """A dataset that was found."""

    id: str
    title: str
    source: str
    publisher: str
    score: float


def build(catalogue: Catalogue, folder: Path) -> None:
    """Index the catalogue into `folder`; a former index gives way when the new one is whole.

    Raises `PublishError` where the disk is full or the folder cannot be written.
    """
    try:
        _build(catalogue, folder)
    except OSError as error:
        raise PublishError(
            str(folder),
            N_("The search index cannot be written ({reason})."),
            N_("Check the folder's rights and the free space."),
            reason=error.strerror or str(error),
        ) from error


def _build(catalogue: Catalogue, folder: Path) -> None:
    languages = catalogue.config.catalogue.languages
    aside = folder.with_name(folder.name + ".new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    writer = index.create_in(aside, _schema(languages)).writer(limitmb=_MEMORY_MB)
    for record in catalogue.records:
        writer.add_document(**_document(record, languages))
    writer.commit(optimize=True)
    swap(aside, folder)


def search(folder: Path, words: str, most: int = 20) -> list[Hit]:
    """The datasets that hold all the words, the best first; with typos forgiven where none does.

    Raises `HarvesterError` when there is no index yet.
    """
    if not index.exists_in(folder):
        raise HarvesterError(str(folder), N_("There is no search index yet."), N_("Run: harvester build"))
    opened = index.open_dir(folder)
    with opened.searcher(weighting=scoring.BM25F()) as searcher:
        for forgiving in (False, True):
            hits = searcher.search(_query(opened.schema, words, forgiving), limit=most)
            if len(hits):
                return [
                    Hit(hit["id"], hit["shown"], hit["source"], hit["shown_publisher"], round(hit.score, 3))
                    for hit in hits
                ]
    return []


def _schema(languages: Iterable[str]) -> fields.Schema:
    schema = fields.Schema(
        id=fields.ID(stored=True, unique=True),
        source=fields.STORED,
        shown=fields.STORED,
        shown_publisher=fields.STORED,
    )
    for language in languages:
        analyzer = _analyzer(language)
        for name in WEIGHTS:
            schema.add(f"{name}_{_tag(language)}", fields.TEXT(analyzer=analyzer, phrase=False))
    return schema


def _tag(language: str) -> str:
    return language.lower().replace("-", "_")


def _analyzer(language: str) -> analysis.Analyzer:
    folded = analysis.RegexTokenizer() | analysis.LowercaseFilter() | analysis.CharsetFilter(accent_map)
    base = language.split("-")[0].lower()
    return folded | analysis.StemFilter(lang=base, cachesize=50_000) if has_stemmer(base) else folded


def _document(record: CatalogRecord, languages: tuple[str, ...]) -> dict[str, str]:
    dataset = record.dataset
    document = {
        "id": dataset.id,
        "source": dataset.source,
        "shown": _first(dataset.title, languages),
        "shown_publisher": _first(dataset.publisher.name, languages),
    }
    keywords: Text = {}
    for tag, word in dataset.keywords:
        keywords[tag] = f"{keywords.get(tag, '')} {word}"
    for name, text in (
        ("title", dataset.title),
        ("keywords", keywords),
        ("publisher", dataset.publisher.name),
        ("description", dataset.description),
    ):
        for tag, words in text.items():
            field = f"{name}_{_tag(_language_of(tag, languages))}"
            document[field] = f"{document.get(field, '')} {words}".strip()
    return document


def _first(text: Text, languages: tuple[str, ...]) -> str:
    return next((text[tag] for tag in languages if tag in text), next(iter(text.values()), ""))


def _language_of(tag: str, languages: tuple[str, ...]) -> str:
    """The catalogue language whose stemmer suits a text of this tag."""
    base = tag.split("-")[0].lower()
    return next((each for each in languages if each.split("-")[0].lower() == base), languages[0])


def _query(schema: fields.Schema, words: str, forgiving: bool) -> query.Query:
    """All words, each in any field of any language."""
    return query.And([_word(schema, word, forgiving) for word in words.split()]).normalize()


def _word(schema: fields.Schema, word: str, forgiving: bool) -> query.Query:
    terms: list[query.Query] = []
    for name, field in schema.items():
        weight = WEIGHTS.get(name.rsplit("_", name.count("_"))[0])
        if weight is None:
            continue
        for term in field.process_text(word, mode="query"):
            typos = 2 if len(term) >= _TWO_TYPOS_FROM else 1 if len(term) >= _ONE_TYPO_FROM else 0
            if forgiving and typos:
                terms.append(query.FuzzyTerm(name, term, boost=weight, maxdist=typos, prefixlength=1))
            else:
                terms.append(query.Term(name, term, boost=weight))
    return query.Or(terms)
