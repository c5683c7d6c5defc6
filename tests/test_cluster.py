"""A Dask cluster gives the same site as one process, byte for byte, also where a worker dies midway.

Issue 4, "What it must show", 6.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from harvester import cluster, pipeline, quality, sources, visit
from harvester.cli import main
from harvester.cluster import ClusterError, connected
from harvester.quality import findings
from harvester.site import jobs
from harvester.store import Store
from harvester.web.fetch import Fetcher
from tests.test_cli import harvester, region

distributed = pytest.importorskip("distributed", reason='needs Dask: pip install "harvester[cluster]"')

EACH = 100
"""Datasets of each of the three sources."""

NIGHT = dt.datetime(2026, 3, 1, 2, 0, tzinfo=dt.UTC)


def inventory(town: str) -> str:
    rows = "".join(
        f"{town}-{n},{town} map {n},Sheet **{n}** of {town},Office,https://{town}.example/{n}.csv,CSV,"
        f"{'' if n % 7 else 'no date'}\n"
        for n in range(EACH)
    )
    return f"identifier,title,description,publisher,download url,format,last updated\n{rows}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    towns = ("elmford", "oakham", "pinehill")
    return region(
        tmp_path_factory.mktemp("region"),
        *(f"url: {town}.csv\n    id: {town}\n    type: spreadsheet" for town in towns),
        **{f"{town}_csv": inventory(town) for town in towns},
    )


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler and two workers, processes of this machine."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as running:
        yield running.scheduler_address


@pytest.fixture
def small_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small region be worth sending, in many jobs; and let no stopwatch be in what is kept."""
    monkeypatch.setattr(visit, "BATCH", 20)
    monkeypatch.setattr(findings, "WORTH_SENDING", 1)
    monkeypatch.setattr(jobs, "DATASETS_AT_ONCE", 20)
    monkeypatch.setattr(pipeline, "time", SimpleNamespace(monotonic=lambda: 0.0))


def site(folder: Path, work: Path, executor: Executor | None) -> dict[str, bytes]:
    """Harvest and build with this executor; path → content of all files of the site."""
    config, profile = sources.load(folder / "sources.yaml"), quality.load_profile(None)
    with Store(work / "store.sqlite") as store, Fetcher("Tests") as fetcher:
        harvests = list(pipeline.harvest(config, store, fetcher, profile, lambda: NIGHT, executor=executor))
        assert [(each.outcome, each.datasets) for each in harvests] == [("fresh", EACH)] * 3
        pipeline.build(config, store, profile, work / "site", work / "index", executor=executor)
    return {
        str(path.relative_to(work / "site")): path.read_bytes()
        for path in (work / "site").rglob("*")
        if path.is_file()
    }


@pytest.fixture
def alone(folder: Path, tmp_path: Path, small_jobs: None) -> dict[str, bytes]:
    """The site as one process makes it."""
    return site(folder, tmp_path / "alone", None)


class Counting(Executor):
    """Counts the jobs by their function; does something after so many of them."""

    def __init__(self, inner: Executor, after: int = 0, then: Any = None) -> None:
        self.inner, self.after, self.then = inner, after, then
        self.jobs: list[str] = []

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Any:
        self.jobs.append(getattr(function, "func", function).__name__)
        future = self.inner.submit(function, *arguments, **named)
        if len(self.jobs) == self.after:
            self.then()
        return future


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))


def test_two_workers_make_the_same_site(
    alone: dict[str, bytes], folder: Path, address: str, tmp_path: Path
) -> None:
    with connected(address) as executor:
        counting = Counting(executor)
        made = site(folder, tmp_path / "cluster", counting)
    assert differing(alone, made) == []
    assert {"normalise_batch", "validate", "render_datasets", "render_lists"} <= set(counting.jobs)


def test_a_worker_that_is_killed_midway_costs_nothing(
    alone: dict[str, bytes], folder: Path, address: str, tmp_path: Path
) -> None:
    killed: list[int] = []

    def kill() -> None:
        with distributed.Client(address, set_as_default=False) as client:
            killed.append(min(client.run(os.getpid).values()))
        os.kill(killed[0], signal.SIGKILL)

    with connected(address) as executor:
        made = site(folder, tmp_path / "cluster", Counting(executor, 25, kill))
    assert len(killed) == 1
    assert differing(alone, made) == []


def test_the_command_line_takes_a_cluster(folder: Path, address: str, tmp_path: Path) -> None:
    options = ("-c", folder / "sources.yaml", "--store", tmp_path / "s.sqlite", "--out", tmp_path / "site")
    done = CliRunner().invoke(main, [*map(str, options), "--cluster", address, "run"])
    assert (done.exit_code, done.stderr.count("\n")) == (0, 1), done.stderr
    assert len(list((tmp_path / "site/dataset").iterdir())) == 3 * EACH


class Ended:
    """A future of Dask's that has ended in this way."""

    def __init__(self, status: str, ends: Any) -> None:
        self.status, self.ends = status, ends

    def result(self) -> Any:
        if isinstance(self.ends, BaseException):
            raise self.ends
        return self.ends

    def add_done_callback(self, function: Any) -> None:
        function(self)


class Client:
    """A client whose tasks end like these, one after the other."""

    status = "running"

    def __init__(self, *ends: Ended) -> None:
        self.ends = list(ends)

    def submit(self, task: Any, pure: bool) -> Ended:
        return self.ends.pop(0)


KILLED = distributed.KilledWorker("job", SimpleNamespace(address="there"), 3)
LOST = Ended("cancelled", CancelledError())


def workers(*ends: Ended) -> Executor:
    return cluster._Workers("tcp://there", Client(*ends), distributed.KilledWorker)


def test_a_task_whose_result_was_lost_is_handed_out_again() -> None:
    assert workers(LOST, LOST, Ended("finished", 7)).submit(int).result(timeout=1) == 7


@pytest.mark.parametrize("end", [LOST, Ended("error", KILLED)])
def test_a_cluster_that_is_lost_is_one_line(end: Ended) -> None:
    with pytest.raises(ClusterError, match="tcp://there: The cluster was lost"):
        workers(*[end] * cluster.TRIES).submit(int).result(timeout=1)


def test_what_a_task_raises_is_raised_where_its_result_is_asked_for() -> None:
    with pytest.raises(ZeroDivisionError):
        workers(Ended("error", ZeroDivisionError())).submit(int).result(timeout=1)


def test_a_cluster_that_is_not_there_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WAIT_SECONDS", 0.2)
    with pytest.raises(ClusterError, match="no scheduler at this address"), connected("tcp://127.0.0.1:9"):
        pass
    with pytest.raises(ClusterError, match="no scheduler at this address"), connected("ftp:/nonsense"):
        pass
    done = harvester(folder, "--cluster", "tcp://127.0.0.1:9", "--workers", "2", "run")
    assert done.returncode == 2
    assert "give one of them" in done.stderr


def test_a_worker_of_another_version_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "__version__", "999")
    with pytest.raises(ClusterError, match="does not have version 999"), connected(address):
        pass
