"""SIGKILL at 200 random moments of `harvester run`: are site and store whole, and does the next run go?

`python -m benchmarks.kill [KILLS] [FIRST]` prints a table. The example region is harvested again and again,
another word in its descriptions each time, so that each run has all to keep and all to build. A run is a
fork of this process, which has imported everything: so a moment falls into the run, not into its imports.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from harvester import feeds, outputs, pipeline, quality, sources
from harvester.cli import main as command_line
from harvester.errors import HarvesterError
from harvester.quality import validate
from harvester.store import Store

ROOT = Path(__file__).resolve().parents[1]
SEED = 20_260_301
_MARK = re.compile(r"Night(\d+)x")


def prepare(folder: Path) -> None:
    """A copy of the example region; only the sources in plain text, in which a word can be changed."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    shutil.copy(ROOT / "sources.yaml", folder)
    for feed in feeds.names():
        feeds.load(feed)
    for output in outputs.names():
        outputs.load(output)
    assert pipeline, quality
    assert validate


def mark(folder: Path, night: int) -> None:
    """Put the number of the night into every description."""
    for path in sorted((folder / "examples").iterdir()):
        original = ROOT / "examples" / path.name
        if path.suffix in (".json", ".jsonld", ".ttl", ".rdf", ".csv"):
            changed = re.sub(rb"\b(the|les|la|el) (?=\w)", rb"\1 Night%dx " % night, original.read_bytes())
            path.write_bytes(changed)


def start(folder: Path) -> int:
    """Fork a run; its process id."""
    if process := os.fork():
        return process
    code = 70
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        if not os.environ.get("SHOW"):
            os.dup2(silent, 2)
        os.chdir(folder)
        command_line(["--workers", "1", "run"], standalone_mode=False)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    finally:
        os._exit(code)


def run(folder: Path) -> tuple[int, float]:
    """A run to its end: its exit code, and the seconds it took."""
    began = time.monotonic()
    _, status = os.waitpid(start(folder), 0)
    return os.waitstatus_to_exitcode(status), time.monotonic() - began


def state(folder: Path, pages: int) -> str:
    """What is wrong after a kill; "old or new, whole" where nothing is."""
    site = folder / "build/site"
    if not site.is_dir():
        return "no site"
    found = sorted(site.glob("dataset/*/index.html"))
    if len(found) != pages:
        return f"{len(found)} pages instead of {pages}"
    nights: defaultdict[str, set[str]] = defaultdict(set)
    config = sources.load(folder / "sources.yaml")
    try:
        with Store(folder / "store/harvester.sqlite") as store:
            store.check()
            kept = {d.id: d.source for s in config.sources for d in store.datasets(s.id)}
    except HarvesterError as error:
        return f"store: {error}"
    for page in found:
        source = kept[page.parent.name]
        nights[source] |= set(_MARK.findall(page.read_text("utf-8")))
    torn = [source for source, marks in nights.items() if len(marks) > 1]
    return f"two nights in one source: {torn}" if torn else "old or new, whole"


def main(kills: int = 200, first: int = 0) -> int:
    """Print what came of `kills` kills, from the `first` of the fixed moments on; 1 if any went wrong."""
    moments = [random.Random(SEED + number).random() for number in range(first, first + kills)]
    with tempfile.TemporaryDirectory(prefix="harvester-kill-") as name:
        folder = Path(name)
        prepare(folder)
        mark(folder, 0)
        code, _ = run(folder)
        assert code == 0, "the example region is whole"
        mark(folder, 1)
        _, seconds = run(folder)
        pages = len(list((folder / "build/site/dataset").glob("*/index.html")))
        told: Counter[str] = Counter()
        for night, moment in enumerate(moments, start=2):
            mark(folder, night)
            process = start(folder)
            time.sleep(moment * seconds)
            os.kill(process, signal.SIGKILL)
            _, status = os.waitpid(process, 0)
            killed = os.WIFSIGNALED(status)
            told[f"{'killed' if killed else 'was over already'}: {state(folder, pages)}"] += 1
            code, _ = run(folder)
            after = "goes" if code == 0 else f"ends with {code}"
            told[f"the next run {after}: {state(folder, pages)}"] += 1
    print(f"{kills} kills over a run of {seconds:.2f} s, {pages} dataset pages\n")
    print("| what | times |\n|---|--:|")
    for what, count in sorted(told.items()):
        print(f"| {what} | {count} |")
    return int(any(not what.endswith("whole") or "ends with" in what for what in told))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
