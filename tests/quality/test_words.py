"""The words: plain, complete, translatable, and the same in the documentation."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import harvester
from harvester.model import Finding
from harvester.quality import explain, load_profile, messages
from harvester.quality.checks import CHECKS
from harvester.quality.profile import UNKNOWN, WRONG_TYPE
from harvester.quality.tables import TABLES
from harvester.quality.words import reference

PROFILE = load_profile()
ROOT = Path(__file__).resolve().parents[2]


def finding(code: str, field: str | None, raw: str = "") -> Finding:
    return Finding(code=code, severity="info", source="elmford", dataset="trees-1", field=field, raw=raw)


def test_a_finding_is_explained_with_the_words_of_the_source():
    told = explain(
        finding("format-unrecognised", "distributions.csv-ab12.format", "{Esri} stuff"), PROFILE, "ckan"
    )
    assert told.title == "Format not recognised"
    assert told.meaning.format(**told.values) == "“{Esri} stuff” is no file format that we know."
    assert told.remedy.format(**told.values) == "Enter a common name, such as CSV, XLSX, GeoJSON or PDF."
    assert (
        told.place.format(**told.values)
        == "On your portal, open the file's page, choose Manage, and change “Format”."
    )


@pytest.mark.parametrize(
    ("field", "feed", "label"),
    [
        ("licence", "ckan", "License"),
        ("licence", "socrata", "License Type"),
        ("contacts.0.email", "ckan", "Maintainer Email"),
        ("publisher.url", "dcat", "dct:publisher"),
        ("distributions.a.b.format", "dcat_us", "format"),
        ("distributions", "spreadsheet", "Download URL"),
        ("modified", "ckan", ""),  # CKAN has no such field to fill in
        ("licence", "unheard_of", ""),
        ("licence", None, ""),
        (None, "ckan", ""),
    ],
)
def test_the_place_to_mend_it_is_named_as_the_platform_names_it(
    field: str | None, feed: str | None, label: str
):
    told = explain(finding("stale", field), PROFILE, feed)
    assert told.values["label"] == label
    assert bool(told.place) == bool(label)


def test_a_finding_without_words_is_explained_all_the_same():
    assert explain(finding("brand-new", "title"), PROFILE, None).title == PROFILE.words[UNKNOWN].title


def test_messages_are_all_that_an_explanation_can_say():
    everything = list(messages(PROFILE))
    assert len(everything) == len(set(everything))
    for code in PROFILE.words:
        for feed in PROFILE.places:
            told = explain(finding(code, "licence"), PROFILE, feed)
            assert {told.title, told.meaning, told.remedy, told.place} - {""} <= set(everything)


JARGON = re.compile(
    r"\b(regex|pattern|enum|foreign|null|string|boolean|integer|parse|schema|metadata|URI|IRI|URL|JSON|XML|UTF|ISO|"
    r"vocabulary|distribution|bbox|MIME|syntax|constraint|record|valid|validat\w+)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("code", PROFILE.words)
def test_words_are_plain_and_short(code: str):
    words = PROFILE.words[code]
    assert len(words.title) <= 45
    assert not words.title.endswith(".")
    for text in (words.meaning, words.remedy):
        plain = re.sub(r"sources\.yaml|name@town\.gov|www\.", "", text)
        assert text.endswith(".")
        assert 1 <= len(re.findall(r"[.?!](?= |$)", plain)) <= 2, text
        assert not JARGON.search(plain), text


def test_every_code_that_the_program_uses_has_words_and_no_other_has():
    """A note's code is a literal of the modules that take notes, so their source text is looked at."""
    tables = PROFILE.tables.values()
    asked = {rule.code for table in tables for rules in table.cells.values() for rule in rules.values()}
    asked |= {rule.code for table in tables for rule in table.keys.values()}
    asked |= {*CHECKS, UNKNOWN, WRONG_TYPE}
    families = {code.partition("-")[0] for code in PROFILE.words}
    nodes = [
        (path, node)
        for folder in ("normalise", "feeds")
        for path in (Path(harvester.__file__).parent / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    literals = {
        node.value for _, node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    noted = {
        keyword.value.value
        for _, node in nodes
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Note"
        for keyword in node.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }
    noted |= {
        node.value
        for path, node in nodes
        if path.parent.name == "normalise" and isinstance(node, ast.Constant)
        if re.fullmatch(r"[a-z]+(-[a-z]+)+", str(node.value)) and node.value.partition("-")[0] in families
    }
    assert noted - set(PROFILE.words) == set()
    assert set(PROFILE.words) - asked - literals == set()


def test_the_list_of_findings_is_current():
    written = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    assert written == reference(PROFILE), (
        "docs/findings.md is not current. Write it anew: python -c 'from pathlib import Path; "
        "from harvester.quality import load_profile; from harvester.quality.words import reference; "
        'Path("docs/findings.md").write_text(reference(load_profile()), encoding="utf-8")\''
    )


def test_the_guide_to_profiles_names_every_column_and_check():
    guide = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
    for table, shape in TABLES.items():
        section = re.split(r"\n\n(?!\|)", guide.split(f"\n**{table}**\n", 1)[1])[0]
        expected = [f"| `{name}` | {column.meaning} |" for name, column in shape.columns.items()]
        assert [line for line in section.splitlines() if line.startswith("| `")] == expected
    for name, each in CHECKS.items():
        assert f"| `{name}` | {each.table} |" in guide
        assert f"| {each.__doc__} |" in guide
