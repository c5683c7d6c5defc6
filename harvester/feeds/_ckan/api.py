"""Asking a CKAN portal: version 3 of its Action API, and what its imitators make of it.

https://docs.ckan.org/en/latest/api/ - every answer is `{"success": …, "result": …}` or `"error"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal
from urllib.parse import urlencode

from msgspec import Struct

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError, HarvesterError
from harvester.feeds._ckan.package import is_package
from harvester.feeds._json.stream import Damage, Member, NotJson, Record, read
from harvester.feeds._json.values import text_of, texts_of
from harvester.model import N_

LISTS = (("result", "results"), ("result",), ())
ACTION = "api/3/action/"
_MOST_MEMBERS = 1000  # beside the list; a package has some dozens

Kind = Literal["missing", "refused", "unreachable", "failed"]
_MISSING = frozenset((404, 405, 406, 410, 501))
_REFUSED = frozenset((401, 403, 429, 503))


class ApiError(Exception):
    """A question that got no answer.

    `missing`: there is no such thing at this address. `refused`: the portal does not want to be
    asked now. `unreachable`: too slow, too large or not there. `failed`: this question fails;
    another may not.
    """

    def __init__(self, kind: Kind, error: HarvesterError) -> None:
        super().__init__(str(error))
        self.kind = kind
        self.error = error

    @property
    def reason(self) -> str:
        """Why, without the address."""
        problem = self.error.problem
        return problem.what.format(**problem.values).rstrip(".")


class Answer(Struct):
    """A successful answer: the items of its list, and its other members by their path.

    `broken` tells that it breaks off: items are missing at its end.
    """

    items: list[Record | Damage]
    members: dict[tuple[str, ...], object]
    broken: bool = False

    @property
    def count(self) -> int | None:
        """How many there are in all, as the portal says; DKAN writes numbers as text."""
        text = text_of(self.members.get(("result", "count"))) or ""
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None

    @property
    def single(self) -> Record | Damage | None:
        """The only thing that was asked for: the result itself; DKAN 1 wraps it in a list."""
        own = {path[1]: value for path, value in self.members.items() if len(path) == 2}
        return Record(own, mended=False) if own else next(iter(self.items), None)


class Scope(Struct, frozen=True):
    """The part of a portal that a source is about: the datasets of one organisation or group."""

    field: Literal["organization", "groups"]
    name: str

    def holds(self, package: Mapping[str, object]) -> bool:
        """Is a package part of it?"""
        value = package.get(self.field)
        each = value if isinstance(value, list) else [value]
        return any(isinstance(one, dict) and self.name in (one.get("name"), one.get("id")) for one in each)


class Api:
    """The API of the portal whose home is `home` (with a final slash). Questions raise `ApiError`.

    `filters` are `q` and `fq` of package_search, as a source's own address gives them; `path` is where
    below the home the API stands.
    """

    def __init__(
        self,
        home: str,
        get: Get,
        scope: Scope | None = None,
        filters: Mapping[str, str] | None = None,
        path: str = ACTION,
    ) -> None:
        self.home = home
        self.path = path
        self.scope = scope
        self.filters = dict(filters or {})
        if scope is not None:
            self.filters["fq"] = f'{scope.field}:"{scope.name}"'
        self.sort = "id asc"  # stable: sorted by modified, pages miss and repeat records (failure 5)
        self._get = get

    def search(self, start: int, rows: int) -> Answer:
        """A page of all packages; a broken one as far as it goes."""
        query: dict[str, object] = {"rows": rows, "start": start, **self.filters}
        if self.sort:
            query["sort"] = self.sort
        return self._ask("package_search", query)

    def names(self, offset: int, limit: int) -> Answer:
        """A page of the names of all packages."""
        return self._ask("package_list", {"limit": limit, "offset": offset}, whole=True)

    def recent(self, offset: int, limit: int) -> Answer:
        """A page of whole packages, the newest first; DKAN 1 wraps it in a list once more."""
        answer = self._ask("current_package_list_with_resources", {"limit": limit, "offset": offset})
        return Answer(list(_unwrapped(answer.items)), answer.members)

    def show(self, name: str) -> Answer:
        """One package."""
        return self._ask("package_show", {"id": name}, whole=True)

    def _ask(self, action: str, query: Mapping[str, object], whole: bool = False) -> Answer:
        url = f"{self.home}{self.path}{action}?{urlencode(query)}"
        try:
            answer = answer_of(self._get(url))
        except FetchError as error:
            raise ApiError(_kind(error.status), error) from error
        if answer.broken and (whole or not answer.items):
            raise ApiError("failed", FeedError(url, N_("The answer breaks off.")))
        return answer


def _kind(status: int | None) -> Kind:
    if status is None:
        return "unreachable"
    return "missing" if status in _MISSING else "refused" if status in _REFUSED else "failed"


def _unwrapped(items: list[Record | Damage]) -> Iterator[Record | Damage]:
    for item in items:
        if isinstance(item, Record) and isinstance(item.value, list):
            yield from (Record(value, item.mended) for value in item.value)
        else:
            yield item


def answer_of(document: Document) -> Answer:
    """What a document answers. `success: false` is an error whatever its HTTP status."""
    answer = Answer([], {})
    try:
        with document.open() as stream:
            for item in read(stream, LISTS, is_package, document.charset):
                if isinstance(item, Damage) and item.partial:
                    answer.broken = True
                elif not isinstance(item, Member):
                    answer.items.append(item)
                elif len(answer.members) < _MOST_MEMBERS:
                    answer.members[item.path] = item.value
    except NotJson as error:
        begin = " ".join(str(error).split())[:40]
        raise ApiError(
            "missing",
            FeedError(document.url, N_("The answer is not JSON; it begins with “{begin}”."), begin=begin),
        ) from error
    success = answer.members.get(("success",))
    if success is False or (success is None and ("error",) in answer.members):
        raise _told(document, answer.members.get(("error",)))
    if not any(path[:1] == ("result",) for path in answer.members):
        raise ApiError("missing", FeedError(document.url, N_("This JSON is no answer of a CKAN portal.")))
    return answer


def _told(document: Document, error: object) -> ApiError:
    """The portal's own words for what went wrong."""
    fields = error if isinstance(error, dict) else {"message": error}
    words = " ".join(" ".join(text for value in fields.values() for text in texts_of(value)).split())
    missing = "not known" in words or "Not Found" in words
    refused = "Authorization" in words
    return ApiError(
        "missing" if missing else "refused" if refused else "failed",
        FeedError(
            document.url, N_("The portal reports an error: {error}."), error=words[:200].rstrip(".") or "?"
        ),
    )
