"""Evil town: records that mean harm, through the whole line, from a portal's answer to the published files.

tests/site/test_hostile.py puts attacks into every field of the catalogue, tests/site/test_browser.py opens
its pages; here they come as a portal sends them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import html5lib
import pytest

from tests.test_cli import harvester, region

ALERT = "alert('evil')"

ATTACKS: list[dict[str, Any]] = [
    {"title": f"</script><script>{ALERT}</script>", "description": f"<svg/onload={ALERT}><p>x"},
    {"title": "<!--<script> nothing closes this", "keyword": ["]]>", "<![CDATA[", "&lt;b&gt;"]},
    {"title": "evil-{{7*7}}{% raw %}{{ config }}", "description": "{{ x }} ${7*7} <%= 7*7 %> {0} %(a)s"},
    {"title": "=cmd|' /C calc'!A0", "publisher": {"name": "+HYPERLINK(1)"}, "description": "@SUM(1)"},
    {"title": "\t=1+1", "identifier": "-1+1", "keyword": ["=1", "＝1"], "license": "=1+1"},
    {"title": "../../../index.html", "identifier": "../../etc/passwd", "publisher": {"name": "../.."}},
    {"title": "/etc/cron.d/evil", "identifier": "..\\..\\win.ini", "publisher": {"name": "/etc/passwd"}},
    {"title": "%2e%2e%2fx", "identifier": "%00%2e%2e?x=1#y&z", "publisher": {"name": "%2e%2e"}},
    {"title": "NUL.txt", "identifier": "CON", "publisher": {"name": "CON"}},
    {"title": "aux", "identifier": "aux", "publisher": {"name": "NUL.html"}},
    {"title": "com1", "identifier": "LPT9", "publisher": {"name": "AUX"}},
    {"title": "index", "identifier": "404", "publisher": {"name": "index.html"}},
    {"title": "PARKS", "identifier": "Evil-Parks", "publisher": {"name": "PARKS"}},
    {"title": "parks", "identifier": "evil-parks", "publisher": {"name": "parks"}},
    {"title": "Caf\u00e9", "identifier": "caf\u00e9", "publisher": {"name": "Caf\u00e9"}},
    {"title": "Cafe\u0301", "identifier": "cafe\u0301", "publisher": {"name": "Cafe\u0301"}},
    {"title": "---", "identifier": "???", "publisher": {"name": "???"}},
    {"title": "Budget \u202exslx.exe\u2066", "identifier": "\u202ertl", "description": "a\u202eb\u2069"},
    {"title": "Trees\r\n::error::evil\x1b[2J\x07\x00", "identifier": "a\x00b", "description": "\x0b\x0c\ufffe"},
    {"title": "Long " * 20_000, "description": "A" * 100_000, "identifier": "i" * 100_000},
    {"title": "javascript links", "landingPage": f"javascript:{ALERT}", "license": f" \njavascript:{ALERT}"},
    {"title": "files", "distribution": [{"downloadURL": f"\x01jAvA\tscript:{ALERT}"}, {"downloadURL": "data:text/html,x"}]},
    {"title": "addresses", "landingPage": "file:///etc/passwd", "references": ["http://169.254.169.254/"]},
    {"title": ["a", {"b": 1}], "description": {"@value": "x"}, "keyword": "not, a list", "identifier": 12345},
    {"title": 300.21, "description": None, "keyword": None, "identifier": True, "modified": 20240229},
    {"title": "mail", "contactPoint": {"fn": "Desk\r\nBcc: x", "hasEmail": "mailto:a@b.example?bcc=x&body=%0d"}},
    {"title": "ten thousand words", "keyword": [f"word-{n}" for n in range(10_000)]},
]  # fmt: skip

RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""What Windows takes for a device, with any extension (learn.microsoft.com, "Naming Files")."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = [
        {"identifier": f"d{number}", "accessLevel": "public", "keyword": ["evil"], **attack}
        for number, attack in enumerate(ATTACKS)
    ]
    feed = json.dumps({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": records})
    folder = tmp_path_factory.mktemp("town") / "region"
    region(folder, "url: data.json\n    id: evil-town\n    name: Evil town", data_json=feed)
    done = harvester(folder, "run")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert not re.search(r"^::", done.stdout + done.stderr, re.MULTILINE), "no command for the CI machine"
    return folder


def files(town: Path, pattern: str) -> list[Path]:
    found = sorted((town / "build/site").rglob(pattern))
    assert found
    return found


def test_every_record_is_in_the_catalogue(town: Path) -> None:
    assert len([*(town / "build/site/dataset").iterdir()]) == len(ATTACKS)


def test_nothing_is_written_anywhere_else(town: Path) -> None:
    assert [each.name for each in town.parent.iterdir()] == ["region"]
    assert {each.name for each in town.iterdir()} == {"sources.yaml", "data.json", "build", "store"}


def test_every_name_can_be_stored_everywhere(town: Path) -> None:
    """On Windows and on file systems that do not tell case apart, where people unpack and serve a site."""
    for folder in [town / "build/site", *files(town, "*")]:
        if not folder.is_dir():
            continue
        names = [each.name for each in folder.iterdir()]
        assert len({name.casefold() for name in names}) == len(names), folder
        for name in names:
            assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}|\.nojekyll", name), (folder, name)
            assert not RESERVED.fullmatch(name), (folder, name)
            assert not name.endswith(".")


def test_every_page_is_valid_html(town: Path) -> None:
    for path in files(town, "*.html"):
        html5lib.HTMLParser(strict=True, namespaceHTMLElements=True).parse(path.read_text())


def test_no_page_has_two_elements_of_one_name(town: Path) -> None:
    for path in files(town, "*.html"):
        names = re.findall(r"""<[a-z][^<>]*?\sid=["']?([^"'\s>]+)""", path.read_text())
        assert len(set(names)) == len(names), path


def test_no_script_stands_in_a_page_but_our_own_and_its_data(town: Path) -> None:
    for path in files(town, "*.html"):
        tree = html5lib.parse(path.read_text(), namespaceHTMLElements=False)
        for element in tree.iter():
            assert not any(name.startswith("on") for name in element.attrib if isinstance(name, str)), path
            for name in ("href", "src", "action"):
                assert re.match(r"https?://|mailto:|/|#|$", element.get(name, "")), (path, element.get(name))
            if element.tag == "script" and not element.get("src"):
                assert element.get("type") in ("application/json", "application/ld+json"), path
                json.loads(element.text)


def test_templates_and_device_codes_stay_words(town: Path) -> None:
    for path in files(town, "*"):
        if path.suffix in (".html", ".atom", ".xml"):
            text = path.read_text()
            for never in ("evil-49", "\x00", "\x1b", "\x07", "\u202e", "\u2066"):
                assert never not in text, (path, never)


def test_no_cell_is_a_formula(town: Path) -> None:
    csv.field_size_limit(10_000_000)
    cells = [
        cell
        for path in files(town, "*.csv")
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        for cell in row
    ]
    assert any("cmd|' /C calc'!A0" in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in tuple("=+@\t\r\n＝＋＠")] == []
    assert [cell for cell in cells if cell[:1] == "-" and not re.fullmatch(r"-\d+(\.\d+)?", cell)] == []


def test_the_database_holds_words_and_is_whole(town: Path) -> None:
    for path in files(town, "*.sqlite"):
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_data_outputs_can_be_read(town: Path) -> None:
    for path in files(town, "*.json"):
        json.loads(path.read_text())
