"""What tests against captured feeds and replayed portals share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import msgspec
import yaml

from harvester.document import Document
from harvester.errors import FetchError
from harvester.model import Announced, Draft, Item, Problem


def lean(value: Any) -> Any:
    """A draft as plain values, without what is empty."""
    if isinstance(value, Draft):
        value = msgspec.to_builtins(value)
    if isinstance(value, dict):
        kept = {key: lean(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each not in (None, {}, [], "")}
    return [lean(each) for each in value] if isinstance(value, (list, tuple)) else value


def drafts(items: list[Item]) -> list[Draft]:
    return [item for item in items if isinstance(item, Draft)]


def problems(items: list[Item]) -> list[Problem]:
    return [item for item in items if isinstance(item, Problem)]


def announced(items: list[Item]) -> int | None:
    """What the portal said last that it holds."""
    return next((item.total for item in reversed(items) if isinstance(item, Announced)), None)


def portals(shared: Path, feed_type: str) -> dict[str, int]:
    """Replayed portals whose main feed is of this type: name → datasets on day 1."""
    table = yaml.safe_load((shared / "portals" / "portals.yaml").read_text(encoding="utf-8"))
    return {each["name"]: each["datasets"] for each in table["portals"] if each["feed"]["type"] == feed_type}


def get(url: str) -> Document:
    """The least that reaches a replayed portal."""
    try:
        with urlopen(Request(url, headers={"User-Agent": "harvester-tests"}), timeout=20) as answer:
            body = answer.read(100_000_000)
            found = re.search(r'<([^>]*)>;\s*rel="?next', answer.headers.get("Link", ""))
            return Document(
                url=answer.url,
                body=body,
                media_type=answer.headers.get_content_type(),
                charset=answer.headers.get_content_charset(),
                links={"next": found[1]} if found else {},
            )
    except HTTPError as error:
        error.close()
        raise FetchError(url, f"answered {error.code}.", status=error.code) from error
    except (URLError, OSError) as error:
        raise FetchError(url, "cannot be reached.") from error
