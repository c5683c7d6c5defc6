"""One STAC collection (https://github.com/radiantearth/stac-spec, collection-spec), as a draft. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harvester.feeds._json.parts import contacts_of, is_address, unique
from harvester.feeds._json.values import absolute, encode, is_empty, keywords_of, text_of, texts_of, words_of
from harvester.feeds._ogc.links import Link, first, links_of, pages_of
from harvester.feeds._ogc.record import box_of, periods_of
from harvester.model import Draft, DraftAgent, DraftContact, DraftDistribution, DraftPlace

_READ = frozenset(
    (
        *("id", "title", "description", "keywords", "license", "providers", "contacts", "extent", "assets"),
        *("links", "created", "updated", "version", "deprecated", "language", "languages", "sci:doi"),
        *("stac_version", "stac_extensions", "type", "conformsTo", "themes", "itemType", "crs", "storageCrs"),
        *("item_assets", "queryables", "published"),
    )
)
_PUBLISHERS = ("producer", "licensor", "host", "processor")
_NO_LICENCE = frozenset(("other", "proprietary", "various"))
"""Words that the specification has for "see the link"."""

_PICTURES = frozenset(("thumbnail", "overview"))
_TEXTS = frozenset(("metadata", "data-dictionary", "documentation"))
_READING = ("describedby", "about", "via", "cite-as", "documentation", "metadata")
_LARGEST = 20_000  # characters of a member that is told as it came


def draft_of(collection: Mapping[str, object], base: str) -> Draft:
    """`collection` as a draft; relative addresses start at `base`."""
    links = links_of(collection.get("links"), base)
    tag = _language(collection.get("language")) or ""
    key, doi = text_of(collection.get("id")), text_of(collection.get("sci:doi"))
    extent = collection.get("extent")
    providers = [each for each in _listed(collection.get("providers")) if isinstance(each, dict)]
    title = words_of(collection.get("title")) or words_of(key)
    assets = list(_assets(collection.get("assets")))
    page = next(pages_of([link for link in links if link.is_page], "self", "alternate"), None)
    return Draft(
        key=key,
        identifiers=tuple(unique([doi, key])),
        uri=key if is_address(key) else None,
        title={own or tag: words for own, words in title.items()},
        description={own or tag: words for own, words in words_of(collection.get("description")).items()},
        keywords=tuple((own or tag, word) for own, word in keywords_of(collection.get("keywords"))),
        publisher=_publisher(providers),
        contacts=contacts_of(collection.get("contacts")) or tuple(_contacts(providers)),
        page=page,
        landing_page=next(pages_of([link for link in links if link.is_page], "about", "via"), None),
        licence=_licence(text_of(collection.get("license")), links),
        issued=text_of(collection.get("published")) or text_of(collection.get("created")),
        modified=text_of(collection.get("updated")),
        languages=(tag,) if tag else (),
        spatial=_spatial(extent),
        temporal=tuple(periods_of(_inner(extent, "temporal", "interval")))[:1],
        conforms_to=texts_of(collection.get("stac_extensions")),
        documentation=tuple(
            unique(
                [
                    *pages_of(links, *_READING),
                    *(absolute(base, text_of(each.get("href"))) for each in assets if _has(each, _TEXTS)),
                ]
            )
        ),
        version=text_of(collection.get("version")),
        status="deprecated" if collection.get("deprecated") is True else None,
        distributions=(*_files(assets, base), *_items(links)),
        unread=dict(_unread(collection)),
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _inner(value: object, *names: str) -> object:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _language(value: object) -> str | None:
    return text_of(value.get("code")) if isinstance(value, dict) else text_of(value)


def _publisher(providers: list[dict[str, object]]) -> DraftAgent | None:
    """The provider whose role comes nearest to publishing; the specification lists the host last."""
    for role in _PUBLISHERS:
        for each in providers:
            if role in texts_of(each.get("roles")) and (name := text_of(each.get("name"))):
                return DraftAgent(name={"": name}, url=text_of(each.get("url")))
    named = ((text_of(each.get("name")), text_of(each.get("url"))) for each in providers)
    return next((DraftAgent(name={"": name}, url=url) for name, url in named if name), None)


def _contacts(providers: list[dict[str, object]]) -> Iterator[DraftContact]:
    for each in providers:
        email = text_of(each.get("email"))
        if email is not None:
            yield DraftContact(name=text_of(each.get("name")), email=email, url=text_of(each.get("url")))


def _licence(stated: str | None, links: list[Link]) -> str | None:
    terms = first(links, "license")
    if terms is not None and (stated is None or stated.lower() in _NO_LICENCE):
        return terms.href
    return stated


def _spatial(extent: object) -> tuple[DraftPlace, ...]:
    """The first box bounds the whole collection; those behind it only its parts."""
    box = box_of(_inner(extent, "spatial", "bbox"))
    return (DraftPlace(bbox=box),) if box else ()


def _assets(value: object) -> Iterator[dict[str, object]]:
    for name, each in value.items() if isinstance(value, dict) else ():
        if isinstance(each, dict) and text_of(each.get("href")) is not None:
            yield {"title": name, **each}


def _has(asset: Mapping[str, object], roles: frozenset[str]) -> bool:
    return not roles.isdisjoint(texts_of(asset.get("roles")))


def _files(assets: list[dict[str, object]], base: str) -> Iterator[DraftDistribution]:
    for each in assets:
        if not _has(each, _PICTURES | _TEXTS):
            yield DraftDistribution(
                url=absolute(base, text_of(each.get("href"))),
                title=words_of(each.get("title")),
                description=words_of(each.get("description")),
                media_type=text_of(each.get("type")),
                byte_size=text_of(each.get("file:size")),
                checksum=text_of(each.get("file:checksum")),
            )


def _items(links: list[Link]) -> Iterator[DraftDistribution]:
    """Where the items are listed: one service, whatever they are. Single items are no files of ours."""
    items = first(links, "items")
    if items is not None:
        yield DraftDistribution(
            access_url=items.href,
            title={"": items.title} if items.title else {},
            media_type=items.media_type or "application/geo+json",
        )


def _unread(collection: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in collection.items():
        if name not in _READ and not is_empty(value):
            text = value if isinstance(value, str) else encode(value)
            if len(text) <= _LARGEST:
                yield name, text
