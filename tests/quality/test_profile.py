"""A region's own profile: what it can change, and what it is told when it is wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from textwrap import dedent

import pytest
from frictionless import Schema
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from harvester.errors import ConfigError
from harvester.model import Coded, Dataset
from harvester.quality import Profile, check, load_profile
from harvester.quality.loading import SHIPPED
from tests.make import dataset, source

TODAY = dt.date(2026, 4, 1)


def write(folder: Path, text: str) -> Path:
    path = folder / "ours.yaml"
    path.write_text(dedent(text), encoding="utf-8")
    return path


def codes(profile: Profile, *datasets: Dataset) -> list[tuple[str, str]]:
    found = check(source(), datasets or [dataset()], profile, TODAY)
    return [(each.code, each.severity) for each in found]


def of_column(text: str, rest: str = "") -> str:
    """A profile with one table of one column."""
    return f"tables: {{datasets: {{fields: [{{{text}}}]{rest}}}}}"


WORDS = "severity: info, title: T, meaning: M, remedy: R"


# ------------------------------------------------------------------------------ what it can do


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_profiles_that_we_ship_are_right(path: Path):
    assert load_profile(path).tables["datasets"].schema["fields"]


def test_the_tables_of_our_profile_are_table_schemas_as_they_stand():
    tables = YAML(typ="safe").load(SHIPPED / "non-federal.yaml")["tables"]
    for table in tables.values():
        Schema.from_descriptor(table)  # raises when it is none


def test_a_new_constraint_takes_effect(tmp_path: Path):
    text = f"""
        extends: non-federal
        tables:
          datasets:
            fields:
              - name: version
                constraints: {{required: true, pattern: 'v\\d+'}}
                findings: {{required: no-version, pattern: odd-version}}
        findings:
          no-version: {{{WORDS}}}
          odd-version: {{{WORDS}}}
    """
    profile = load_profile(write(tmp_path, text))
    assert codes(profile) == [("no-version", "info")]
    assert codes(profile, dataset(version="2")) == [("odd-version", "info")]
    assert codes(profile, dataset(version="v2")) == []


def test_a_field_of_the_source_that_we_have_no_place_for_can_be_asked_for(tmp_path: Path):
    text = f"""
        extends: non-federal
        tables:
          datasets:
            fields:
              - {{name: extra.steward, constraints: {{required: true}}, findings: {{required: steward}}}}
        findings:
          steward: {{{WORDS}}}
    """
    profile = load_profile(write(tmp_path, text))
    (finding,) = check(source(), [dataset()], profile, TODAY)
    assert (finding.code, finding.field, finding.raw) == ("steward", "extra.steward", "")
    assert codes(profile, dataset(extra={"steward": "Parks"})) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("findings: {licence-missing: {severity: error}}", [("licence-missing", "error")]),
        ("findings: {licence-missing: {severity: ignore}}", []),
        (
            of_column("name: licence, findings: {required: {code: licence-missing, severity: info}}"),
            [("licence-missing", "info")],
        ),
        (of_column("name: licence, constraints: {required: }"), []),
        (of_column("name: licence, constraints: {required: false}"), []),
        ("tables: {datasets: }", []),
    ],
    ids=["heavier", "ignored", "weight at the constraint", "taken out", "switched off", "table taken out"],
)
def test_weights_and_constraints_can_be_changed(tmp_path: Path, text: str, expected: list[tuple[str, str]]):
    profile = load_profile(write(tmp_path, f"extends: non-federal\n{text}\n"))
    assert codes(profile, dataset(licence=None)) == expected


def test_checks_and_notes_can_be_ignored_too(tmp_path: Path):
    quiet = load_profile(
        write(tmp_path, "extends: non-federal\nfindings: {licence-not-open: {severity: ignore}}\n")
    )
    closed = dataset(licence=Coded(code="CC-BY-NC-4.0", raw="cc-by-nc"))
    assert codes(load_profile(), closed) == [("licence-not-open", "info")]
    assert codes(quiet, closed) == []


def test_a_profile_of_its_own_replaces_ours_and_keeps_the_words(tmp_path: Path):
    text = """
        tables:
          contacts:
            fields:
              - {name: phone, constraints: {required: true}, findings: {required: contact-missing}}
    """
    profile = load_profile(write(tmp_path, text))
    assert list(profile.tables) == ["contacts"]
    assert codes(profile, dataset(title={}, licence=None)) == [("contact-missing", "warning")]


def test_a_key_into_its_own_table_and_a_typed_column(tmp_path: Path):
    text = f"""
        tables:
          publishers:
            fields: [{{name: name}}, {{name: parent}}]
            foreignKeys: [{{fields: parent, reference: {{resource: publishers, fields: name}}}}]
            findings: {{foreignKeys: orphan}}
          datasets:
            fields: [{{name: issued, type: date, findings: {{type: date-not-parsed}}}}]
        findings: {{orphan: {{{WORDS}}}}}
    """
    profile = load_profile(write(tmp_path, text))
    agent = dataset().publisher
    town = type(agent)(name={"en": "Town"})
    parks = type(agent)(name={"en": "Parks"}, parent="Town")
    assert codes(profile, dataset(1, publisher=parks)) == [("date-not-parsed", "warning"), ("orphan", "info")]
    assert ("orphan", "info") not in codes(profile, dataset(1, publisher=parks), dataset(2, publisher=town))


def test_the_example_in_the_guide_works(tmp_path: Path):
    guide = (Path(__file__).resolve().parents[2] / "docs" / "profiles.md").read_text(encoding="utf-8")
    text = guide.split("# our-profile.yaml\n", 1)[1].split("```", 1)[0]
    profile = load_profile(write(tmp_path, text))
    assert codes(profile) == [("steward-missing", "info")]
    stewarded = {"extra": {"steward": "Parks"}}
    assert codes(profile, dataset(licence=None, **stewarded)) == [("licence-missing", "error")]
    mit = Coded(code="MIT", raw="MIT")
    assert codes(profile, dataset(licence=mit, **stewarded)) == [("licence-not-allowed", "warning")]


def test_the_federal_example_asks_for_more():
    told = codes(
        load_profile(SHIPPED / "federal.yaml"),
        dataset(extra={"bureauCode": "?", "programCode": '["015:001"]'}),
    )
    assert told == [("access-rights-missing", "error"), ("bureau-code-invalid", "error")]


def test_the_digest_changes_with_anything_in_the_profile(tmp_path: Path):
    texts = [
        "extends: non-federal",
        "extends: non-federal\nname: Other",
        "extends: non-federal\nfindings: {stale: {severity: warning}}",
        "extends: non-federal\nfindings: {stale: {remedy: Hurry.}}",
        "extends: non-federal\ntables: {datasets: {fields: [{name: title, constraints: {minLength: 4}}]}}",
        "extends: non-federal\nplaces: {ckan: {labels: {title: Heading}}}",
    ]
    digests = [load_profile(write(tmp_path, text)).digest for text in texts]
    assert len(set(digests)) == len(texts)
    assert load_profile(write(tmp_path, texts[0] + "  # a comment")).digest == digests[0]


# ------------------------------------------------------------------------------ what it can do wrong

MISTAKES = [
    ("tabels: {}", 1, "“tabels” is not known here. Did you mean “tables”?"),
    ("extends: non-federl", 1, "Did you mean “non-federal”?"),
    ("name: x", 1, "The profile has no tables."),
    ("- a\n- b", 1, "A profile is a list of keys"),
    ("", 1, "A profile is a list of keys"),
    ("a: [", 1, "This is not valid YAML"),
    ("a: \t@", 1, "This is not valid YAML"),
    ("name: x\nname: y", 2, "“name” is written twice."),
    ("name: &a [1]\nplaces: *a", 2, "References (& and *)"),
    ("tables: 3", 1, "“tables” must hold keys and values."),
    ("tables: {dataset: {}}", 1, "Did you mean “datasets”?"),
    ("tables:\n  datasets: {}", 2, "“fields” must be a list of columns"),
    ("tables:\n  datasets:\n    fields:\n      - name: licens", 4, "Did you mean “licence”?"),
    (of_column("name: title}, {name: title"), 1, "each with a `name` of its own"),
    ("extends: non-federal\ntables: {datasets: {fields: [{name: title}, {nam: x}]}}", 2, "“fields” must be"),
    (of_column("name: title, constrains: {}"), 1, "Did you mean “constraints”?"),
    (of_column("name: title, constraints: {requird: true}"), 1, "“requird” is not known"),
    (
        "tables:\n  datasets:\n    fields:\n      - name: title\n        constraints: {required: true}",
        4,
        "Nothing says what is reported when “required” is broken here. "
        "Add `findings: {required: …}` with the code of a finding.",
    ),
    (
        of_column("name: title, constraints: {required: true}, findings: {required: no-titel}"),
        1,
        "“no-titel” is not known here.",
    ),
    (
        of_column("name: title, constraints: {pattern: '('}, findings: {pattern: title-missing}"),
        1,
        "Frictionless does not accept this: error:",
    ),
    (
        of_column("name: title, constraints: {minLength: x}, findings: {minLength: title-missing}"),
        1,
        "Frictionless does not accept this",
    ),
    (
        of_column("name: pages, type: integer, constraints: {minimum: x}, findings: {minimum: stale}"),
        1,
        "Frictionless does not accept this",
    ),
    (of_column("name: title, type: wurst"), 1, "Frictionless does not accept this"),
    (of_column("name: title, vocabulary: colours"), 1, "“colours” is not known here."),
    (
        of_column("name: licence, vocabulary: licences, constraints: {enum: [a]}, findings: {enum: stale}"),
        1,
        "A column has a vocabulary or an `enum`, and not both.",
    ),
    (of_column("name: title", ", checks: [stail]"), 1, "Did you mean “stale”?"),
    (
        of_column("name: modified", ", checks: [stale]"),
        1,
        "The check “stale” needs the columns frequency in this table.",
    ),
    ("tables: {contacts: {fields: [{name: name}], checks: [stale]}}", 1, "“stale” is not known here."),
    (of_column("name: title", ", primaryKey: id"), 1, "“id” is not known here."),
    (
        of_column("name: title", ", foreignKeys: [{fields: title, reference: {resource: town}}]"),
        1,
        "“town” is not known here.",
    ),
    (
        of_column(
            "name: title",
            ", foreignKeys: {fields: title, reference: {resource: names, fields: [name, dataset]}}",
        ),
        1,
        "must have as many columns",
    ),
    ("extends: non-federal\nfindings:\n  stale: {severity: fatal}", 3, "“fatal” is not known here."),
    ("extends: non-federal\nfindings:\n  mine: {severity: info, title: x}", 3, "“meaning” must be a text."),
    (
        "extends: non-federal\nfindings:\n  stale: {remedy: 'Ask {name}'}",
        3,
        "Only “{raw}” can stand in braces",
    ),
    ("extends: non-federal\nfindings:\n  stale: {remedy: 'Ask {'}", 3, "Only “{raw}” can stand in braces"),
    (
        "extends: non-federal\nplaces:\n  ckan: {dataset: 'See {raw}'}",
        3,
        "Only “{label}” can stand in braces",
    ),
]


@pytest.mark.parametrize(("text", "line", "told"), MISTAKES, ids=lambda value: str(value)[:50])
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, told: str):
    with pytest.raises(ConfigError) as raised:
        load_profile(write(tmp_path, text))
    mistakes = [str(mistake) for mistake in raised.value.mistakes]
    assert any(each.startswith(f"ours.yaml, line {line}: ") and told in each for each in mistakes), mistakes


def test_all_mistakes_are_told_at_once(tmp_path: Path):
    text = """
        extends: non-federal
        colour: red
        findings:
          stale: {severity: fatal}
        tables:
          datasets:
            checks: [none]
    """
    with pytest.raises(ConfigError) as raised:
        load_profile(write(tmp_path, text))
    assert [mistake.where for mistake in raised.value.mistakes] == [
        "ours.yaml, line 3",
        "ours.yaml, line 5",
        "ours.yaml, line 8",
    ]


def test_a_profile_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_profile(tmp_path / "ours.yaml")


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\x00",
        b"\x00",
        b"a: " + b"[" * 1_000,
        b"? [a]\n: b\n",
        b"name: " + b"9" * 5_000,
        b"!!python/object:os.system {}",
    ],
)
def test_what_is_no_profile_at_all_ends_in_one_clear_line(tmp_path: Path, body: bytes):
    (tmp_path / "ours.yaml").write_bytes(body)
    with pytest.raises(ConfigError, match=r"ours\.yaml, line \d+: "):
        load_profile(tmp_path / "ours.yaml")


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["title", "stale", "(", "datasets"])
)
KEYS = """
    name extends tables findings places datasets fields constraints pattern enum required minimum type
    primaryKey foreignKeys reference checks severity labels ckan vocabulary
"""
keys = st.sampled_from(KEYS.split())
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=25,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(keys, trees, max_size=4), st.booleans())
def test_any_yaml_is_a_profile_or_a_list_of_mistakes(
    tmp_path_factory: pytest.TempPathFactory, tree: dict, extends: bool
):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe").dump({**tree, **({"extends": "non-federal"} if extends else {})}, stream)
    try:
        profile = load_profile(path)
    except ConfigError as error:
        wrong = [each.where for each in error.mistakes if not each.where.startswith("any.yaml, line ")]
    else:
        wrong = [code for code, _ in codes(profile) if code not in profile.words]
    assert wrong == []
