"""The translators' work list: every message of the interface, and the catalogues brought up to date with it.

`python -m harvester.language` (or `make messages`) writes `locale/harvester.pot` and adds what is new to each
`locale/<tag>/LC_MESSAGES/harvester.po`; words that nobody uses any more are taken out. What has no
translation is shown in English; a test fails until French and Spanish are complete.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import harvester
from harvester import quality
from harvester.language import DOMAIN, LOCALES
from harvester.site import theme

PACKAGE = Path(harvester.__file__).parent

_NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""In the files' headers, so that nothing changes when no message does."""

_KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def template() -> Catalog:
    """Every message, with the files that it stands in."""
    made = _catalog()
    for message, places in _messages():
        made.add(message, locations=[(place, 0) for place in places])
    return made


def _messages() -> Iterator[tuple[str | tuple[str, ...], list[str]]]:
    for folder, name in ((PACKAGE, "harvester"), (theme.own_folder(), "site_templates")):
        found = extract_from_dir(
            folder,
            [("**/templates/**.html", "jinja2"), ("templates/**.html", "jinja2"), ("**.py", "python")],
            {"**/templates/**.html": {"trimmed": "true"}, "templates/**.html": {"trimmed": "true"}},
            keywords=_KEYWORDS,
            directory_filter=lambda path: Path(path).name not in ("__pycache__", "starter"),
        )
        for path, _, message, _, _ in found:
            yield message, [f"{name}/{Path(path).as_posix()}"]
    for message in quality.messages(quality.load_profile(None)):
        yield message, ["harvester/quality/profiles/non-federal.yaml"]


def translated(tag: str, source: Catalog) -> Catalog:
    """The catalogue of a language with exactly the messages of `source`, its translations kept."""
    path = po_file(tag)
    made = _catalog(tag)
    if path.is_file():
        for message in read_po(io.StringIO(path.read_text("utf-8")), locale=tag):
            if message.id:
                made[message.id] = message
    made.update(source, no_fuzzy_matching=True)
    made.obsolete.clear()
    return made


def po_file(tag: str) -> Path:
    """Where the translations of a language are kept."""
    return LOCALES / tag.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}.po"


def text(catalog: Catalog) -> str:
    """The catalogue as it is written: sorted, without line numbers, so that changes are easy to read."""
    out = io.BytesIO()
    write_po(out, catalog, width=100, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return out.getvalue().decode()


def update() -> None:
    """Bring the template and all catalogues up to date."""
    source = template()
    (LOCALES / f"{DOMAIN}.pot").write_text(text(source), "utf-8")
    for path in sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        tag = path.parent.parent.name
        path.write_text(text(translated(tag, source)), "utf-8")


def _catalog(tag: str | None = None) -> Catalog:
    return Catalog(
        locale=Locale.parse(tag) if tag else None,
        domain=DOMAIN,
        project="Harvester",
        version=harvester.__version__,
        copyright_holder="the authors of Harvester",
        msgid_bugs_address="see the project's issue tracker",
        creation_date=_NO_DAY,
        revision_date=_NO_DAY,
        last_translator="the authors of Harvester",
        language_team=tag or "LANGUAGE",
        fuzzy=False,
    )
