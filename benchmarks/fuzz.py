"""Fuzzing: every feed reads portals that answer nonsense, for so many seconds, guided by what it does.

    python -m benchmarks.fuzz [--seconds 20] [--feed NAME …]

atheris sees which branches a parser takes and goes on from the documents that found new ones. Where it
is not installed (it has wheels for Linux and macOS only), random portals alone are tried. A portal that
broke a feed is told by the number or the document that makes it again; exit code 1.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from harvester import feeds
from harvester.document import Document
from tests.feeds.fuzzing import HOME, MOST_BYTES, Nonsense, document, mutated, nonsense, seeds, start_of

MOST_SECONDS = 10
"""That one portal of small documents may take."""


def main() -> int:
    """A line for each feed; 1 when one broke."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=int, default=20)
    asked.add_argument("--feed", action="append", choices=feeds.names())
    asked.add_argument("--number", type=int, help="try the portal of this number again")
    asked.add_argument("--guided", help=argparse.SUPPRESS)  # what this program calls itself with
    given = asked.parse_args()
    if given.guided:
        _guided(given.guided, given.seconds)
    broken = 0
    for feed in given.feed or feeds.names():
        if given.number is not None:
            _portal(feed, given.number)
        else:
            broken += not (_random(feed, given.seconds / 2) and _with_atheris(feed, given.seconds))
    return 1 if broken else 0


# ------------------------------------------------------------------------------ whole portals


def _random(feed: str, seconds: float) -> bool:
    """Portals by number; True when none broke the feed."""
    number = random.randrange(2**32)
    ends, tried, slowest = time.monotonic() + seconds, 0, 0.0
    while time.monotonic() < ends:
        began = time.monotonic()
        try:
            _portal(feed, number)
        except Exception:
            traceback.print_exc()
            print(f"{feed}: broke; again with --feed {feed} --number {number}")
            return False
        took = time.monotonic() - began
        if took > MOST_SECONDS:
            print(f"{feed}: {took:.0f} s for one portal; again with --feed {feed} --number {number}")
            return False
        slowest = max(slowest, took)
        tried, number = tried + 1, number + 1
    print(f"{feed}: {tried} portals in {seconds:.0f} s, the slowest {slowest:.2f} s", flush=True)
    return True


def _portal(feed: str, number: int) -> None:
    chance = random.Random(number)
    portal = chance.choice(seeds(feed))
    nonsense(feed, Nonsense(portal, chance), start_of(portal))


# ------------------------------------------------------------------------------ single documents


def _with_atheris(feed: str, seconds: int) -> bool:
    """Documents found by atheris, in a process of its own, since it ends the one it runs in."""
    if importlib.util.find_spec("atheris") is None:
        print(f"{feed}: atheris is not installed, so only random portals were tried")
        return True
    command = [sys.executable, "-m", "benchmarks.fuzz", "--guided", feed, "--seconds", str(seconds)]
    done = subprocess.run(command, capture_output=True, check=False)
    told = done.stderr.decode("utf-8", "replace").splitlines()
    summary = next((line for line in reversed(told) if line.startswith("Done ")), "")
    if done.returncode == 0 and summary:
        print(f"{feed}: atheris, {summary}", flush=True)
        return True
    print("\n".join([*done.stdout.decode("utf-8", "replace").splitlines(), *told][-60:]))
    print(f"{feed}: broke; the document is in the file that is named above")
    return False


def _guided(feed: str, seconds: int) -> None:
    import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

    with atheris.instrument_imports(include=["harvester"]):
        feeds.load(feed)

    def one(data: bytes) -> None:
        chance = random.Random(data[:1])
        get = Nonsense({"": data[1:]}, chance)
        kept: dict[str, Document] = {}
        get._answer = lambda url: kept.setdefault(url, document(data[1:], url, chance))  # type: ignore[method-assign]
        nonsense(feed, get, HOME)

    def other(data: bytes, most: int, number: int) -> bytes:
        if number % 3 == 0:
            return bytes(atheris.Mutate(data, most))
        return (data[:1] + mutated(data[1:], random.Random(number)))[:most]

    with tempfile.TemporaryDirectory() as folder:
        for number, portal in enumerate(seeds(feed)):
            for place, body in enumerate(portal.values()):
                (Path(folder) / f"{number}-{place}").write_bytes(b"\0" + body)
        limits = [
            f"-max_total_time={seconds}",
            f"-timeout={MOST_SECONDS}",
            f"-max_len={MOST_BYTES}",
            "-rss_limit_mb=2048",
        ]
        where = f"-artifact_prefix={tempfile.gettempdir()}/fuzz-{feed}-"
        atheris.Setup([sys.argv[0], *limits, where, folder], one, custom_mutator=other)
        atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
