"""`/api/views.json`: the assets of a portal in Socrata's older words, turned into those of the discovery API.

Dates are seconds since 1970. The list holds charts, filters and stories too, which are no datasets.
"""

from __future__ import annotations

from collections.abc import Mapping

from harvester.feeds._json.values import text_of
from harvester.feeds._socrata.addresses import FOUR_BY_FOUR

_DATASETS = frozenset(("dataset", "file", "blob", "blobby", "href", "federated_href", "table", "tabular"))
_MARKS = (
    *("assetType", "viewType", "displayType", "columns", "tableId", "publicationStage", "viewLastModified"),
    *("rowsUpdatedAt", "newBackend", "hideFromDataJson", "numberOfComments"),
)


def is_view(value: object) -> bool:
    """Is a value an asset in the words of `/api/views`?"""
    return (
        isinstance(value, Mapping)
        and isinstance(id := value.get("id"), str)
        and FOUR_BY_FOUR.fullmatch(id) is not None
        and any(mark in value for mark in _MARKS)
    )


def is_dataset(view: Mapping[str, object]) -> bool:
    """Is an asset data, and not a chart, a filter, a story or a map drawn from other data?"""
    kind = (text_of(view.get("assetType")) or text_of(view.get("viewType")) or "dataset").lower()
    return kind in _DATASETS or (kind in ("map", "geo") and view.get("viewType") == "geo")


def asset_of(view: Mapping[str, object], domain: str | None) -> dict[str, object]:
    """The record of the discovery API that says the same as `view`."""
    columns = [each for each in _list(view.get("columns")) if isinstance(each, Mapping)]
    metadata, licence = (
        value if isinstance(value := view.get(name), Mapping) else {} for name in ("metadata", "license")
    )
    return {
        "resource": {
            "id": view.get("id"),
            "name": view.get("name"),
            "description": view.get("description"),
            "attribution": view.get("attribution"),
            "attribution_link": view.get("attributionLink"),
            "type": view.get("assetType") or view.get("viewType"),
            "lens_view_type": view.get("viewType"),
            "provenance": view.get("provenance"),
            "createdAt": view.get("createdAt"),
            "publication_date": view.get("publicationDate"),
            "data_updated_at": view.get("rowsUpdatedAt"),
            "updatedAt": view.get("viewLastModified"),
            "blob_mime_type": view.get("blobMimeType"),
            "columns_field_name": [each.get("fieldName") for each in columns],
            "columns_name": [each.get("name") for each in columns],
            "columns_datatype": [each.get("dataTypeName") for each in columns],
            "columns_description": [each.get("description") for each in columns],
        },
        "classification": {
            "domain_category": view.get("category"),
            "domain_tags": view.get("tags"),
            "domain_metadata": metadata.get("custom_fields"),
        },
        "metadata": {"domain": domain, "license": licence.get("name") or view.get("licenseId")},
    }


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
