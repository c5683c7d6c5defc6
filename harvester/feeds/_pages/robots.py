"""robots.txt: which addresses of a site programs may ask for (RFC 9309). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

AGENT = "harvester"
"""The name that a site's rules may call us by; the beginning of what we call ourselves when asking."""

MOST_BYTES = 500 * 1024  # RFC 9309, section 2.5
_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")


class Rule(Struct, frozen=True):
    """`Allow` or `Disallow`, and the beginning of the paths that it is about."""

    allows: bool
    path: str

    def matches(self, path: str) -> bool:
        """Does `path`, with its query, begin so? `*` is any text, `$` at the end is the end."""
        ends = self.path.endswith("$")
        first, *others = self.path.removesuffix("$").split("*")
        if not path.startswith(first):
            return False
        at = len(first)
        for number, part in enumerate(others, 1):
            if ends and number == len(others):
                return path.endswith(part) and len(path) - len(part) >= at
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        return not ends or at == len(path)


class Robots(Struct, frozen=True):
    """What a site's robots.txt says to us."""

    rules: tuple[Rule, ...] = ()
    sitemaps: tuple[str, ...] = ()  # as they are written, mostly absolute

    def allows(self, url: str) -> bool:
        """May we ask for this address? The longest rule that is about it decides, in doubt yes."""
        parts = urlsplit(url)
        path = _normal(parts.path or "/") + (f"?{_normal(parts.query)}" if parts.query else "")
        about = [rule for rule in self.rules if rule.matches(path)]
        return max(about, key=lambda rule: (len(rule.path), rule.allows)).allows if about else True


def parse(content: bytes) -> Robots:
    """The rules for us, else those for everybody; a web page in place of the file has no rules."""
    text = content[:MOST_BYTES].decode("utf-8", "replace").lstrip("\ufeff")
    if text.lstrip().startswith("<"):
        return Robots()
    groups: dict[str, list[Rule]] = {}
    sitemaps: list[str] = []
    agents: list[str] = []
    in_rules = False
    for name, value in _lines(text):
        if name == "user-agent":
            agents = [] if in_rules else agents
            in_rules = False
            agents.append(value.partition("/")[0].strip().lower())
            groups.setdefault(agents[-1], [])
        elif name in ("allow", "disallow"):
            in_rules = True
            if value:  # an empty Disallow forbids nothing
                for agent in agents:
                    groups[agent].append(Rule(name == "allow", _normal(value)))
        elif name == "sitemap" and value:
            sitemaps.append(value)
    return Robots(tuple(groups.get(AGENT, groups.get("*", []))), tuple(dict.fromkeys(sitemaps)))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        found = _LINE.match(line)
        if found:
            yield found[1].lower(), found[2].strip()


def _normal(path: str) -> str:
    """Percent signs in one way: what a path need not escape stands as it is."""
    return quote(unquote(path), safe="/?&=*$:@!'()+,;~#[]%")
