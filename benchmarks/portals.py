"""Many portals on loopback, each with a data.json, for measuring a night: slow, and now and then failing.

Started as a process of its own, so that it does not share a lock with what is measured. It prints its
ports as a JSON list; for each line on its standard input it prints what was asked since the line before.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[1]
HOME = (
    b'<!doctype html><html lang="en"><title>Open data</title><p>Our <a href="/data.json">data</a>.</p></html>'
)


class Asked(Struct, frozen=True, array_like=True):
    """A request as a portal saw it."""

    portal: int  # its place in the list
    path: str
    at: float  # seconds of the server's clock
    connections: int  # of this portal that were open then, with the one it came by
    answer: int  # the status; 0: the connection was reset


class Plan(Struct, frozen=True, kw_only=True):
    """What the portals are like."""

    portals: int
    datasets: int  # of each
    latency: float  # seconds before each answer
    failing: float  # the share of requests that fail, one half with status 500, one half by a reset


class Portals:
    """The portals, running; use it in a `with`. `urls` are their home pages."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.urls: list[str] = []

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.portals", json.dumps(_fields(self.plan))],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.urls = [f"http://127.0.0.1:{port}/" for port in json.loads(self._line())]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def asked(self, anew: bool = False) -> list[Asked]:
        """What was asked since this was called last. `anew`: the same requests fail as at the beginning."""
        assert self._process.stdin is not None
        self._process.stdin.write("anew\n" if anew else "\n")
        self._process.stdin.flush()
        return [Asked(*each) for each in json.loads(self._line())]

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def _fields(plan: Plan) -> dict[str, float]:
    return {name: getattr(plan, name) for name in plan.__struct_fields__}


def data_json(portal: int, datasets: int) -> bytes:
    """The feed of a portal."""
    return json.dumps(
        {
            "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
            "dataset": [
                {
                    "identifier": f"https://town-{portal}.example/d/{number}",
                    "title": f"Dataset {number} of town {portal}",
                    "description": f"What town {portal} knows about subject {number}, one row each.",
                    "keyword": ["budget", "parks", f"subject {number % 7}"],
                    "modified": f"2026-01-{1 + number % 28:02}",
                    "publisher": {"name": f"Town {portal}"},
                    "contactPoint": {"fn": "Data desk", "hasEmail": f"mailto:data@town-{portal}.example"},
                    "accessLevel": "public",
                    "license": "https://creativecommons.org/licenses/by/4.0/",
                    "distribution": [
                        {
                            "downloadURL": f"https://town-{portal}.example/{number}.csv",
                            "mediaType": "text/csv",
                        }
                    ],
                }
                for number in range(datasets)
            ],
        }
    ).encode()


def fails(portal: int, request: int, share: float) -> int | None:
    """The status that this portal's so-many-th request fails with, 0 for a reset; None: it does not fail."""
    chance = int.from_bytes(hashlib.sha256(f"{portal}/{request}".encode()).digest()[:4], "big") / 2**32
    if chance >= share:
        return None
    return 500 if chance < share / 2 else 0


class _Server:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.log: list[Asked] = []
        self.count = [0] * plan.portals
        self.open = [0] * plan.portals

    async def run(self) -> None:
        ports = []
        for portal in range(self.plan.portals):
            server = await asyncio.start_server(self._handler(portal), "127.0.0.1", 0)
            ports.append(server.sockets[0].getsockname()[1])
        print(json.dumps(ports), flush=True)
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        threading.Thread(target=self._commands, args=(loop, over), daemon=True).start()
        await over.wait()

    def _commands(self, loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(self._tell, line.strip() == "anew")
        loop.call_soon_threadsafe(over.set)

    def _tell(self, anew: bool) -> None:
        print(json.dumps([[getattr(a, name) for name in a.__struct_fields__] for a in self.log]), flush=True)
        self.log.clear()
        if anew:
            self.count = [0] * self.plan.portals

    def _handler(self, portal: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a callback of asyncio's
        feed = data_json(portal, self.plan.datasets)
        tag = f'"{hashlib.sha256(feed).hexdigest()[:16]}"'

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.open[portal] += 1
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._one(portal, feed, tag, reader, writer):
                    pass
            self.open[portal] -= 1
            writer.close()

        return serve

    async def _one(
        self, portal: int, feed: bytes, tag: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        at, open_ = time.monotonic(), self.open[portal]
        path = head.split(" ", 2)[1]
        self.count[portal] += 1
        failure = fails(portal, self.count[portal], self.plan.failing)
        status, body = 404, b"nothing here"
        if failure is not None:
            status, body = failure, b""
        elif path == "/":
            status, body = 200, HOME
        elif path == "/data.json":
            status, body = (304, b"") if f"if-none-match: {tag}" in head.lower() else (200, feed)
        self.log.append(Asked(portal, path, at, open_, status))
        await asyncio.sleep(self.plan.latency)
        if status == 0:
            writer.transport.abort()
            return False
        kind = "application/json" if path == "/data.json" else "text/html"
        etag = f"ETag: {tag}\r\n" if path == "/data.json" else ""
        lines = f"Content-Type: {kind}\r\n{etag}Content-Length: {len(body)}\r\n"
        writer.write(f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body)
        await writer.drain()
        return True


if __name__ == "__main__":
    asyncio.run(_Server(Plan(**json.loads(sys.argv[1]))).run())
