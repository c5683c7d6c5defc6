"""The theme: templates, styles, scripts, icons and content pages, ours and the region's over them.

A region overrides any file by putting one of the same path under `site_templates/` beside its sources.yaml:

    site_templates/templates/home.html      a page            (Jinja2)
    site_templates/static/style.css         a style, script or picture; new ones are published too
    site_templates/content/en/about.md      a content page    (Markdown); new ones become pages too
    site_templates/locale/fr.po             words of the interface

Everything is read here, once; what comes after is pure and can be sent to another process.
"""

from __future__ import annotations

import hashlib
import html
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined, TemplateRuntimeError
from jinja2.ext import Extension
from markupsafe import Markup
from msgspec import Struct

import harvester
from harvester.errors import HarvesterError
from harvester.model import N_
from harvester.site.voice import Voice

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)
"""What a page may load: nothing but its own site's files. A server may add `frame-ancestors 'none'`,
which a page cannot say of itself."""


class Theme(Struct, frozen=True):
    """All files of the theme by their path below their folder."""

    templates: dict[str, str]
    static: dict[str, bytes]
    content: dict[str, dict[str, str]]  # language → name without ".md" → Jinja2 and Markdown
    messages: dict[str, str]  # language → the region's own .po file

    def versions(self) -> dict[str, str]:
        """Static file → the beginning of its hash, which makes browsers fetch a changed one anew."""
        return {name: hashlib.sha256(data).hexdigest()[:10] for name, data in self.static.items()}


def own_folder() -> Path:
    """Where our theme lies: inside the installed package, or beside it in a checkout."""
    package = Path(harvester.__file__).parent
    inside = package / "site_templates"
    return inside if inside.is_dir() else package.parent / "site_templates"


def load(*folders: Path) -> Theme:
    """The theme of all `folders`, a later one over an earlier one. Raises `HarvesterError` for a text
    that is not UTF-8."""
    files = {
        path.relative_to(folder).as_posix(): path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
    templates: dict[str, str] = {}
    static: dict[str, bytes] = {}
    content: dict[str, dict[str, str]] = {}
    messages: dict[str, str] = {}
    for name, path in sorted(files.items()):
        kind, _, rest = name.partition("/")
        if kind == "templates" and rest:
            templates[rest] = _text(path)
        elif kind == "static" and rest:
            static[rest] = path.read_bytes()
        elif kind == "content" and rest.endswith(".md") and rest.count("/") == 1:
            language, _, file = rest.partition("/")
            content.setdefault(language, {})[file.removesuffix(".md")] = _text(path)
        elif kind == "locale" and rest.endswith(".po"):
            messages[rest.removesuffix(".po")] = _text(path)
    return Theme(templates, static, content, messages)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise HarvesterError(
            str(path),
            N_("This file is not UTF-8 text (byte {position})."),
            N_("Save it as UTF-8."),
            position=error.start,
        ) from error


def environment(
    templates: dict[str, str], versions: dict[str, str], voice: Voice, globals: dict[str, Any]
) -> Environment:
    """Jinja2 for one language. Everything is escaped; a name that is not there is an error."""
    made = Environment(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", _Fold],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(voice.translations, newstyle=True)  # type: ignore[attr-defined]
    made.extend(say=voice.say)

    @cache
    def asset(name: str) -> str:
        """The link to a static file, with its version."""
        if name not in versions:
            raise TemplateRuntimeError(f"there is no file static/{name}")
        return f"{voice.addresses.shared(f'/static/{name}')}?v={versions[name]}"

    @cache
    def icon(name: str) -> Markup:
        """A picture of the set `static/icons.svg`, beside words that say the same."""
        link = html.escape(f"{asset('icons.svg')}#{name}")
        turns = " icon--turns" if name in ("back", "forward") else ""  # mirrored where one reads leftwards
        svg = f'<svg class="icon{turns}" aria-hidden="true"><use href="{link}"></use></svg>'
        return Markup(svg)  # noqa: S704 - made here

    made.globals.update(
        asset=asset,
        icon=icon,
        link=voice.link,
        shared=voice.addresses.shared,
        number=voice.formatter.number,
        datasets=voice.datasets,
        date=voice.formatter.date,
        csp=CONTENT_SECURITY_POLICY,
        **globals,
    )
    return made


class _Fold(Extension):
    """Words without places are translated when a template is compiled, not each time a page is made."""

    _block = re.compile(r"\{% trans %\}([^{}]*)\{% endtrans %\}")
    _call = re.compile(r"\{\{ _\(([\"'])([^{}\"'\\]*)\1\) \}\}")

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template in the environment's language."""
        say = self.environment.say  # type: ignore[attr-defined]
        source = self._block.sub(lambda found: say(_SPACE.sub(" ", found[1].strip())), source)
        return self._call.sub(lambda found: html.escape(say(found[2])), source)


_SPACE = re.compile(r"\s+")
