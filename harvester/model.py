"""The nouns, and nothing else: frozen, typed, without IO.

Names are those of DCAT 3 where DCAT has one. Two rules hold everywhere:

* **Text carries its language.** `Text` maps a BCP 47 tag to the words in that language; the tag
  is `"und"` where neither the portal nor its entry in `sources.yaml` says which language it is.
* **The raw value is kept.** A value that had to be understood (`Coded`, `Date`, `Place`, `Period`)
  holds what we understood *and* what the source wrote; not understood is `None`, never a guess.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

Text = dict[str, str]
"""Words by language: BCP 47 tag → text."""

Level = Literal["national", "state", "region", "county", "municipality", "agency"]
Severity = Literal["error", "warning", "info"]
Outcome = Literal["fresh", "unchanged", "partial", "empty", "suspicious", "failed"]
Kind = Literal["data", "service", "page"]
Reason = Literal["address", "publisher", "place"]


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark an English message for the translators; it is translated where it is shown."""
    return message


# ------------------------------------------------------------------------------ configuration


class CatalogueConfig(Struct, frozen=True, kw_only=True):
    """The `catalogue:` block of sources.yaml: what this region's catalogue calls itself."""

    title: Text
    url: str  # where the site will stand, without a final slash
    description: Text = {}
    languages: tuple[str, ...] = ("en",)  # the first has its tree at the root of the site
    contact: str | None = None  # a mail address
    bbox: tuple[float, float, float, float] | None = None  # west, south, east, north, in degrees
    footer: Text = {}
    issues_url: str | None = None  # where to report a problem


class Source(Struct, frozen=True, kw_only=True):
    """An entry of sources.yaml: a portal, a feed or a file."""

    id: str
    url: str  # http(s) address; for a file the path as it was written
    name: str
    level: Level | None = None
    type: str | None = None  # a feed's name; None: found out by looking
    contact: str | None = None  # a mail address: who can mend this source
    licence: str | None = None  # for datasets that state none
    language: str | None = None  # BCP 47, for text that states none
    enabled: bool = True
    allow_private: bool = False  # may loopback and private addresses be reached?
    settings: dict[str, Any] = {}  # for this source's feed
    path: Path | None = None  # the absolute path, when the source is a file


class Config(Struct, frozen=True, kw_only=True):
    """The whole of sources.yaml, checked."""

    catalogue: CatalogueConfig
    sources: tuple[Source, ...]
    folder: Path  # where sources.yaml stands: overrides of templates and profiles lie beside it
    profile: Path | None = None  # a profile of the region's own; None: the one we ship


# ------------------------------------------------------------------------------ trouble


class Problem(Struct, frozen=True, kw_only=True):
    """A known trouble, told to a person in one line: *where: what. remedy.*

    `what` and `remedy` are English messages marked with `N_`, with `{name}` places that `values`
    fills, so that the site can say them in its visitor's language.
    """

    where: str
    what: str
    remedy: str = ""
    values: dict[str, str] = {}
    partial: bool = False  # more than one record may be missing because of it

    def __str__(self) -> str:
        told = " ".join(part.format(**self.values) for part in (self.what, self.remedy) if part)
        return f"{self.where}: {told}"


class Note(Struct, frozen=True, kw_only=True):
    """What reading or normalising one record had to change or could not understand.

    `code` names an entry under `notes:` of the profile, which gives it words; `field` is a path in the
    record, as in `distributions.2.download_url`; `raw` is what the source wrote, cut to 200 characters.
    """

    code: str
    field: str
    raw: str = ""


class Finding(Struct, frozen=True, kw_only=True):
    """One problem found in what a source publishes, at its dataset and field."""

    code: str
    severity: Severity
    source: str  # a source's id
    dataset: str | None = None  # a dataset's id; None: the trouble is the whole source's
    field: str | None = None
    raw: str = ""


# ------------------------------------------------------------------------------ drafts


class DraftAgent(Struct, frozen=True, kw_only=True):
    """A publishing body, as the portal names it."""

    name: Text = {}
    url: str | None = None
    email: str | None = None
    parent: str | None = None  # the name of the body that this one is part of


class DraftContact(Struct, frozen=True, kw_only=True):
    """Whom the portal names for questions; an office or a role, never an account."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    url: str | None = None


class DraftPlace(Struct, frozen=True, kw_only=True):
    """Where a dataset is about. A feed fills what its format distinguishes, else `text`."""

    text: str | None = None  # undifferentiated: a name, "W,S,E,N", WKT, GeoJSON, ENVELOPE(…)
    label: str | None = None
    uri: str | None = None
    bbox: str | None = None  # always "west,south,east,north"
    geometry: str | None = None  # GeoJSON or WKT


class DraftPeriod(Struct, frozen=True, kw_only=True):
    """The time that a dataset is about. A feed fills what its format distinguishes, else `text`."""

    start: str | None = None
    end: str | None = None
    text: str | None = None  # undifferentiated: "2019/2020", "R/P1Y", "the nineties"


class DraftDistribution(Struct, frozen=True, kw_only=True):
    """A file or service, in the portal's own words.

    A feed whose format does not tell files from pages and services (CKAN's `url`) fills `url`;
    one whose format does fills `access_url` and `download_url`.
    """

    key: str | None = None
    url: str | None = None
    access_url: str | None = None
    download_url: str | None = None
    title: Text = {}
    description: Text = {}
    format: str | None = None
    media_type: str | None = None
    byte_size: str | None = None
    checksum: str | None = None  # "algorithm:value", or the bare value
    licence: str | None = None
    rights: str | None = None
    issued: str | None = None
    modified: str | None = None
    languages: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()


class Draft(Struct, frozen=True, kw_only=True):
    """A dataset in the portal's own words: strings as they came, nothing judged, nothing lost.

    Relative addresses are already resolved against the document they came from (only the feed
    knows it). Account names of individuals (CKAN's `author` and `creator_user_id`, a hub's
    `owner`) never enter a draft.
    """

    key: str | None = None  # the platform's own key: CKAN's id, an ArcGIS item, an RDF subject
    identifiers: tuple[str, ...] = ()  # all other identifiers, the canonical one first
    uri: str | None = None  # the dataset's own IRI, when the source gave it one
    title: Text = {}  # the tag is "" where the source does not say the language
    description: Text = {}
    keywords: tuple[tuple[str, str], ...] = ()  # (language tag or "", word)
    themes: tuple[str, ...] = ()
    publisher: DraftAgent | None = None
    contacts: tuple[DraftContact, ...] = ()
    page: str | None = None  # the record's own page on the portal
    landing_page: str | None = None  # the page that the publisher names
    licence: str | None = None
    rights: str | None = None
    access_rights: str | None = None
    issued: str | None = None
    modified: str | None = None
    frequency: str | None = None
    languages: tuple[str, ...] = ()
    spatial: tuple[DraftPlace, ...] = ()
    temporal: tuple[DraftPeriod, ...] = ()
    conforms_to: tuple[str, ...] = ()
    documentation: tuple[str, ...] = ()
    data_dictionary: tuple[str, ...] = ()
    in_series: tuple[str, ...] = ()
    version: str | None = None
    status: str | None = None
    provenance: tuple[str, ...] = ()  # addresses of the catalogues that it came through
    distributions: tuple[DraftDistribution, ...] = ()
    unread: dict[str, str] = {}  # fields that the feed has no place for: name → value as text
    notes: tuple[Note, ...] = ()  # what reading this record had to repair


class Announced(Struct, frozen=True):
    """How many datasets the portal itself says that its feed holds."""

    total: int


Item = Draft | Problem | Announced
"""What a feed's `read` yields. A `Problem` is a record or page that could not be read: the rest goes on."""


# ------------------------------------------------------------------------------ the record


class Coded(Struct, frozen=True, kw_only=True):
    """A value of one of our code lists: `code` is the list's key, or None when not recognised."""

    code: str | None
    raw: str


class Date(Struct, frozen=True, kw_only=True):
    """A date in the precision in which it was given.

    `value` is `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ssZ` (UTC).
    """

    value: str | None
    raw: str


class Agent(Struct, frozen=True, kw_only=True):
    """A publisher. `id` is given once, by the store, and is the address of its page."""

    id: str = ""
    name: Text
    url: str | None = None
    email: str | None = None
    parent: str | None = None


class Contact(Struct, frozen=True, kw_only=True):
    """Whom to ask about a dataset."""

    name: str | None = None
    email: str | None = None  # without "mailto:"; None where it is no address
    phone: str | None = None
    url: str | None = None
    raw_email: str | None = None  # what the source wrote, where that differs


class Place(Struct, frozen=True, kw_only=True):
    """A place that a dataset is about: a name, an address of one, a box, or several of these."""

    label: str | None = None
    uri: str | None = None
    bbox: tuple[float, float, float, float] | None = None  # west, south, east, north, in degrees
    raw: str


class Period(Struct, frozen=True, kw_only=True):
    """A time that a dataset is about."""

    start: str | None = None  # as Date.value
    end: str | None = None  # None: open
    raw: str


class Distribution(Struct, frozen=True, kw_only=True):
    """A file or a service. At least one of the two addresses is there, or the note says why not."""

    id: str  # unique within its dataset, stable while its address is
    kind: Kind
    access_url: str | None = None
    download_url: str | None = None
    title: Text = {}
    description: Text = {}
    format: Coded | None = None
    media_type: Coded | None = None
    byte_size: int | None = None
    checksum: str | None = None  # "sha256:…", "md5:…", "sha1:…"
    licence: Coded | None = None
    rights: str | None = None
    issued: Date | None = None
    modified: Date | None = None
    languages: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()

    @property
    def url(self) -> str | None:
        """The address to offer: the file where there is one, else where to get it."""
        return self.download_url or self.access_url


class Dataset(Struct, frozen=True, kw_only=True):
    """A dataset in our terms (DCAT 3), independent of which feed it came by.

    Set-like lists (keywords, themes, languages, distributions by address) stand in a canonical
    order, so that a portal which shuffles them has not changed anything.
    """

    id: str = ""  # address of its page; empty until `changes` has given it, once and for ever
    source: str  # the id of the source that it came from
    key: str  # the record's key within the source, see `normalise.identity`
    identifiers: tuple[str, ...] = ()
    uri: str | None = None
    title: Text
    description: Text = {}  # Markdown
    keywords: tuple[tuple[str, str], ...] = ()  # (language tag, word)
    themes: tuple[Coded, ...] = ()  # EU data-theme codes
    topics: tuple[str, ...] = ()  # theme codes to browse by: the stated ones, else read from the keywords
    publisher: Agent
    contacts: tuple[Contact, ...] = ()
    page: str | None = None
    landing_page: str | None = None
    licence: Coded | None = None
    rights: str | None = None
    access_rights: Coded | None = None
    issued: Date | None = None
    modified: Date | None = None
    frequency: Coded | None = None
    languages: tuple[str, ...] = ()  # BCP 47
    spatial: tuple[Place, ...] = ()
    temporal: tuple[Period, ...] = ()
    conforms_to: tuple[str, ...] = ()
    documentation: tuple[str, ...] = ()
    data_dictionary: tuple[str, ...] = ()
    in_series: tuple[str, ...] = ()
    version: str | None = None
    status: str | None = None
    provenance: tuple[str, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    extra: dict[str, str] = {}
    notes: tuple[Note, ...] = ()


# ------------------------------------------------------------------------------ harvests


class Harvest(Struct, frozen=True, kw_only=True):
    """What one visit to one source gave."""

    source: str
    outcome: Outcome
    started: str  # YYYY-MM-DDThh:mm:ssZ
    seconds: float = 0.0
    datasets: int = 0  # that the catalogue holds of this source after this visit
    announced: int | None = None  # that the portal says it holds
    added: int = 0
    changed: int = 0
    removed: int = 0  # withdrawn for good
    missing: int = 0  # no longer listed, and still shown until their grace time is over
    renamed: int = 0  # came under another key than before, and were recognised by other evidence
    requests: int = 0
    bytes: int = 0  # received, as they came over the wire
    problem: Problem | None = None  # why it is not simply fresh
    skipped: int = 0  # records and pages that were left out
    left_out: tuple[Problem, ...] = ()  # the first of them, each with its reason


Event = Literal["added", "changed", "missing", "withdrawn", "returned"]


class FieldChange(Struct, frozen=True, array_like=True):
    """That a field of a dataset changed, and from what to what: JSON, cut where it is long."""

    field: str
    before: str | None
    after: str | None


class HistoryEntry(Struct, frozen=True, kw_only=True):
    """Something that happened to a dataset."""

    day: str  # YYYY-MM-DD
    event: Event
    dataset: str
    source: str
    title: Text  # as it is now
    fields: tuple[FieldChange, ...] = ()


# ------------------------------------------------------------------------------ the catalogue


class Listing(Struct, frozen=True, kw_only=True):
    """One more appearance of a dataset, in another source than its origin."""

    source: str  # a source's id
    dataset: str  # the id that the dataset was given when it was first seen there; an alias now
    page: str | None = None  # the record's own page on that portal


class CatalogRecord(Struct, frozen=True, kw_only=True):
    """DCAT's CatalogRecord: a dataset as our catalogue holds it, as its origin describes it."""

    dataset: Dataset
    first_seen: str  # YYYY-MM-DD
    changed: str  # YYYY-MM-DD: the last night on which the record was another than before
    missing: str | None = None  # YYYY-MM-DD: since then its source no longer lists it
    findings: tuple[Finding, ...] = ()
    listings: tuple[Listing, ...] = ()  # where else it is listed, in the order of sources.yaml


class PossibleDuplicate(Struct, frozen=True, kw_only=True):
    """Two datasets that a person might find to be one; the program does not join them."""

    first: str  # ids, the smaller one first
    second: str
    reason: Reason  # what they share, the last two beside their title


class SourceRecord(Struct, frozen=True, kw_only=True):
    """A source as the catalogue shows it: the entry, its last visits and what to mend."""

    source: Source
    feed: str | None  # the feed type in use, detected or written
    feed_url: str | None = None  # where it was found, where that is not the source's own address
    harvests: tuple[Harvest, ...] = ()  # the newest first
    last_good: str | None = None  # when the last fresh or unchanged harvest began
    stale_since: str | None = None  # when the first harvest after that began; None: the newest is good
    findings: tuple[Finding, ...] = ()  # of the source as a whole
    problems: tuple[Problem, ...] = ()  # what building the catalogue found wrong with it


class Catalogue(Struct, frozen=True, kw_only=True):
    """What the site, the search and all other outputs are built from: the store at one moment.

    A dataset that several sources list is one record, its origin's; what the others say of it stands in
    `listed`, for their own reports.
    """

    config: Config
    records: tuple[CatalogRecord, ...]  # in the order of their ids
    sources: tuple[SourceRecord, ...]  # in the order of sources.yaml
    as_of: str  # when the newest harvest began; the only "now" that the build half knows
    listed: tuple[CatalogRecord, ...] = ()  # the other listings' own records, in the order of their ids
    aliases: dict[str, str] = {}  # an id whose page is a redirect → the id of the dataset that it leads to
    duplicates: tuple[PossibleDuplicate, ...] = ()  # in the order of their ids
    withdrawn: tuple[CatalogRecord, ...] = ()  # no longer listed for longer than the grace time, by id
