"""One asset of a Socrata portal, as the discovery API describes it, as a draft. Pure.

https://dev.socrata.com/docs/other/discovery.html - `{"resource": …, "classification": …, "metadata": …}`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import zip_longest
from typing import NamedTuple
from urllib.parse import urlsplit

from harvester.feeds._json.fields import Fields, Names, squeezed
from harvester.feeds._json.parts import is_address, unique
from harvester.feeds._json.values import keywords_of, text_of, texts_of
from harvester.feeds._socrata.addresses import FOUR_BY_FOUR, files_of, host_of, is_geometry
from harvester.feeds._socrata.custom import CUSTOM, fields_of
from harvester.model import Draft, DraftAgent, DraftContact, DraftDistribution, DraftPeriod, DraftPlace, Note

_RESOURCE = Names(
    {
        "id": ("id",),
        "title": ("name",),
        "description": ("description",),
        "attribution": ("attribution",),
        "attribution_link": ("attribution_link",),
        "contact_email": ("contact_email",),
        "type": ("type",),
        "provenance": ("provenance",),
        "created": ("createdAt",),
        "published": ("publication_date",),
        "modified": ("data_updated_at",),
        "updated": ("updatedAt",),
        "blob_type": ("blob_mime_type",),
        "parents": ("parent_fxf",),
    },
    ignored=(
        *("columns_name", "columns_field_name", "columns_datatype", "columns_description", "columns_format"),
        *("page_views", "download_count", "view_count", "hide_from_data_json", "lens_view_type"),
        *("lens_display_type", "locked", "obe_fxf", "nbe_fxf", "previewImageId", "metadata_updated_at"),
    ),
)


def is_asset(value: object) -> bool:
    """Is a value surely a record of the discovery API?"""
    if not isinstance(value, Mapping) or not isinstance(resource := value.get("resource"), Mapping):
        return False
    known = any(name in value for name in ("classification", "permalink", "metadata"))
    return known and ("id" in resource or "name" in resource)


def name_of(value: object) -> tuple[str | None, str | None]:
    """Id and title of an asset."""
    resource = value.get("resource") if isinstance(value, Mapping) else None
    if not isinstance(resource, Mapping):
        return None, None
    return text_of(resource.get("id")), text_of(resource.get("name"))


def domain_of(value: object) -> str | None:
    """The portal that an asset is of: the domain it names, or the host of its page where that is another."""
    if not isinstance(value, Mapping):
        return None
    metadata = value.get("metadata")
    return host_of(text_of(metadata.get("domain")) if isinstance(metadata, Mapping) else None)


def draft_of(asset: Mapping[str, object], home: str, own: str | None = None) -> Draft:
    """`asset` as a draft.

    `home` is the address of the portal with a final slash ("" when not known), and `own` the domain
    that its own assets name. What is of another domain was federated: it says whose it is, and is
    never given out as published by this portal.
    """
    resource, classification = (_part(asset, name) for name in ("resource", "classification"))
    fields = Fields(resource.items(), _RESOURCE)
    custom = Fields(fields_of(classification.get("domain_metadata")), CUSTOM)
    id = fields.plain("id")
    page = next(
        (each for name in ("permalink", "link") if is_address(each := text_of(asset.get(name)))), None
    )
    origin = _origin(asset, page, own)
    home = _home(origin or domain_of(asset), page, home)
    known = home if id and FOUR_BY_FOUR.fullmatch(id) else ""
    columns = _columns(resource)
    licence = text_of(_part(asset, "metadata").get("license"))
    publisher, landing_page = _publisher(fields, custom, origin), _landing_page(fields, custom)
    used = {licence or custom.plain("licence"), landing_page}
    if publisher is not None:
        used |= {publisher.url, *publisher.name.values()}
    _keep(fields, custom, columns, used)
    modified = fields.plain("modified")
    if modified is None and (modified := fields.plain("updated")) is not None:
        fields.notes.append(Note(code="modified-from-record", field="modified", raw=modified[:200]))
    return Draft(
        key=id,
        identifiers=tuple(
            unique([*custom.texts("identifier"), f"{known}api/views/{id}" if known else None, id])
        ),
        title=fields.words("title"),
        description=fields.words("description"),
        keywords=tuple(
            dict.fromkeys(
                pair for name in ("tags", "domain_tags") for pair in keywords_of(classification.get(name))
            )
        ),
        themes=tuple(
            unique(
                each
                for name in ("domain_category", "categories")
                for each in texts_of(classification.get(name))
            )
        ),
        publisher=publisher,
        contacts=_contacts(fields, custom),
        page=page or (f"{known}d/{id}" if known else None),
        landing_page=landing_page,
        licence=licence or custom.plain("licence"),
        rights=custom.plain("rights"),
        access_rights=custom.plain("access_rights"),
        issued=fields.plain("created") or fields.plain("published"),
        modified=modified,
        frequency=custom.plain("frequency"),
        languages=custom.texts("language"),
        spatial=tuple(DraftPlace(text=each) for each in custom.texts("place")),
        temporal=_temporal(custom),
        documentation=tuple(each for each in custom.texts("documentation") if is_address(each)),
        data_dictionary=tuple(
            unique(
                [
                    *(each for each in custom.texts("data_dictionary") if is_address(each)),
                    f"{known}api/views/{id}/columns.json" if known and columns else None,
                ]
            )
        ),
        in_series=fields.texts("parents"),
        provenance=(f"https://{origin}/",) if origin else (),
        distributions=_distributions(fields, resource, known, columns),
        unread=fields.unread(),
        notes=(*fields.notes, *custom.notes),
    )


def _part(asset: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = asset.get(name)
    return value if isinstance(value, Mapping) else {}


# ------------------------------------------------------------------------------ whose


def _origin(asset: Mapping[str, object], page: str | None, own: str | None) -> str | None:
    """The domain that a federated asset is of; None for an asset of the portal itself."""
    domain, host = domain_of(asset), host_of(page)
    if own is None or domain is None:
        return None
    if domain != own:
        return domain
    return host if host is not None and host != own else None


def _home(domain: str | None, page: str | None, home: str) -> str:
    """Where the files of an asset lie: on its own domain, by the scheme of its page."""
    if domain is None or domain == host_of(home):
        return home
    scheme = urlsplit(page).scheme if page and host_of(page) == domain else "https"
    return f"{scheme}://{domain}/"


def _publisher(fields: Fields, custom: Fields, origin: str | None) -> DraftAgent | None:
    """The body that the asset is attributed to: never its owner, who is a person with an account."""
    name, link = fields.words("attribution"), fields.text("attribution_link")
    if not name and (named := custom.plain("publisher") or custom.plain("department")) is not None:
        name = {"": named}
    if not name and origin is not None:
        return DraftAgent(name={"": origin}, url=f"https://{origin}/")
    if not name:
        return None
    return DraftAgent(name=name, url=link if is_address(link) and _is_bare(link) else None)


def _landing_page(fields: Fields, custom: Fields) -> str | None:
    """A page about the dataset, and no more general one: its homepage, or whence it is attributed."""
    named = (*custom.texts("landing_page"), fields.text("attribution_link"))
    return next((each for each in named if is_address(each) and not _is_bare(each)), None)


def _is_bare(address: str | None) -> bool:
    """Is an address no more than a host? Then it is a body's site, and not a page about a dataset."""
    try:
        split = urlsplit(address or "")
    except ValueError:
        return True
    return not split.path.strip("/") and not split.query


def _contacts(fields: Fields, custom: Fields) -> tuple[DraftContact, ...]:
    contact = DraftContact(
        name=custom.plain("contact_name"),
        email=fields.text("contact_email") or custom.plain("contact_email"),
        phone=custom.plain("contact_phone"),
    )
    return () if contact == DraftContact() else (contact,)


def _temporal(custom: Fields) -> tuple[DraftPeriod, ...]:
    start, end = custom.plain("start"), custom.plain("end")
    bounded = (DraftPeriod(start=start, end=end),) if start or end else ()
    return (*bounded, *(DraftPeriod(text=each) for each in custom.texts("period")))


# ------------------------------------------------------------------------------ what is in it


class _Column(NamedTuple):
    name: str
    label: str
    type: str
    description: str

    def __str__(self) -> str:
        label = "" if squeezed(self.label) == squeezed(self.name) else self.label
        told = ", ".join(each for each in (label, self.type) if each)
        return f"{self.name} ({told})" if told else self.name


def _columns(resource: Mapping[str, object]) -> list[_Column]:
    """The columns, out of the parallel lists that hold their names, labels, types and descriptions."""
    names = ("columns_field_name", "columns_name", "columns_datatype", "columns_description")
    lists = [value if isinstance(value := resource.get(name), list) else [] for name in names]
    rows = zip_longest(*lists[:2], fillvalue=None)
    kinds, told = ([text_of(each) or "" for each in values] for values in lists[2:])
    columns = []
    for place, (name, label) in enumerate((text_of(a), text_of(b)) for a, b in rows):
        if name or label:
            kind = kinds[place] if place < len(kinds) else ""
            description = told[place] if place < len(told) else ""
            columns.append(_Column(name or label or "", label or name or "", kind, description))
    return columns


def _keep(
    fields: Fields,
    custom: Fields,
    columns: list[_Column],
    used: Collection[str | None],
) -> None:
    """What a draft has no place for: the data dictionary, custom fields, whether the community made it.

    `used` are texts of fields that may stand in one place only, and do.
    """
    if columns:
        fields.leave("columns", "; ".join(map(str, columns)))
        if told := [f"{each.name}: {each.description}" for each in columns if each.description.strip()]:
            fields.leave("column descriptions", "\n".join(told))
    for name, value in custom.left():
        fields.leave(name, value)
    for name in ("publisher", "department", "licence", "landing_page"):
        for text in custom.texts(name):
            if text not in used:
                fields.leave(name.replace("_", " "), text)
    if (link := fields.text("attribution_link")) not in used:
        fields.leave("attribution_link", link)
    for name in ("documentation", "data_dictionary"):
        if any(not is_address(each) for each in custom.texts(name)):
            fields.leave(name.replace("_", " "), custom.value(name))
    provenance = fields.plain("provenance")
    if provenance is not None and provenance.lower() != "official":
        fields.leave("provenance", provenance)
    if (kind := fields.plain("type")) not in (None, "dataset"):
        fields.leave("type", kind)


def _distributions(
    fields: Fields, resource: Mapping[str, object], home: str, columns: list[_Column]
) -> tuple[DraftDistribution, ...]:
    id = fields.plain("id")
    if not home or id is None:
        return ()
    kind = (fields.plain("type") or "dataset").lower()
    view = text_of(resource.get("lens_view_type"))
    return files_of(
        home,
        id,
        "dataset" if kind == "map" and view == "tabular" else kind,
        has_places=any(is_geometry(column.type) for column in columns),
        blob_type=fields.plain("blob_type"),
    )
