"""Servers on loopback that answer as a test tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.web.server import Answer, Server


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """A starter of servers: `serve(root=…, feed=…)` answers / and /feed."""
    running: list[Server] = []

    def start(**answers: Answer | list[Answer]) -> Server:
        paths = {"/" if name == "root" else f"/{name}": each for name, each in answers.items()}
        running.append(Server(paths).__enter__())
        return running[-1]

    yield start
    for server in running:
        server.__exit__()
