"""Records as portals really give them, and worse: one list for all outputs."""

from __future__ import annotations

from harvester.model import (
    Agent,
    CatalogRecord,
    Catalogue,
    Coded,
    Config,
    Contact,
    Date,
    Finding,
    Note,
    Period,
    Place,
)
from tests import make

NASTY = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","here")',
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r\n=1+1",
    "nul \x00 bell \x07 vt \x0b escape \x1b del \x7f",
    "half a pair \ud83d and the other half \udc00",
    "right to left \u202e override, מים, ماء",
    'quote " apostrophe \' backslash \\ triple """ \\u0022',
    "]]> &amp; &nbsp; <![CDATA[ <!-- -->",
    "\ufeffbyte-order mark, \ufffe and \uffff are no characters",
    "line\r\nbreaks\rof\nall\u2028kinds",
    "{{description}}",
    "😀 𝒜 é é",
    "a;b|c,d",
    "x" * 100_000,
    "'already quoted",
    '{"@id": "http://evil.example/"}',
    "_:b0",
    "@type",
)
"""What stands in titles, names and every other field."""

ADDRESSES = (
    "https://data.elmford.example/a file.csv",
    "https://data.elmford.example/100%.csv?q=[1]&r={x}|y",
    'https://data.elmford.example/quote"<b>.csv',
    "https://data.elmford.example/päge/ñ?ü=é#ß",
    "https://data.elmford.example/#one#two",
    "https://data.elmford.example/\ud83d\x00\u202e",
    "http://[bad/host",
    "http://",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://one.example/https://two.example/ ",
    "not an address",
    "",
    "ftp://ftp.elmford.example/pub/",
    "HTTPS://DATA.Elmford.Example/Upper",
    "https://data.elmford.example:99999999/",
    "https://elmvalley.example/dataset/street-trees-000001/",
    "_:blank",
)
"""What stands where an address is due."""

TAGS = ("en", "fr-CA", "und", "", "e", "en_US", "x-klingon", "not a language", "12", "de\x00", "\ud800")
"""What stands where a language is due."""


def plain(count: int = 3) -> list[CatalogRecord]:
    """Records with nothing wrong in them; they differ in how much they say."""
    full = make.record(
        1,
        uri="https://data.elmford.example/id/tree-1",
        identifiers=("tree-1", "https://doi.org/10.1234/trees"),
        title={"en": "Street trees", "fr": "Arbres de rue"},
        description={"en": "Every tree.", "fr": "Chaque arbre."},
        landing_page="https://www.elmford.example/trees",
        rights="Say where it comes from.",
        access_rights=Coded(code="PUBLIC", raw="public"),
        temporal=(Period(start="2019", end="2024-06", raw="2019/2024-06"),),
        conforms_to=("https://schema.example/trees",),
        documentation=("https://www.elmford.example/trees/manual.pdf",),
        data_dictionary=("https://www.elmford.example/trees/fields.html",),
        version="3",
        publisher=Agent(
            id="parks-department",
            name={"en": "Parks Department"},
            url="https://www.elmford.example/parks",
            email="parks@elmford.example",
            parent="Town of Elmford",
        ),
        contacts=(
            Contact(
                name="Parks desk",
                email="parks@elmford.example",
                phone="+1 555 0100",
                url="https://www.elmford.example/parks/ask",
            ),
        ),
        distributions=(
            make.distribution(
                "csv",
                access_url="https://data.elmford.example/dataset/tree-1",
                checksum="sha256:" + "ab" * 32,
                issued=Date(value="2019-02-03", raw="2019-02-03"),
                modified=Date(value="2026-03-14T12:30:00Z", raw="2026-03-14T12:30:00Z"),
            ),
            make.distribution(
                "wms",
                kind="service",
                download_url=None,
                access_url="https://maps.elmford.example/wms?",
                title={"en": "Map"},
                format=Coded(code="wms", raw="WMS"),
                media_type=None,
                byte_size=None,
                licence=Coded(code="ODbL-1.0", raw="odbl"),
            ),
        ),
    )
    bare = make.record(
        2,
        description={},
        keywords=(),
        themes=(),
        topics=(),
        contacts=(),
        page=None,
        licence=None,
        issued=None,
        modified=None,
        frequency=None,
        languages=(),
        spatial=(),
        distributions=(),
    )
    return [full, bare, *(make.record(number) for number in range(3, count + 1))]


def hostile() -> list[CatalogRecord]:
    """Some fifty records, in each of which something is wrong."""
    numbers = iter(range(100, 1000))
    records = [
        make.record(
            next(numbers),
            key=nasty,
            identifiers=(nasty, "other"),
            title={"en": nasty},
            description={"en": nasty, "fr": nasty},
            keywords=(("en", nasty), ("", nasty), ("en", nasty)),
            themes=(Coded(code=None, raw=nasty),),
            publisher=Agent(id="parks-department", name={"en": nasty}, parent=nasty, email=nasty, url=nasty),
            contacts=(
                Contact(name=nasty, email=nasty, phone=nasty, url=nasty),
                Contact(),
                Contact(name=nasty, email="desk@elmford.example"),
            ),
            licence=Coded(code=None, raw=nasty),
            rights=nasty,
            access_rights=Coded(code=None, raw=nasty),
            issued=Date(value=None, raw=nasty),
            frequency=Coded(code=None, raw=nasty),
            languages=(nasty,),
            spatial=(Place(label=nasty, raw=nasty),),
            temporal=(Period(raw=nasty), Period(start="2020", raw=nasty)),
            conforms_to=(nasty,),
            documentation=(nasty,),
            in_series=(nasty,),
            version=nasty,
            status=nasty,
            extra={"owner": "SECRET-ACCOUNT"},
            notes=(Note(code="licence-unknown", field="licence", raw="SECRET-ACCOUNT"),),
            findings=(
                Finding(
                    code="licence-unknown",
                    severity="warning",
                    source="elmford",
                    field="licence",
                    raw="SECRET-ACCOUNT",
                ),
            ),
            distributions=(
                make.distribution(
                    "d",
                    title={"en": nasty},
                    description={"": nasty},
                    format=Coded(code=None, raw=nasty),
                    media_type=Coded(code=None, raw=nasty),
                    checksum=nasty,
                    licence=Coded(code=None, raw=nasty),
                    rights=nasty,
                ),
            ),
        )
        for nasty in NASTY
    ]
    records += [
        make.record(
            next(numbers),
            uri=address,
            page=address,
            landing_page=address,
            documentation=(address,),
            conforms_to=(address,),
            data_dictionary=(address,),
            provenance=(address,),
            in_series=(address, "tree-100"),
            licence=Coded(code=None, raw=address),
            publisher=Agent(id="", name={"en": "Nobody"}, url=address),
            contacts=(Contact(url=address),),
            spatial=(Place(label="Here", uri=address, bbox=(1.0, 2.0, 3.0, 4.0), raw=""),),
            distributions=(
                make.distribution("access", access_url=address, download_url=None),
                make.distribution("download", access_url=None, download_url=address, media_type=None),
            ),
        )
        for address in ADDRESSES
    ]
    records += [
        make.record(
            next(numbers),
            title={tag: "Trees"},
            description={tag: "Trees"},
            keywords=((tag, "trees"),),
            languages=(tag,),
        )
        for tag in TAGS
    ]
    same = "https://data.elmford.example/id/shared"
    records += [
        make.record(next(numbers), uri=same, first_seen="2026-02-01"),
        make.record(next(numbers), uri=same, first_seen="2026-01-01"),
        make.record(next(numbers), title={}, publisher=Agent(name={})),
        make.record(next(numbers), title={"en": "300.21"}, description={"en": " \x00 "}),
        make.record(
            next(numbers),
            distributions=(make.distribution(byte_size=2**70), make.distribution("b", byte_size=0)),
            spatial=(Place(bbox=(float("nan"), 0.0, float("inf"), 1.0), raw="NaN"),),
        ),
        make.record(next(numbers), licence=Coded(code="OTHER-OPEN", raw="other-open")),
        make.record(next(numbers), frequency=Coded(code="IRREG", raw="now and then")),
        make.record(next(numbers), themes=(Coded(code="NOT-A-CODE", raw="Things"),), topics=("NOT-A-CODE",)),
    ]
    return records


def catalogue(*records: CatalogRecord, **about: object) -> Catalogue:
    """A catalogue of these records with two sources, one of which has a contact."""
    sources = (make.source(), make.source("oakham", contact="data@oakham.example", language="fr"))
    return make.catalogue(*records, config=config(*sources, **about))


def config(*sources: object, **about: object) -> Config:
    return make.config(*(sources or (make.source(),)), **{"languages": ("en", "fr"), **about})  # type: ignore[arg-type]
