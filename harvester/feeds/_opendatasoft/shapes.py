"""The shapes in which Opendatasoft has described a dataset over the years, as one. Pure.

* Explore v2.1: `{"dataset_id": …, "metas": {"default": {…}, "dcat": {…}, …}, "fields": […], …}`;
* v2: the same inside `{"dataset": …, "links": […]}`;
* v1: `{"datasetid": …, "metas": {…}, "interop_metas": {"dcat": {…}, …}, "extra_metas": {…}, …}`;
* CSV and other flat exports: one name for each field, `default.title` or plain `title`.

https://help.opendatasoft.com/apis/ods-explore-v2/ and https://help.opendatasoft.com/apis/ods-search-v1/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from harvester.feeds._json.values import is_empty, opened_of, text_of

_BESIDE = frozenset(
    (
        *("dataset_id", "datasetid", "dataset_uid", "has_records", "data_visible", "features", "attachments"),
        *("alternative_exports", "fields", "metas", "interop_metas", "extra_metas", "basic_metas"),
    )
)
_TECHNICAL = frozenset(("visibility", "links", "billing_plans", "explore", "size"))


class Entry(Struct):
    """A dataset in any shape: what it holds, and what is said of it as (template, name, value)."""

    id: str | None
    uid: str | None
    has_records: bool
    visible: bool
    features: list[object]
    attachments: list[object]
    alternatives: list[object]
    fields: list[object]
    metas: list[tuple[str, str, object]]
    exports: str | None = None  # where the entry itself says that its exports are

    def meta(self, name: str, template: str = "default") -> object:
        """The value of a field; None where it is not said."""
        return next((each for t, n, each in self.metas if (t, n) == (template, name)), None)


def is_dataset(value: object) -> bool:
    """Is a value a dataset in one of these shapes?"""
    if not isinstance(value, Mapping):
        return False
    if "dataset_id" in value or "datasetid" in value:
        flat = "default.title" in value or ("title" in value and "recordid" not in value)
        return isinstance(value.get("metas"), Mapping) or flat
    return isinstance(inner := value.get("dataset"), Mapping) and "dataset_id" in inner


def entry_of(value: Mapping[str, object]) -> Entry:
    """The dataset that is `value`, which `is_dataset` holds for."""
    exports = _exports_of(value.get("links"))
    if "dataset_id" not in value and isinstance(inner := value.get("dataset"), Mapping):
        value = inner
        exports = exports or _exports_of(value.get("links"))
    metas = list(_metas(value))
    entry = Entry(
        id=text_of(value.get("dataset_id")) or text_of(value.get("datasetid")),
        uid=text_of(value.get("dataset_uid")),
        has_records=True,
        visible=not _is_false(value.get("data_visible")),
        features=_list(value.get("features")),
        attachments=_list(value.get("attachments")),
        alternatives=_list(value.get("alternative_exports")),
        fields=_list(value.get("fields")),
        metas=metas,
        exports=exports,
    )
    stated = value.get("has_records")
    # flat exports do not say whether there are records, only how many
    count = text_of(entry.meta("records_count"))
    entry.has_records = not _is_false(stated) if stated is not None else count != "0"
    return entry


def name_of(value: object) -> tuple[str | None, str | None]:
    """Id and title of a dataset."""
    if not isinstance(value, Mapping) or not is_dataset(value):
        return None, None
    entry = entry_of(value)
    return entry.id, text_of(entry.meta("title"))


def _metas(value: Mapping[str, object]) -> Iterator[tuple[str, str, object]]:
    for part in ("metas", "basic_metas", "interop_metas", "extra_metas"):
        templates = value.get(part)
        for name, each in templates.items() if isinstance(templates, Mapping) else ():
            if isinstance(each, Mapping) and not _is_value(each):
                yield from ((name, inner, own) for inner, own in each.items() if not is_empty(own))
            elif not is_empty(each):
                yield "default", name, each
    for name, each in value.items():
        if name not in _BESIDE and name not in _TECHNICAL and not is_empty(each):
            template, _, own = name.rpartition(".")
            yield template or "default", own, each


def _is_value(value: Mapping[str, object]) -> bool:
    """Is an object a value, as a box is, and not a template of fields?"""
    return "geometry" in value or "coordinates" in value


def _exports_of(links: object) -> str | None:
    for link in links if isinstance(links, list) else ():
        if isinstance(link, Mapping) and link.get("rel") == "exports":
            return text_of(link.get("href"))
    return None


def _list(value: object) -> list[object]:
    value = opened_of(value)
    return value if isinstance(value, list) else []


def _is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.lower() == "false")
