"""The resources of a CKAN package as distributions. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from harvester.feeds._ckan.names import RESOURCE
from harvester.feeds._json.fields import Fields
from harvester.feeds._json.parts import first_of, unique
from harvester.feeds._json.values import absolute, is_empty, opened_of, text_of, words_of
from harvester.model import DraftDistribution, Text

_SORTABLE = re.compile(r"\d{4}-\d\d-\d\d")


class Files:
    """The files of a package, the data dictionaries that they name, and the newest of their dates."""

    def __init__(self, package: Mapping[str, object], dataset: Fields, portal: str) -> None:
        self.drafts: list[DraftDistribution] = []
        self.dictionaries: list[str] = []
        self.newest: str | None = None
        self._dataset = dataset
        self._portal = portal
        self._package = package
        resources = opened_of(package.get("resources"))
        for resource in resources if isinstance(resources, list) else [resources]:
            if isinstance(resource, dict):
                if resource.get("state") != "deleted":
                    self.drafts.append(self._distribution(resource))
            elif not is_empty(resource):
                dataset.unexpected("distributions", resource)

    def _distribution(self, resource: Mapping[str, object]) -> DraftDistribution:
        number = len(self.drafts)
        fields = Fields(resource.items(), RESOURCE, at=f"distributions.{number}.")
        self.dictionaries += dictionaries_of(fields)
        modified = fields.text("modified")
        if modified and _SORTABLE.match(modified) and modified > (self.newest or ""):
            self.newest = modified
        draft = DraftDistribution(
            key=fields.plain("key"),
            url=absolute(self._portal, self._url(fields, resource)),
            access_url=fields.address("access_url", self._portal),
            download_url=fields.address("download_url", self._portal),
            title=translated(fields, "title"),
            description=translated(fields, "description"),
            format=fields.text("format"),
            media_type=fields.text("media_type"),
            byte_size=fields.plain("byte_size"),
            checksum=_checksum(fields.plain("hash"), fields.plain("hash_algorithm")),
            licence=fields.text("licence"),
            rights=fields.text("rights"),
            issued=fields.text("issued"),
            modified=modified,
            languages=fields.texts("languages"),
            conforms_to=fields.texts("conforms_to"),
        )
        self._dataset.notes += fields.notes
        for name, value in fields.left():
            self._dataset.leave(f"resource.{number}.{name}", value)
        return draft

    def _url(self, fields: Fields, resource: Mapping[str, object]) -> str | None:
        """The address; of an uploaded file some portals give only its name, and CKAN makes the rest."""
        url = fields.text("url")
        if not url or not self._portal or "/" in url or resource.get("url_type") != "upload":
            return url
        package, own = (quote(text_of(each.get("id")) or "", safe="") for each in (self._package, resource))
        return f"{self._portal}dataset/{package}/resource/{own}/download/{quote(url)}"


def translated(fields: Fields, name: str) -> Text:
    """A text by language: ckanext-fluent's `…_translated` where there is one, else the field itself."""
    words = words_of(fields.opened(f"{name}_translated")) if fields.has(f"{name}_translated") else {}
    return words or fields.words(name)


def dictionaries_of(fields: Fields) -> list[str]:
    """Addresses of data dictionaries: a text, or ckanext-dcat's list of `{"url": …}`."""
    if not fields.has("data_dictionary"):
        return []
    value = fields.opened("data_dictionary")
    items = value if isinstance(value, list) else [value]
    named = (first_of(item, "url", "uri") if isinstance(item, dict) else text_of(item) for item in items)
    return list(unique(named))


def _checksum(digest: str | None, algorithm: str | None) -> str | None:
    """ "algorithm:value"; the algorithm may be an IRI such as …#checksumAlgorithm_sha1."""
    if digest is None or algorithm is None or ":" in digest:
        return digest
    return f"{re.split(r'[_#/]', algorithm)[-1].lower()}:{digest}"
