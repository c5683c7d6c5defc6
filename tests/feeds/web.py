"""The web is a dict: what feeds are tested against."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from harvester.document import Document
from harvester.errors import FetchError

Answer = bytes | str | dict[str, Any] | list[Any] | Document | FetchError


class Web:
    """A `Get` over a dict of addresses; `calls` are the addresses that were asked, in order."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)
        self.calls: list[str] = []

    def __call__(self, url: str) -> Document:
        self.calls.append(url)
        answer = self.answers.get(url)
        if answer is None:
            raise FetchError(url, "answered 404.", status=404)
        if isinstance(answer, FetchError):
            raise answer
        if isinstance(answer, Document):
            return answer
        if not isinstance(answer, bytes):
            answer = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        return Document(url=url, body=answer)


def web(answers: Mapping[str, Answer]) -> Web:
    """Address → bytes, text, something to be sent as JSON, a whole `Document`, or the error it ends in."""
    return Web(answers)
