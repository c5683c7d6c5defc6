"""Fetching documents: `Fetcher` for a run, `Visit` for one source in it.

    with Fetcher("Elm Valley catalogue (data@elm.example)") as fetcher:
        with fetcher.visit(source, known) as visit:
            if not visit.unchanged():
                drafts = list(feed.read(source, visit.get))

`docs/reaching-out.md` tells which limits hold and why.
"""

from __future__ import annotations

import ipaddress
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self
from urllib.parse import SplitResult, urldefrag, urlsplit

import certifi
import requests
from msgspec.structs import replace
from requests.cookies import RequestsCookieJar
from urllib3.exceptions import HTTPError

from harvester.document import Document
from harvester.errors import FetchError
from harvester.model import N_, Source
from harvester.web import answers
from harvester.web.answers import Validators, shown
from harvester.web.budget import Budget, Limits
from harvester.web.connect import BUDGET, GuardedAdapter, tls_context
from harvester.web.files import Files, Spool
from harvester.web.guard import Guard
from harvester.web.pace import Pace
from harvester.web.trouble import PassingError, of_exception, of_status
from harvester.web.unpack import unpack

_ACCEPT = (
    "application/json, application/ld+json, text/turtle, application/rdf+xml, application/xml;q=0.9, "
    "text/csv;q=0.9, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;q=0.9, "
    "text/html;q=0.5, */*;q=0.1"
)
_CHUNK = 1 << 16
_REDIRECTS = (301, 302, 303, 307, 308)
_SUCCESS = (200, 203)
_LIBRARY_ERRORS = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)
"""All that requests, urllib3, http.client and sockets raise for what a server or an address does."""


class Fetcher:
    """Reaches out for one run, from any number of threads; a host is treated politely by all together.

    `user_agent` should name the catalogue and a contact. `spool` is where large documents lie while
    they are read, `authorities` a PEM file of the certificate authorities to trust (certifi's, if not
    given). `sleep`, `monotonic` and `jitter` (0 to 1) are the clock and the chance of retries.
    """

    def __init__(
        self,
        user_agent: str,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        spool: Path | None = None,
        jitter: Callable[[], float] = random.random,
        authorities: Path | None = None,
    ) -> None:
        self.user_agent = "".join(c if " " <= c <= "~" else "?" for c in user_agent)
        self.limits = limits
        self.sleep = sleep
        self.monotonic = monotonic
        self.jitter = jitter
        self.spool = spool
        self.pace = Pace(sleep, monotonic)
        self._context = tls_context(str(authorities or certifi.where()))
        self._adapters: dict[str | None, GuardedAdapter] = {}
        self._lock = Lock()

    def visit(self, source: Source, known: Mapping[str, Validators] | None = None) -> Visit:
        """Begin the visit to a source; use it in a `with`, and its documents only inside that.

        `known` is the `validators` of the last good visit, when nothing in the source's entry of
        sources.yaml has changed since; leave it out for a full visit.
        """
        return Visit(self, source, known or {})

    def adapter(self, private_host: str | None) -> GuardedAdapter:
        """The connections for all public hosts, or those of the source that stands on a private one."""
        with self._lock:
            if private_host not in self._adapters:
                guard, most = Guard(private_host), self.limits.concurrency_per_host
                self._adapters[private_host] = GuardedAdapter(guard, most, self._context)
            return self._adapters[private_host]

    def close(self) -> None:
        """Close the connections that are kept open for the next request."""
        with self._lock:
            for adapter in self._adapters.values():
                adapter.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Visit:
    """One source's harvest. `get` is what feeds call; the rest is for whoever runs the harvest.

    `requests` counts the requests that were begun, `bytes` what was received; `validators` holds every
    address that was read, in order, with what the server gave to recognise it by. For one thread only.
    """

    def __init__(self, fetcher: Fetcher, source: Source, known: Mapping[str, Validators]) -> None:
        self.requests = 0
        self.bytes = 0
        self.validators: dict[str, Validators] = {}
        self._fetcher = fetcher
        self._limits = fetcher.limits
        self._known = known
        self._ends = fetcher.monotonic() + fetcher.limits.visit_seconds
        self._spool = Spool(fetcher.spool, fetcher.limits.memory_bytes)
        self._files = Files(source)
        self._last: tuple[str, Document] | None = None
        self._token_variable = f"HARVESTER_TOKEN_{source.id.upper().replace('-', '_')}"
        self._token = os.environ.get(self._token_variable, "").strip()
        self._origin = _origin_of(source)
        self._host = ""  # and port, that was asked last
        self._trusts_loopback = source.allow_private
        private = self._origin[0] if self._origin and source.allow_private else None
        self._adapter = fetcher.adapter(private)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._last = None
        self._spool.close()

    # ---- what is asked of a visit

    def __call__(self, url: str) -> Document:
        """`get`: a visit is a `harvester.document.Get`."""
        return self.get(url)

    def head(self, url: str) -> Document:
        """What the server says about an address, without its content. Raises `FetchError` only."""
        if path := self._files.path_of(url):
            return replace(self._files.read(path, self._spool, self._budget(url)), body=b"")
        document = self._fetch(url, Validators(), method="HEAD")
        assert document is not None, "only who knows a document is told that it is still the same"
        return document

    def get(self, url: str) -> Document:
        """The document at an address. Raises `FetchError` only.

        Asked for the same address twice in a row it gives the same document, without a request.
        """
        if self._last and self._last[0] == url:
            document = self._last[1]
        elif path := self._files.path_of(url):
            document = self._files.read(path, self._spool, self._budget(url))
        else:
            fetched = self._fetch(url, Validators())
            assert fetched is not None, "only who knows a document is told that it is still the same"
            document = fetched
        self._last = (url, document)
        self.validators[url] = Validators(etag=document.etag, last_modified=document.last_modified)
        return document

    def unchanged(self) -> bool:
        """Does everything that the last visit read still stand as it was? Asked before reading.

        True only when the server says so for each of those documents, so that a feed of one document
        costs one request and one of many pages as many as it has pages. It stops at the first that is
        new (and keeps that for `get`). False, without a request, when nothing is known or when one of
        the documents came without a validator. Raises `FetchError` when the first cannot be had.
        """
        if not self._known or not all(self._known.values()) or self._files.is_folder:
            return False
        for number, (url, known) in enumerate(self._known.items()):
            try:
                same = self._is_same(url, known)
            except FetchError:
                if number == 0:
                    raise
                same = False  # a page may go when a feed shrinks: reading will tell
            if not same:
                return False
        self.validators = dict(self._known)
        return True

    def _is_same(self, url: str, known: Validators) -> bool:
        if path := self._files.path_of(url):
            return self._files.digest(path, shown(url)) == known.etag
        document = self._fetch(url, known)
        if document:
            self._last = (url, document)
        return document is None

    # ---- one document

    def _budget(self, url: str) -> Budget:
        return Budget(shown(url), self._limits, self._fetcher.monotonic, self._ends)

    def _fetch(self, url: str, known: Validators, method: str = "GET") -> Document | None:
        """The document, or None when it is still the one that is known. Retries what may pass."""
        budget = self._budget(url)
        if self._spool.kept > self._limits.visit_bytes:
            raise FetchError(
                budget.where,
                N_("The source as a whole sent more than {megabytes} MB."),
                N_("If that is meant, give it as several sources."),
                megabytes=self._limits.visit_bytes // 1_000_000,
            )
        account = BUDGET.set(budget)
        try:
            attempt = 0
            while True:
                try:
                    return self._follow(url, known, budget, method)
                except PassingError as error:
                    trouble = error
                self._wait_before_retry(trouble, attempt, budget)
                attempt += 1
        finally:
            BUDGET.reset(account)
            self.bytes += budget.spent

    def _wait_before_retry(self, trouble: PassingError, attempt: int, budget: Budget) -> None:
        """Wait, or raise the trouble when trying again is not worth it, or not in time."""
        jittered = self._limits.backoff_seconds * 2**attempt * (0.5 + self._fetcher.jitter())
        pause = max(trouble.after or 0.0, jittered)
        too_long = (trouble.after or 0.0) > self._limits.retry_after_seconds or pause >= budget.left
        if too_long or attempt >= min(self._limits.retries, trouble.tries):
            raise trouble
        if trouble.after is not None:
            self._fetcher.pace.hold(self._host, pause)
        else:
            self._fetcher.sleep(pause)

    def _follow(self, url: str, known: Validators, budget: Budget, method: str) -> Document | None:
        """One attempt, with its redirects; cookies live no longer than it does."""
        cookies = RequestsCookieJar()
        been: set[Any] = set()
        for _ in range(self._limits.redirects + 1):
            step = (url, frozenset((cookie.name, cookie.value) for cookie in cookies))
            if step in been:
                break
            been.add(step)
            with self._send(method, url, known, cookies, budget) as response:
                cookies.update(response.cookies)
                if response.status_code in _REDIRECTS and "Location" in response.headers:
                    url = self._redirect(response, budget)
                elif response.status_code == 304 and known:
                    return None
                elif response.status_code in _SUCCESS:
                    return self._receive(response, budget, with_body=method != "HEAD")
                else:
                    raise of_status(
                        budget.where,
                        response.status_code,
                        answers.retry_after(response.headers),
                        self._fetcher.user_agent,
                        self._token_variable,
                    )
        raise FetchError(
            budget.where,
            N_("The portal leads from one address to the next without end."),
            N_("Open the address in a browser, and write where you arrive into sources.yaml."),
        )

    def _send(
        self, method: str, url: str, known: Validators, cookies: RequestsCookieJar, budget: Budget
    ) -> requests.Response:
        headers = {
            "User-Agent": self._fetcher.user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip, deflate",
            **known.headers(),
        }
        try:
            request = requests.Request(method, urldefrag(url).url, headers=headers, cookies=cookies).prepare()
            parts = urlsplit(request.url or "")
            self._host = "{}:{}".format(*_origin(parts))
        except _LIBRARY_ERRORS as error:
            raise self._no_address(url, budget) from error
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise self._no_address(url, budget)
        if self._may_have_token(parts):
            request.headers["Authorization"] = self._checked_token()
        pause = self._limits.loopback_pause_seconds if _is_loopback(parts) else self._limits.pause_seconds
        self._fetcher.pace.wait(self._host, pause)
        budget.begin()
        self.requests += 1
        timeouts = (self._limits.connect_seconds, self._limits.read_seconds)
        try:
            return self._adapter.send(request, stream=True, timeout=timeouts)
        except _LIBRARY_ERRORS as error:
            raise of_exception(budget.where, error) from error

    @staticmethod
    def _no_address(url: str, budget: Budget) -> FetchError:
        return FetchError(
            budget.where,
            N_("“{url}” is not an http or https address that can be asked for."),
            N_("Look where it comes from: the portal's links, or sources.yaml."),
            url=shown(url),
        )

    def _redirect(self, response: requests.Response, budget: Budget) -> str:
        written = answers.location(response.headers)
        target = answers.resolve(response.request.url or "", written)
        if target is None or (self._token and self._token in written):
            told = "…" if self._token else shown(written)  # a portal must not make us write its token down
            raise FetchError(
                budget.where,
                N_("The portal leads on to “{target}”, which is not followed."),
                N_("Ask the portal's operator where it means to lead."),
                target=told,
            )
        return target

    def _receive(self, response: requests.Response, budget: Budget, *, with_body: bool) -> Document:
        encoding = response.headers.get("Content-Encoding", "")
        pieces = unpack(_chunks(response, budget), encoding, budget) if with_body else iter(())
        url = response.request.url or ""
        found = answers.validators(response.headers)
        return Document(
            url=url,
            body=self._spool.keep(pieces, budget.where),
            media_type=answers.media_type(response.headers),
            charset=answers.charset(response.headers),
            links=answers.links(response.headers, url),
            etag=found.etag,
            last_modified=found.last_modified,
            length=answers.length(response.headers),
        )

    # ---- the token

    def _may_have_token(self, parts: SplitResult) -> bool:
        """Only the source's own host, and only where nobody on the way can read it."""
        if not self._token or self._origin is None:
            return False
        secure = parts.scheme == "https" or (self._trusts_loopback and _is_loopback(parts))
        host, port = _origin(parts)
        own_host, own_port = self._origin
        return secure and host == own_host and (port == own_port or (own_port, port) == (80, 443))

    def _checked_token(self) -> str:
        if self._token.isascii() and self._token.isprintable():
            return self._token
        raise FetchError(
            self._token_variable,
            N_("The token holds characters that cannot be sent."),
            N_("Copy it again from the portal, letter by letter."),
        )


def _chunks(response: requests.Response, budget: Budget) -> Iterator[bytes]:
    """The body as it came over the wire, still packed."""
    try:
        yield from response.raw.stream(_CHUNK, decode_content=False)
    except _LIBRARY_ERRORS as error:
        raise of_exception(budget.where, error) from error


def _origin_of(source: Source) -> tuple[str, int] | None:
    """The host, as requests would write it, and the port of a source; None for a file or no address."""
    if source.path is not None:
        return None
    try:
        return _origin(urlsplit(requests.Request("GET", source.url).prepare().url or ""))
    except _LIBRARY_ERRORS:
        return None


def _origin(parts: SplitResult) -> tuple[str, int]:
    return (parts.hostname or "").rstrip("."), parts.port or (443 if parts.scheme == "https" else 80)


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
