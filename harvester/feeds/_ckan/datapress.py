"""DataPress, which runs London's and other British portals: its own export in CKAN's words. Pure.

https://datapress.com/docs/api/: `/api/v3/datasets/export.json` is a list of all datasets with their
resources and links; older versions keep the resources in an object by their ids, and have a CKAN-like
API under `/api/action/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from harvester.feeds._ckan.package import draft_of
from harvester.feeds._json.values import absolute, items_of, text_of
from harvester.model import Draft, DraftPeriod

EXPORTS = ("api/v3/datasets/export.json", "api/v2/datasets/export.json", "api/datasets/export.json")

_MARKS = frozenset(("sharing", "createdAt", "updatedAt", "topics", "shares", "masthead", "team", "webpage"))
_RENAMED = {
    "description": "notes",
    "slug": "name",
    "createdAt": "metadata_created",
    "updatedAt": "metadata_modified",
    "custom": "extras",
    "customfields": "extras",
}
_RENAMED_OF_FILES = {"timestamp": "last_modified", "check_size": "size", "check_mimetype": "mimetype"}
_BOOKKEEPING = re.compile(r"check_.*|order|dataset|webpage|origin|key|filename")
"""Of a resource: what the portal noted when it looked at the file last, which differs every night."""

_TIMES = (("timeframeFrom", "timeframeTo"), ("temporal_coverage_from", "temporal_coverage_to"))
_OF_THE_PORTAL = frozenset(
    ("sharing", "shares", "readonly", "webpage", "nextReviewDate", "masthead", "team", "topics", "links")
)


def is_datapress(value: object) -> bool:
    """Is a value a dataset as DataPress writes it?"""
    return isinstance(value, dict) and "sharing" in value and len(_MARKS & value.keys()) >= 4


def is_public(record: Mapping[str, object]) -> bool:
    """Is a dataset for everybody to see?"""
    return text_of(record.get("sharing")) in ("public", None)


def datapress_draft(record: Mapping[str, object], portal: str) -> Draft:
    """`record` as a draft; `portal` is the portal's home with a final slash, "" when not known."""
    package: dict[str, object] = {
        _RENAMED.get(name, name): value for name, value in record.items() if name not in _OF_THE_PORTAL
    }
    # the team publishes; the masthead is the brand of the site around it
    package["organization"] = record.get("team") or record.get("masthead")
    package["groups"] = record.get("topics")
    package["resources"] = [*_files(record.get("resources")), *_files(record.get("links"))]
    licence = package.pop("licence", None)
    if isinstance(licence, dict):
        package |= {f"license_{name}": licence.get(name) for name in ("id", "title", "url")}
    else:
        package["license"] = licence
    draft = draft_of(package, portal)
    page = text_of(record.get("webpage"))
    return replace(
        draft,
        page=absolute(portal, page) if page else draft.page,
        temporal=draft.temporal or tuple(_time(record.get("resources"))),
    )


def _listed(value: object) -> Iterator[Mapping[str, object]]:
    """The objects of a list, or of an object that names each by its id."""
    if isinstance(value, dict):
        value = [{"id": key, **each} for key, each in value.items() if isinstance(each, dict)]
    yield from (each for each in items_of(value) if isinstance(each, dict))


def _files(value: object) -> Iterator[dict[str, object]]:
    for file in _listed(value):
        named = {_RENAMED_OF_FILES.get(name, name): each for name, each in file.items()}
        times = {name for pair in _TIMES for name in pair}
        yield {
            name: each
            for name, each in named.items()
            if name not in times and not _BOOKKEEPING.fullmatch(name)
        }


def _time(resources: object) -> Iterator[DraftPeriod]:
    """The time that all files are about together."""
    for first, last in _TIMES:
        starts = [text for file in _listed(resources) if (text := text_of(file.get(first)))]
        ends = [text for file in _listed(resources) if (text := text_of(file.get(last)))]
        if starts or ends:
            yield DraftPeriod(start=min(starts, default=None), end=max(ends, default=None))
            return
