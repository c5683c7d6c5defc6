"""From a profile's YAML to a `Profile`: every mistake at once, with its line and what to write."""

from __future__ import annotations

import difflib
import hashlib
import string
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import msgspec

from harvester import vocabularies
from harvester.errors import ConfigError
from harvester.model import N_, Severity
from harvester.quality.document import Document, Keys, read
from harvester.quality.profile import Place, Profile, Rule, Table, Weight, Words
from harvester.quality.tables import EXTRA, TABLES, column

SHIPPED = Path(__file__).parent / "profiles"
DEFAULT = "non-federal"

VOCABULARIES: dict[str, Callable[[], Mapping[str, object]]] = {
    "access_rights": vocabularies.access_rights,
    "formats": vocabularies.formats,
    "frequencies": vocabularies.frequencies,
    "licences": vocabularies.licences,
    "themes": vocabularies.themes,
}
"""The code lists that a column can be held against."""

_PROFILE_KEYS = ("name", "extends", "tables", "findings", "places")
_TABLE_KEYS = ("fields", "primaryKey", "foreignKeys", "missingValues", "findings", "checks")
_FIELD_KEYS = (
    "name", "type", "format", "title", "description", "example", "constraints", "missingValues",
    "vocabulary", "findings",
)  # fmt: skip
_CONSTRAINTS = (
    "required", "unique", "pattern", "enum", "minLength", "maxLength",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
)  # fmt: skip
_WEIGHTS = (*get_args(Severity), "ignore")


def load_profile(path: Path | None = None) -> Profile:
    """Read a region's profile, or the one that we ship. Raises `ConfigError` with all mistakes."""
    document = read(path or SHIPPED / f"{DEFAULT}.yaml")
    _known(document, (), document.data, _PROFILE_KEYS)
    data = _whole(document)
    words = _words(document, data.get("findings"))
    places = _places(document, data.get("places"))
    tables = {
        name: _table(document, ("tables", name), table, words)
        for name, table in _mapping(document, ("tables",), data.get("tables")).items()
        if _is_known(document, ("tables", name), name, TABLES)
    }
    if not tables:
        document.mistake(
            (), N_("The profile has no tables."), N_("Write `extends: non-federal` to have ours.")
        )
    if document.mistakes:
        raise ConfigError(document.mistakes)
    name = str(data.get("name") or document.path.stem)
    everything = msgspec.json.encode([name, tables, words, places], order="deterministic")
    return Profile(
        name=name,
        tables={table: tables[table] for table in TABLES if table in tables},
        words=words,
        places=places,
        vague=frozenset(_vague(data["tables"], tables)),
        digest=hashlib.sha256(everything).hexdigest()[:16],
    )


def _vague(written: Mapping[str, Any], tables: Mapping[str, Table]) -> Iterator[str]:
    for name, table in tables.items():
        for field in written[name]["fields"]:
            if "vocabulary" in field:
                yield table.cells[field["name"]]["enum"].code


# ------------------------------------------------------------------------------ one over the other


def _whole(document: Document) -> dict[str, Any]:
    """What the file says, over what it extends. Words and places it always has from ours."""
    extends = document.data.get("extends")
    shipped = sorted(each.stem for each in SHIPPED.glob("*.yaml"))
    if extends is not None and _is_known(document, ("extends",), extends, shipped):
        base = _whole(_shipped(extends))
    elif document.path.parent == SHIPPED and document.path.stem == DEFAULT:
        base = {}
    else:
        ours = _shipped(DEFAULT).data
        base = {"findings": ours["findings"], "places": ours["places"]}
    return _over(base, document.data)


@cache
def _shipped(name: str) -> Document:
    return read(SHIPPED / f"{name}.yaml")


def _over(base: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """`own` laid over `base`: mappings key by key, columns by name; a blank value takes something out."""
    merged = dict(base)
    for key, value in own.items():
        below = merged.get(key)
        if value is None:
            merged.pop(key, None)
        elif isinstance(below, dict) and isinstance(value, dict):
            merged[key] = _over(below, value)
        elif (
            key == "fields" and _named(below) and isinstance(value, list) and len(_named(value)) == len(value)
        ):
            merged[key] = list(_over(_named(below), _named(value)).values())
        else:
            merged[key] = value
    return merged


def _named(items: object) -> dict[str, dict[str, Any]]:
    """A list of mappings by their `name`; empty when it is anything else."""
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        return {}
    return {each["name"]: each for each in items if isinstance(each.get("name"), str)}


# ------------------------------------------------------------------------------ words


def _words(document: Document, value: object) -> dict[str, Words]:
    found = {}
    for code, entry in _mapping(document, ("findings",), value).items():
        keys = ("findings", code)
        entry = _mapping(document, keys, entry)
        _known(document, keys, entry, Words.__struct_fields__)
        severity = entry.get("severity")
        _is_known(document, (*keys, "severity"), severity, _WEIGHTS)
        texts = {
            part: _message(document, keys, entry, part, "raw") for part in ("title", "meaning", "remedy")
        }
        found[code] = Words(severity=severity, **texts)  # type: ignore[arg-type]  # looked at just now
    return found


def _places(document: Document, value: object) -> dict[str, Place]:
    found = {}
    for feed, entry in _mapping(document, ("places",), value).items():
        keys = ("places", feed)
        entry = _mapping(document, keys, entry)
        _known(document, keys, entry, Place.__struct_fields__)
        labels = _mapping(document, (*keys, "labels"), entry.get("labels"))
        found[feed] = Place(
            dataset=_message(document, keys, entry, "dataset", "label"),
            file=_message(document, keys, entry, "file", "label"),
            labels={field: str(label) for field, label in labels.items()},
        )
    return found


def _message(document: Document, keys: Keys, entry: Mapping[str, Any], part: str, place: str) -> str:
    """A text of which only `{place}` is filled in later."""
    text = entry.get(part)
    if not isinstance(text, str) or not text:
        document.mistake((*keys, part), N_("“{part}” must be a text."), part=part)
        return ""
    try:
        fields = {
            (name, form, conversion)
            for _, name, form, conversion in string.Formatter().parse(text)
            if name is not None
        }
    except ValueError:
        fields = {("{", "", None)}
    if fields - {(place, "", None)}:
        document.mistake(
            (*keys, part),
            N_("Only “{place}” can stand in braces in this text."),
            N_("Write other braces twice."),
            place="{" + place + "}",
        )
    return text


# ------------------------------------------------------------------------------ tables


def _table(document: Document, keys: Keys, value: object, words: Mapping[str, Words]) -> Table:
    from harvester.quality.validate import refusals  # Frictionless is slow to import

    table = _mapping(document, keys, value)
    _known(document, keys, table, _TABLE_KEYS)
    fields = _fields(document, keys, table.get("fields"))
    schema: dict[str, Any] = {"fields": [_descriptor(document, (*keys, "fields"), each) for each in fields]}
    columns = [each["name"] for each in fields]
    if "missingValues" in table:
        schema["missingValues"] = table["missingValues"]
    if "primaryKey" in table:
        schema["primaryKey"] = _columns(document, (*keys, "primaryKey"), table["primaryKey"], columns)
    if "foreignKeys" in table:
        schema["foreignKeys"] = _foreign_keys(document, (*keys, "foreignKeys"), table["foreignKeys"], columns)
    for field, reason in refusals(schema):
        document.mistake(
            (*keys, "fields", field),
            N_("Frictionless does not accept this: {reason}."),
            N_("See the Table Schema specification."),
            reason=reason,
        )
    return Table(
        schema=schema,
        cells={
            each["name"]: _cell_rules(document, (*keys, "fields", each["name"]), each, words)
            for each in fields
        },
        keys=_rules(
            document, keys, table, words, [key for key in ("primaryKey", "foreignKeys") if schema.get(key)]
        ),
        checks=_checks(document, (*keys, "checks"), table.get("checks", []), columns, words),
    )


def _fields(document: Document, keys: Keys, value: object) -> list[dict[str, Any]]:
    fields = _named(value)
    if not fields or not isinstance(value, list) or len(fields) < len(value):
        document.mistake(
            (*keys, "fields"),
            N_("“fields” must be a list of columns, each with a `name` of its own."),
        )
    known = [*TABLES[keys[-1]].columns, f"{EXTRA}…"]
    found = []
    for name, field in fields.items():
        place = (*keys, "fields", name)
        _known(document, place, field, _FIELD_KEYS)
        if column(keys[-1], name) or _is_known(document, place, name, known):
            found.append(field)
    return found


def _descriptor(document: Document, keys: Keys, field: Mapping[str, Any]) -> dict[str, Any]:
    """A column as Table Schema has it, with its code list filled in."""
    keys = (*keys, field["name"])
    constraints = dict(_mapping(document, (*keys, "constraints"), field.get("constraints")))
    _known(document, (*keys, "constraints"), constraints, _CONSTRAINTS)
    if "vocabulary" in field and _is_known(
        document, (*keys, "vocabulary"), field["vocabulary"], VOCABULARIES
    ):
        if "enum" in constraints:
            document.mistake(keys, N_("A column has a vocabulary or an `enum`, and not both."))
        constraints["enum"] = [*VOCABULARIES[field["vocabulary"]]()]
    ours = {"vocabulary", "findings", "constraints"}
    return {**{key: each for key, each in field.items() if key not in ours}, "constraints": constraints}


def _cell_rules(
    document: Document, keys: Keys, field: Mapping[str, Any], words: Mapping[str, Words]
) -> dict[str, Rule]:
    constraints = field.get("constraints")
    broken = (
        [name for name, limit in constraints.items() if limit is not False]
        if isinstance(constraints, dict)
        else []
    )
    broken += [name for name in ("vocabulary", "format") if name in field and field[name] != "default"]
    rules = _rules(document, keys, field, words, broken, ("type",))
    # Frictionless calls a broken format a wrong type, and a code list is its `enum`.
    renamed = {"vocabulary": "enum", "format": "type"}
    return {renamed.get(name, name): rule for name, rule in rules.items()}


def _rules(
    document: Document,
    keys: Keys,
    holder: Mapping[str, Any],
    words: Mapping[str, Words],
    needed: Collection[str],
    possible: Collection[str] = (),
) -> dict[str, Rule]:
    """The rules that `findings:` of a table or column names: one for each that is needed."""
    place = (*keys, "findings")
    findings = _mapping(document, place, holder.get("findings"))
    _known(
        document,
        place,
        findings,
        (*_CONSTRAINTS, "vocabulary", "format", "type", "primaryKey", "foreignKeys"),
    )
    rules = {}
    for name in (*needed, *possible):
        if name in findings:
            rules[name] = _rule(document, (*place, name), findings[name], words)
        elif name in needed and name in (*_CONSTRAINTS, "vocabulary", "format", "primaryKey", "foreignKeys"):
            document.mistake(
                keys,
                N_("Nothing says what is reported when “{name}” is broken here."),
                N_("Add `findings: {{{name}: …}}` with the code of a finding."),
                name=name,
            )
    return rules


def _rule(document: Document, keys: Keys, value: object, words: Mapping[str, Words]) -> Rule:
    """A finding's code, alone or with a severity that holds only here."""
    entry: dict[str, Any] = value if isinstance(value, dict) else {"code": value}
    _known(document, keys, entry, Rule.__struct_fields__)
    code = entry.get("code")
    if not _is_known(document, keys, code, words):
        return Rule(code="", severity="ignore")
    severity: Weight = entry.get("severity", words[str(code)].severity)
    _is_known(document, (*keys, "severity"), severity, _WEIGHTS)
    return Rule(code=str(code), severity=severity)


def _foreign_keys(document: Document, keys: Keys, value: object, columns: list[str]) -> list[dict[str, Any]]:
    found = []
    for number, each in enumerate(value if isinstance(value, list) else [value]):
        place = (*keys, str(number))
        foreign = _mapping(document, place, each)
        reference = _mapping(document, place, foreign.get("reference"))
        resource = reference.get("resource")
        if not _is_known(document, place, resource, TABLES):
            continue
        fields = _columns(document, place, foreign.get("fields"), columns)
        others = _columns(document, place, reference.get("fields"), TABLES[str(resource)].columns)
        if len(fields) != len(others):
            document.mistake(place, N_("The key and its reference must have as many columns."))
        found.append({"fields": fields, "reference": {"resource": resource, "fields": others}})
    return found


def _columns(document: Document, keys: Keys, value: object, known: Collection[str]) -> list[str]:
    names: list[Any] = value if isinstance(value, list) and value else [value]
    return [name for name in names if _is_known(document, keys, name, known)]


def _checks(
    document: Document, keys: Keys, value: object, columns: list[str], words: Mapping[str, Words]
) -> tuple[str, ...]:
    from harvester.quality.checks import CHECKS  # Frictionless is slow to import

    fitting = [name for name, check in CHECKS.items() if check.table == keys[1]]
    found = []
    for name in value if isinstance(value, list) else [value]:
        if not _is_known(document, keys, name, fitting):
            continue
        _is_known(document, keys, name, words)
        missing = [each for each in CHECKS[str(name)].needs if each not in columns]
        if missing:
            document.mistake(
                keys,
                N_("The check “{check}” needs the columns {missing} in this table."),
                N_("Add them under `fields:`, or take the check out."),
                check=name,
                missing=", ".join(missing),
            )
        found.append(str(name))
    return tuple(found)


# ------------------------------------------------------------------------------ small questions


def _mapping(document: Document, keys: Keys, value: object) -> dict[str, Any]:
    if value is None or isinstance(value, dict):
        return value or {}
    document.mistake(keys, N_("“{key}” must hold keys and values."), key=keys[-1])
    return {}


def _known(document: Document, keys: Keys, mapping: Mapping[str, Any], known: Collection[str]) -> None:
    for key in mapping:
        _is_known(document, (*keys, key), key, known)


def _is_known(document: Document, keys: Keys, name: object, known: Collection[str]) -> bool:
    """Is the name one of those known? If not, that is a mistake, and the nearest known one is named."""
    if isinstance(name, str) and name in known:
        return True
    near = difflib.get_close_matches(str(name), list(known), 1)
    document.mistake(
        keys,
        N_("“{name}” is not known here."),
        N_("Did you mean “{near}”?") if near else N_("Write one of: {known}."),
        name=name,
        near="".join(near),
        known=", ".join([*known][:12]) + (", …" if len(known) > 12 else ""),
    )
    return False
