"""How a source does: its last harvests in words, and what its people could mend.

What could be mended changes with the datasets (`source_view`), how visits went every night (`visited`).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from harvester.model import CatalogRecord, Catalogue, Finding, Harvest, Problem, Reason, SourceRecord
from harvester.site import markup, views, words
from harvester.site.addresses import dataset as dataset_path
from harvester.site.mending import Mend
from harvester.site.tree import Tree
from harvester.site.voice import Link, Words, mail_link, safe_link

Twins = tuple[CatalogRecord, CatalogRecord, Reason]
"""Two datasets that may be one, and what they share."""

MOST_EXAMPLES = 5
MOST_LEFT_OUT = 100
MOST_PAIRS = 50


class Example(Struct, frozen=True):
    """A dataset that has a finding."""

    dataset: Link
    raw: str


class Fault(Struct, frozen=True):
    """A kind of finding in one source: how often, and the first examples."""

    mend: Mend
    count: int
    examples: tuple[Example, ...]


class Visit(Struct, frozen=True):
    """A harvest in words."""

    when: str
    said: str
    problem: str
    datasets: int
    added: int
    changed: int
    removed: int
    renamed: int
    announced: int | None
    left_out: tuple[str, ...]
    more_left_out: int
    troubled: bool


class Pair(Struct, frozen=True):
    """Two datasets that may be one."""

    first: Link
    second: Link
    why: str


class SourceView(Struct, frozen=True):
    """What a source's page says of it beside its datasets."""

    address: str
    href: str | None
    email: str | None
    mail: str  # the link to write to that address
    level: str
    visits: tuple[Visit, ...]
    last_good: str
    faults: tuple[Fault, ...]
    problems: tuple[str, ...]  # what building the catalogue found wrong with it
    pairs: tuple[Pair, ...]
    more_pairs: int


class Found(Struct):
    """The findings of one code in one source, while they are counted."""

    count: int = 0
    first: list[tuple[Finding, CatalogRecord | None]] = []


def findings(catalogue: Catalogue) -> dict[str, dict[str, Found]]:
    """Source → code → its findings, of the source itself and of its datasets."""
    found: dict[str, dict[str, Found]] = {each.source.id: {} for each in catalogue.sources}

    def add(finding: Finding, record: CatalogRecord | None) -> None:
        kind = found.setdefault(finding.source, {}).setdefault(finding.code, Found())
        kind.count += 1
        if len(kind.first) < MOST_EXAMPLES:
            kind.first.append((finding, record))

    for source in catalogue.sources:
        for finding in source.findings:
            add(finding, None)
    for record in catalogue.records:
        for finding in record.findings:
            add(finding, record)
    for record in catalogue.listed:
        for finding in record.findings:
            add(finding, _at(record, catalogue.aliases[record.dataset.id]))
    return found


def _at(record: CatalogRecord, id: str) -> CatalogRecord:
    """What another listing says of a dataset, with the id under which the dataset is shown."""
    return replace(record, dataset=replace(record.dataset, id=id))


def duplicates(catalogue: Catalogue) -> dict[str, list[Twins]]:
    """Source → pairs of datasets that may be one, of which it lists at least one."""
    records = {record.dataset.id: record for record in catalogue.records}
    found: dict[str, list[Twins]] = {each.source.id: [] for each in catalogue.sources}
    for each in catalogue.duplicates:
        first, second = records[each.first], records[each.second]
        for source in dict.fromkeys((*_listed_by(first), *_listed_by(second))):
            found[source].append((first, second, each.reason))
    return found


def _listed_by(record: CatalogRecord) -> list[str]:
    return [record.dataset.source, *(listing.source for listing in record.listings)]


def source_view(
    source: SourceRecord, found: dict[str, Found], twins: Sequence[Twins], tree: Tree
) -> SourceView:
    """A source in the words of a tree, without its visits."""
    voice, entry = tree.voice, source.source
    faults = [_fault(kind, source.feed, tree) for kind in found.values()]
    order = words.SEVERITY_ORDER
    return SourceView(
        address=entry.url,
        href=safe_link(entry.url),
        email=entry.contact,
        mail=mail_link(entry.contact or ""),
        level=voice.say(words.LEVELS[entry.level]) if entry.level else "",
        visits=(),
        last_good="",
        faults=tuple(
            sorted(faults, key=lambda each: (order.index(each.mend.severity), -each.count, each.mend.code))
        ),
        problems=tuple(told(problem, tree) for problem in source.problems),
        pairs=tuple(
            Pair(_named(first, tree), _named(second, tree), voice.say(words.WHY_ONE[reason]))
            for first, second, reason in twins[:MOST_PAIRS]
        ),
        more_pairs=max(0, len(twins) - MOST_PAIRS),
    )


def visited(view: SourceView, source: SourceRecord, tree: Tree) -> SourceView:
    """The same with how the last visits went."""
    return replace(
        view,
        visits=tuple(_visit(harvest, tree) for harvest in source.harvests),
        last_good=tree.voice.formatter.date(source.last_good),
    )


def _named(record: CatalogRecord, tree: Tree) -> Link:
    """A dataset by its title and its source, which are all that tells two of one name apart."""
    title = views.title(record.dataset, tree.voice)
    source = tree.context.sources[record.dataset.source].name
    return Link(Words(f"{title.text} ({source})"), tree.voice.link(dataset_path(record.dataset.id)))


def _fault(found: Found, feed: str | None, tree: Tree) -> Fault:
    finding, record = found.first[0]
    return Fault(
        mend=tree.mender.mend(finding, record.dataset if record else None, feed),
        count=found.count,
        examples=tuple(
            Example(
                Link(views.title(each.dataset, tree.voice), tree.voice.link(dataset_path(each.dataset.id))),
                markup.shorten(markup.clean(example.raw), 80),
            )
            for example, each in found.first
            if each is not None
        ),
    )


def _visit(harvest: Harvest, tree: Tree) -> Visit:
    left_out = tuple(told(problem, tree) for problem in harvest.left_out[:MOST_LEFT_OUT])
    return Visit(
        when=tree.voice.formatter.moment(harvest.started),
        said=tree.voice.say(words.OUTCOMES[harvest.outcome]),
        problem=told(harvest.problem, tree) if harvest.problem else "",
        datasets=harvest.datasets,
        added=harvest.added,
        changed=harvest.changed,
        removed=harvest.removed,
        renamed=harvest.renamed,
        announced=harvest.announced,
        left_out=left_out,
        more_left_out=max(harvest.skipped, len(harvest.left_out)) - len(left_out),
        troubled=harvest.outcome in words.TROUBLED,
    )


def told(problem: Problem, tree: Tree) -> str:
    """A problem in one line, as `str(problem)` says it, in the language of the tree."""
    parts = [tree.voice.say(part) for part in (problem.what, problem.remedy) if part]
    line = " ".join(part.format(**problem.values) for part in parts)
    return markup.shorten(markup.clean(f"{problem.where}: {line}"), 500)
