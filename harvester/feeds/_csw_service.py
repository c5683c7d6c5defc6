"""How a catalogue service is asked for its records: its address, its version, its schemas. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from harvester.feeds._iso.terms import plain
from harvester.feeds._iso.tree import Element

PAGE = 100
"""Records that are asked for at once; a service may give fewer."""

_ISO = (
    "http://www.isotc211.org/2005/gmd",
    "http://standards.iso.org/iso/19115/-3/mdb/2.0",
    "http://standards.iso.org/iso/19115/-3/mdb/1.0",
    "http://www.isotc211.org/2005/gmi",
)
_DCAT = "http://www.w3.org/ns/dcat#"
_DUBLIN_CORE = {
    "2.0.2": "http://www.opengis.net/cat/csw/2.0.2",
    "3.0.0": "http://www.opengis.net/cat/csw/3.0",
}


@dataclass
class Service:
    """Where records are asked for, and in which words."""

    endpoint: str
    version: str = "2.0.2"
    schemas: list[str] = field(default_factory=list)  # to be tried in this order
    asked: dict[str, str] = field(default_factory=dict)  # what the clerk's own address asks for

    @classmethod
    def of(cls, root: Element, url: str) -> Service:
        """The service that its capabilities describe."""
        operation = next(
            (each for each in root.below("Operation") if each.attributes.get("name") == "GetRecords"), None
        )
        offered: list[str] = []
        endpoint = None
        if operation is not None:
            for each in (*operation.all("Parameter"), *operation.all("Constraint")):
                if each.attributes.get("name", "").lower().endswith("outputschema"):
                    offered += [value.text for value in each.below("Value") if value.text]
            endpoint = next(
                (each.attributes.get("href") for each in operation.all("DCP", "HTTP", "Get")), None
            )
        versions = {plain(each) or "" for each in root.below("ServiceTypeVersion")}
        stated = root.attributes.get("version", "")
        is_third = "2.0.2" not in versions and (stated.startswith("3.") or "3.0.0" in versions)
        version = "3.0.0" if is_third else "2.0.2"
        return cls(_here(url, endpoint), version, _schemas(offered, version))

    @classmethod
    def of_answer(cls, url: str, root: Element) -> Service | None:
        """The service behind a page of records that the clerk's own address asks for."""
        asked = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        named = {name.lower(): value for name, value in asked.items()}
        if root.name != "GetRecordsResponse" or named.get("request", "").lower() != "getrecords":
            return None
        return cls(
            _without_question(url),
            named.get("version", "2.0.2"),
            [named.get("outputschema", "")],
            {name: value for name, value in asked.items() if name.lower() not in ("startposition",)},
        )

    def page(self, schema: str, start: int) -> str:
        """The address of a page of records."""
        if self.asked:
            return _with(self.endpoint, {**self.asked, "startPosition": str(start)})
        asked = {
            "service": "CSW",
            "version": self.version,
            "request": "GetRecords",
            "typeNames": "csw:Record",
            "resultType": "results",
            "elementSetName": "full",
            "outputSchema": schema,
            "startPosition": str(start),
            "maxRecords": str(PAGE),
        }
        if self.version.startswith("3."):
            del asked["resultType"]  # version 3 has none
        return _with(self.endpoint, asked)


def _schemas(offered: list[str], version: str) -> list[str]:
    """The schemas to ask for, those that say most first; ISO is worth a try where nothing is said."""
    dublin_core = _DUBLIN_CORE[version]
    known = [*_ISO, _DCAT, dublin_core]
    if not offered:
        return [_ISO[0], dublin_core]
    exact = {each.rstrip("#/"): each for each in offered}
    found = [exact[each.rstrip("#/")] for each in known if each.rstrip("#/") in exact]
    return found if dublin_core in found else [*found, dublin_core]


def _here(url: str, endpoint: str | None) -> str:
    """The address that the capabilities name; where that is another host's, the one that answered.

    Services behind a proxy name themselves by a name that only the proxy knows.
    """
    own = _without_question(url)
    if not endpoint or not endpoint.startswith("http"):
        return own
    return endpoint if urlsplit(endpoint).netloc == urlsplit(url).netloc else own


_OWN_WORDS = {
    *("service", "version", "request", "acceptversions", "sections", "acceptformats", "typenames"),
    *("outputschema", "resulttype", "elementsetname", "startposition", "maxrecords", "outputformat"),
    *("namespace", "constraintlanguage", "constraint", "constraint_language_version", "sortby"),
}


def _without_question(url: str) -> str:
    """The address without CSW's own parameters; others may be a part of it (`?map=…`)."""
    parts = urlsplit(url)
    kept = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0].lower() not in _OWN_WORDS
    ]
    return urlunsplit((*parts[:3], urlencode(kept), ""))


def _with(endpoint: str, asked: dict[str, str]) -> str:
    joint = "" if endpoint.endswith(("?", "&")) else "&" if "?" in endpoint else "?"
    return endpoint + joint + urlencode(asked)
