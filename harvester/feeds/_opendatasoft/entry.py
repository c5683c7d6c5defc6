"""One dataset of an Opendatasoft portal as a draft. Pure.

The fields are those of the platform's metadata templates: `default`, `dcat`, `inspire`, `dcat_ap`, and
what a portal's owners added (`custom` and others).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlsplit

from harvester.feeds._json.fields import Fields, Names, squeezed
from harvester.feeds._json.parts import box_of, is_address, unique
from harvester.feeds._json.values import encode, is_empty, opened_of, text_of
from harvester.feeds._opendatasoft.links import files_of
from harvester.feeds._opendatasoft.shapes import Entry
from harvester.model import Draft, DraftAgent, DraftContact, DraftPeriod, DraftPlace, Text

_NAMES = Names(
    {
        "title": ("title",),
        "description": ("description",),
        "keywords": ("keyword", "keywords"),
        "themes": ("theme", "themes"),
        "licence": ("license", "licence"),
        "licence_url": ("license_url", "licence_url"),
        "language": ("language",),
        "metadata_languages": ("metadata_languages",),
        "modified": ("modified",),
        "data_processed": ("data_processed",),
        "publisher": ("publisher",),
        "references": ("references",),
        "attributions": ("attributions",),
        "frequency": ("update_frequency", "accrualperiodicity", "frequency"),
        "territory": ("territory",),
        "box": ("bbox",),
        "source_domain": ("source_domain_address", "source_domain"),
        "source_dataset": ("source_dataset",),
        "contact_name": ("contact_name",),
        "contact_email": ("contact_email",),
        "issued": ("issued",),
        "created": ("created",),
        "spatial": ("spatial",),
        "temporal": ("temporal",),
        "start": ("temporal_coverage_start", "temporal_coverage_start_date"),
        "end": ("temporal_coverage_end", "temporal_coverage_end_date"),
        "conforms_to": ("conforms_to",),
        "access_rights": ("access_rights", "accessrights"),
        "identifier": ("identifier", "doi", "inspire.file_identifier"),
        "version": ("version",),
        "inspire_email": ("inspire.contact_email",),
        "inspire_position": ("inspire.contact_position",),
        "west": ("inspire.extend_bounding_box_westbound_longitude",),
        "south": ("inspire.extend_bounding_box_southbound_latitude",),
        "east": ("inspire.extend_bounding_box_eastbound_longitude",),
        "north": ("inspire.extend_bounding_box_northbound_latitude",),
    },
    ignored=(
        *("metadata_processed", "modified_updates_on_metadata_change", "modified_updates_on_data_change"),
        *("geographic_reference_auto", "geographic_area_mode", "oauth_scope", "timezone", "federated"),
        *("source_domain_title", "parent_domain", "shared_catalog", "domain", "geometry_types"),
        *("inspire.contact_individual_name", "inspire.hierarchy_level_name", "theme_id", "publisher_type"),
    ),
)
_COUNTERS = frozenset(("explore",))  # a template of download counts, reuses and popularity
_OWN = frozenset(("default", "dcat", ""))

_AUTHORITIES = re.compile(
    r"(^|\.)(creativecommons\.org|opendatacommons\.org|opendefinition\.org|etalab\.gouv\.fr|data\.gouv\.fr"
    r"|nationalarchives\.gov\.uk|spdx\.org|europa\.eu|govdata\.de|dcat-ap\.de)$"
)


def draft_of(entry: Entry, portal: str, api: str) -> Draft:
    """`entry` as a draft; for `portal` and `api` see `links.files_of`."""
    fields = Fields(_pairs(entry), _NAMES)
    language = _language(fields)
    page = f"{portal}explore/dataset/{quote(entry.id, safe='')}/" if portal and entry.id else None
    origin, original = _origin(fields, portal)
    _keep(fields, entry)
    return Draft(
        key=entry.id,
        identifiers=tuple(unique([*fields.texts("identifier"), original, page, entry.id, entry.uid])),
        title=_words(fields.words("title"), language),
        description=_words(fields.words("description"), language),
        keywords=tuple((language, word) for word in _split(fields.texts("keywords"), r",")),
        themes=tuple(_split(fields.texts("themes"), r",(?!\s)")),
        publisher=_publisher(fields, origin),
        contacts=_contacts(fields),
        page=page,
        licence=_licence(fields),
        rights="\n".join(fields.texts("attributions")) or None,
        access_rights=fields.plain("access_rights"),
        issued=fields.plain("issued") or fields.plain("created"),
        modified=fields.plain("modified") or fields.plain("data_processed"),
        frequency=fields.plain("frequency"),
        languages=tuple(unique(_split(fields.texts("language"), r","))),
        spatial=tuple(_spatial(fields)),
        temporal=_temporal(fields),
        conforms_to=fields.texts("conforms_to"),
        documentation=tuple(unique(filter(is_address, _references(fields)))),
        data_dictionary=(f"{page}information/",) if page and entry.fields else (),
        version=fields.plain("version"),
        provenance=(origin,) if origin else (),
        distributions=files_of(entry, portal, api),
        unread=fields.unread(),
        notes=tuple(fields.notes),
    )


def _pairs(entry: Entry) -> Iterator[tuple[str, object]]:
    """The fields under their plain names, those of less usual templates under `template.name`."""
    for template, name, value in entry.metas:
        if template not in _COUNTERS:
            yield (name if template in _OWN else f"{template}.{name}"), value


def _language(fields: Fields) -> str:
    """The language of title and description, where it is plain; "" where the portal has several."""
    written = _split(fields.texts("metadata_languages"), r",")
    own = fields.plain("language")
    if len(written) == 1:
        return written[0]
    return own if own is not None and (not written or own in written) and "," not in own else ""


def _words(words: Text, language: str) -> Text:
    return {language if tag == "" else tag: text for tag, text in words.items()}


def _split(texts: tuple[str, ...], separator: str) -> list[str]:
    """The words in texts; CSV exports give a whole list as one text."""
    if len(texts) != 1:
        return list(texts)
    return [word.strip() for word in re.split(separator, texts[0]) if word.strip()]


# ------------------------------------------------------------------------------ whose


def _origin(fields: Fields, portal: str) -> tuple[str | None, str | None]:
    """Of a dataset that comes from another portal: the home of that one, and its page there."""
    named = fields.texts("source_domain")
    host = _host(named[0]) if named else None
    if host is None or host == _host(portal):
        return None, None
    home = f"https://{host}/"
    dataset = fields.plain("source_dataset")
    return home, f"{home}explore/dataset/{quote(dataset, safe='')}/" if dataset else None


def _host(address: str) -> str | None:
    """The host in an address or standing alone; None for a domain's short name, which is no address."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname
    except ValueError:
        return None
    return host if host and "." in host and re.fullmatch(r"[\w.-]+", host) else None


def _publisher(fields: Fields, origin: str | None) -> DraftAgent | None:
    name = fields.words("publisher")
    if name:
        return DraftAgent(name=name)
    return DraftAgent(name={"": _host(origin) or origin}, url=origin) if origin else None


def _contacts(fields: Fields) -> tuple[DraftContact, ...]:
    """The contact of the DCAT template, else the position and mail of INSPIRE's; its person is not named."""
    contact = DraftContact(name=fields.plain("contact_name"), email=fields.plain("contact_email"))
    if contact == DraftContact():
        contact = DraftContact(name=fields.plain("inspire_position"), email=fields.plain("inspire_email"))
    return () if contact == DraftContact() else (contact,)


def _licence(fields: Fields) -> str | None:
    """The licence by its authority's address, else by its name; a page of the portal's own says less."""
    name, url = fields.plain("licence"), fields.plain("licence_url")
    chosen = url if url and (name is None or _AUTHORITIES.search(_host(url) or "")) else name
    for field, text in (("license", name), ("license_url", url)):
        if text is not None and text != chosen:
            fields.leave(field, text)
    return chosen


# ------------------------------------------------------------------------------ where and when


def _spatial(fields: Fields) -> Iterator[DraftPlace]:
    """The places it names, and the box around its records."""
    for name in unique([*fields.texts("spatial"), *fields.texts("territory")]):
        yield DraftPlace(text=name)
    box = opened_of(fields.value("box"))
    shape = box.get("geometry") if isinstance(box, Mapping) and "geometry" in box else box
    if isinstance(shape, Mapping) and not is_empty(shape.get("coordinates")):
        yield DraftPlace(geometry=encode(shape))
    elif sides := box_of(*(fields.value(side) for side in ("west", "south", "east", "north"))):
        yield DraftPlace(bbox=sides)
    elif text := text_of(shape):
        yield DraftPlace(text=text)


def _temporal(fields: Fields) -> tuple[DraftPeriod, ...]:
    start, end = fields.plain("start"), fields.plain("end")
    bounded = (DraftPeriod(start=start, end=end),) if start or end else ()
    return (*bounded, *(DraftPeriod(text=each) for each in fields.texts("temporal")))


# ------------------------------------------------------------------------------ what else


def _references(fields: Fields) -> list[str]:
    """The addresses and words under `references`, which is one text."""
    return [word for text in fields.texts("references") for word in re.split(r"[\s;]+|,(?=\s*http)", text)]


def _keep(fields: Fields, entry: Entry) -> None:
    """What a draft has no place for: the columns, references in words, a table that is not open."""
    columns = [_column(each) for each in entry.fields if isinstance(each, Mapping)]
    if any(columns):
        fields.leave("fields", "; ".join(filter(None, columns)))
    told = [
        f"{text_of(each.get('name')) or text_of(each.get('label'))}: {text}"
        for each in entry.fields
        if isinstance(each, Mapping) and (text := text_of(each.get("description"))) is not None
    ]
    if told:
        fields.leave("field descriptions", "\n".join(told))
    if any(not is_address(each) for each in _references(fields) if each):
        fields.leave("references", fields.value("references"))
    if not entry.visible:
        fields.leave("data_visible", "false")


def _column(field: Mapping[str, object]) -> str:
    """A column as `name (Label, type)`."""
    name, label, kind = (text_of(field.get(key)) or "" for key in ("name", "label", "type"))
    name = name or label
    if squeezed(label) == squeezed(name):
        label = ""
    told = ", ".join(filter(None, (label, kind)))
    return f"{name} ({told})" if name and told else name
