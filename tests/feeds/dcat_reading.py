"""What the tests of the DCAT feed share: a document in, its drafts and problems out."""

from __future__ import annotations

from pathlib import Path

from harvester.document import Document
from harvester.feeds import dcat
from harvester.model import Announced, Draft, Problem
from tests import make
from tests.feeds.web import Answer, Web, web

FIXTURES = Path(__file__).parent / "fixtures_dcat"
URL = "https://data.elmford.example/dir/catalog"

TURTLE = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""
RDF_XML = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
  xmlns:dct="http://purl.org/dc/terms/" xmlns:foaf="http://xmlns.com/foaf/0.1/">
"""


class Read:
    """What reading a source gave."""

    def __init__(self, get: Web, url: str = URL, **source: object) -> None:
        self.items = list(dcat.read(make.source(url=url, **source), get))
        self.drafts = [item for item in self.items if isinstance(item, Draft)]
        self.problems = [item for item in self.items if isinstance(item, Problem)]
        self.announced = [item.total for item in self.items if isinstance(item, Announced)]

    @property
    def titles(self) -> list[str]:
        return [next(iter(draft.title.values()), "") for draft in self.drafts]


def read(content: str | bytes, url: str = URL) -> Read:
    """One document, as the whole of a portal."""
    return Read(web({url: content}), url)


def read_pages(pages: dict[str, Answer]) -> Read:
    """Several documents; the first is the source's."""
    return Read(web(pages), next(iter(pages)))


def only(content: str | bytes, url: str = URL) -> Draft:
    """The draft of a document that holds one."""
    found = read(content, url)
    assert len(found.drafts) == 1, found.items
    return found.drafts[0]


def turtle(body: str) -> str:
    return TURTLE + body


def rdf_xml(body: str) -> str:
    return f"{RDF_XML}{body}\n</rdf:RDF>"


def dataset(said: str) -> str:
    """Turtle of one dataset that says `said`."""
    return turtle(f'<https://data.elmford.example/d/1> a dcat:Dataset ; dct:title "Trees" ; {said} .')


def document(content: str | bytes, **changes: object) -> Document:
    body = content.encode() if isinstance(content, str) else content
    return Document(**{"url": URL, "body": body, **changes})  # type: ignore[arg-type]
