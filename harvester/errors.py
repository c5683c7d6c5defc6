"""The one base error: where, what, remedy.

A known trouble inside a harvest is a value (`model.Problem`); it is raised as a `HarvesterError`
only where nothing further can be done at that place. Anything else that is raised is a bug.
"""

from __future__ import annotations

from harvester.model import Problem


class HarvesterError(Exception):
    """A trouble that a person can understand and act on; `str()` is its one line.

    `what` and `remedy` are messages marked with `N_`; `values` fill their `{name}` places.
    """

    def __init__(self, where: str, what: str, remedy: str = "", **values: object) -> None:
        self.problem = Problem(
            where=where,
            what=what,
            remedy=remedy,
            values={name: str(value) for name, value in values.items()},
        )
        super().__init__(str(self.problem))


class ConfigError(HarvesterError):
    """sources.yaml or a file that it names is wrong. Holds every mistake, not only the first."""

    def __init__(self, mistakes: list[Problem]) -> None:
        Exception.__init__(self, "\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes
        self.problem = mistakes[0]


class FetchError(HarvesterError):
    """An address could not be had: refused, unreachable, too slow, too large, or an error status.

    `status` is the HTTP status where there was one.
    """

    def __init__(
        self, where: str, what: str, remedy: str = "", status: int | None = None, **values: object
    ) -> None:
        super().__init__(where, what, remedy, **values)
        self.status = status


class FeedError(HarvesterError):
    """The feed as a whole cannot be read: it is not what its type says, or holds an error."""


class StoreError(HarvesterError):
    """The store cannot be opened, read or written."""


class DamagedStoreError(StoreError):
    """The store's file holds what no store holds: a torn disk, a copy that broke off."""


class PublishError(HarvesterError):
    """The site cannot be written."""
