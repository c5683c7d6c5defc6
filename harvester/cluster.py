"""Work for other machines: a Dask cluster as an `Executor`, see docs/cluster.md.

Dask gives a task whose worker died to another one by itself; since every task is a pure function of
what is sent with it, the results are the same, byte for byte.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

from harvester import __version__
from harvester.errors import HarvesterError
from harvester.model import N_

T = TypeVar("T")

WAIT_SECONDS = 30
"""For the scheduler to answer, and for its first worker."""


class ClusterError(HarvesterError):
    """The cluster cannot be used."""


@contextmanager
def connected(address: str) -> Iterator[Executor]:
    """The workers behind the scheduler at an address, as in `tcp://10.0.0.5:8786`.

    Raises `ClusterError` where Dask is not installed, no scheduler or no worker is there, or a worker
    has another version of this program: its pages might be other ones.
    """
    try:
        distributed = import_module("distributed")  # an extra, and half without types
    except ImportError as error:
        raise ClusterError(
            address,
            N_("Dask is not installed."),
            N_('Install it with the program: pip install "harvester[cluster]"'),
        ) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # its troubles are told below, in one line
    try:
        client = distributed.Client(address, timeout=WAIT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            address,
            N_("There is no scheduler at this address ({error})."),
            N_("Start one there with “dask scheduler”, and name it as in tcp://10.0.0.5:8786."),
            error=" ".join(str(error).split())[:200],
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except TimeoutError as error:
            raise ClusterError(
                address,
                N_("The scheduler has no workers."),
                N_("Start one with “dask worker {address}”."),
                address=address,
            ) from error
        for worker, version in client.run(version_there, on_error="return").items():
            if version != __version__:
                raise ClusterError(
                    worker,
                    N_("This worker does not have version {version} of the program ({other})."),
                    N_("Install the same version on every machine of the cluster."),
                    version=__version__,
                    other=version,
                )
        yield _Workers(address, client, distributed.KilledWorker)


TRIES = 4
"""How often a task is handed out whose result was lost with a worker."""


class _Workers(Executor):
    """The cluster as an executor; where the cluster itself is lost, its futures raise `ClusterError`.

    Dask's own executor leaves futures open, or ends them with an error of its own, when a worker dies
    with results that were made and not yet fetched. Every task of ours is pure, so such a one is
    handed out again.
    """

    def __init__(self, address: str, client: Any, killed: type[BaseException]) -> None:  # noqa: ANN401 - no types
        self._address = address
        self._client = client
        self._killed = killed  # Dask's word for a task whose workers died again and again

    def submit(self, function: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:  # noqa: ANN401
        ours: Future[T] = Future()
        self._hand_out(ours, partial(function, *arguments, **named), TRIES)
        return ours

    def _hand_out(self, ours: Future[T], task: Callable[[], T], tries: int) -> None:
        try:
            theirs = self._client.submit(task, pure=False)
        except (OSError, RuntimeError) as error:  # the connection is closed already
            ours.set_exception(self._told(error))
        else:
            theirs.add_done_callback(partial(self._take, ours, task, tries))

    def _take(self, ours: Future[T], task: Callable[[], T], tries: int, theirs: Any) -> None:  # noqa: ANN401
        """Take a result; called by Dask, in a thread of its own."""
        try:
            result = theirs.result()
        except BaseException as error:  # also what the task itself raises, which belongs to who asked for it
            is_own = theirs.status == "error" and not isinstance(error, self._killed)
            if is_own:
                ours.set_exception(error)
            elif tries > 1 and self._client.status == "running":
                self._hand_out(ours, task, tries - 1)
            else:
                ours.set_exception(self._told(error))
        else:
            ours.set_result(result)

    def _told(self, error: BaseException) -> ClusterError:
        return ClusterError(
            self._address,
            N_("The cluster was lost while it worked ({error})."),
            N_("Look whether its scheduler and workers still run and have memory enough, and run again."),
            error=f"{type(error).__name__} {error}".strip()[:200],
        )


def version_there() -> str:
    """Which version a worker has; sent to it by name."""
    return __version__
