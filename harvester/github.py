"""Issues of a GitHub repository, by version 2022-11-28 of its REST API.

Only issues with our label are looked at: who may only write issues cannot give one, so that a stranger's
issue is never taken for ours. Requests that write are never sent twice. What fails raises `HarvesterError`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from harvester.errors import HarvesterError
from harvester.model import N_
from harvester.telling import Close, Issue, Move, Open, Reopen, source_of

API = "https://api.github.com"
LABEL = "harvester"
_COLOUR = "d4a72c"

PER_PAGE = 100  # what the API gives at most
MOST_PAGES = 50
TRIES = 2  # more, after a moment, of what may be sent again
LONGEST_WAIT = 120.0  # seconds that are waited for the rate limit to let us on
PAUSE = 1.0  # seconds between two requests that write, as GitHub asks for
_TIMEOUTS = (10, 30)

Json = dict[str, Any]


class GitHub:
    """The issues of one repository, `owner/name`."""

    def __init__(
        self,
        repository: str,
        token: str | None,
        api: str = API,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._issues = f"{api.rstrip('/')}/repos/{repository}/issues"
        self._labels = f"{api.rstrip('/')}/repos/{repository}/labels"
        self._sleep, self._now = sleep, now
        self._session = requests.Session()
        self._session.auth = _Token(token, urlsplit(api).netloc)
        self._session.headers.update(
            {
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
                "User-Agent": "Harvester",
            }
        )
        self._has_label = False

    def issues(self, since: str | None) -> list[Issue]:
        """Our issues: all that are open, and those that were changed since a moment and are closed."""
        found = list(self._list({"state": "open"}))
        if since is not None:
            found += self._list({"state": "closed", "since": since})
        return found

    def do(self, move: Move) -> None:
        """Make a move."""
        match move:
            case Open():
                self._open(move)
            case Reopen():
                change = {"state": "open", "title": move.title, "body": move.body}
                self._write("PATCH", f"{self._issues}/{move.number}", change)
            case Close():
                # First the closing: should the second fail, a comment is missing and not said each night.
                self._write(
                    "PATCH",
                    f"{self._issues}/{move.number}",
                    {"state": "closed", "state_reason": "completed"},
                )
                self._write("POST", f"{self._issues}/{move.number}/comments", {"body": move.comment})

    def _open(self, move: Open) -> None:
        self._prepare_label()
        made = _content(
            self._write("POST", self._issues, {"title": move.title, "body": move.body, "labels": [LABEL]})
        )
        if LABEL not in _labels_of(made):  # GitHub drops labels in silence, where a token may not give any
            self._write("PATCH", f"{self._issues}/{made['number']}", {"state": "closed"})
            raise HarvesterError(
                self._issues,
                N_(
                    "This token may open issues, but not give them the label “{label}” by which we know ours."
                ),
                N_("Give it write access to the repository's issues."),
                label=LABEL,
            )

    def _prepare_label(self) -> None:
        if not self._has_label and self._send("GET", f"{self._labels}/{LABEL}", missing_ok=True) is None:
            description = "A portal that the nightly harvest cannot read"
            self._write("POST", self._labels, {"name": LABEL, "color": _COLOUR, "description": description})
        self._has_label = True

    def _list(self, query: dict[str, str]) -> Iterator[Issue]:
        url = f"{self._issues}?labels={LABEL}&per_page={PER_PAGE}&sort=created&direction=asc"
        url += "".join(f"&{name}={value}" for name, value in query.items())
        for _ in range(MOST_PAGES):
            response = self._send("GET", url)
            assert response is not None, "only who asks for it is told that something is missing"
            for each in _content(response):
                source = source_of(each.get("body") or "")
                if source is not None and "pull_request" not in each and LABEL in _labels_of(each):
                    yield Issue(each["number"], source, each["state"] == "open", each.get("closed_at"))
            following = response.links.get("next", {}).get("url")
            if not following:
                return
            url = following

    def _write(self, method: str, url: str, content: Json) -> requests.Response:
        self._sleep(PAUSE)
        response = self._send(method, url, content)
        assert response is not None, "only who asks for it is told that something is missing"
        return response

    def _send(
        self, method: str, url: str, content: Json | None = None, missing_ok: bool = False
    ) -> requests.Response | None:
        """The answer; None where there is nothing at this address and that is no trouble."""
        for pause in (*[PAUSE] * TRIES, None):
            try:
                response = self._session.request(method, url, json=content, timeout=_TIMEOUTS)
            except requests.RequestException as error:
                if method == "GET" and pause is not None:
                    self._sleep(pause)
                    continue
                raise HarvesterError(
                    url,
                    N_("GitHub cannot be reached ({reason})."),
                    N_("The next night tries again."),
                    reason=type(error).__name__,
                ) from error
            if response.ok:
                return response
            if response.status_code == 404 and missing_ok:
                return None
            wait = self._wait(response)  # refused before anything was done: this may be sent again
            if wait is None and response.status_code >= 500 and method == "GET":
                wait = pause
            if pause is None or wait is None or wait > LONGEST_WAIT:
                break
            self._sleep(wait)
        raise _trouble(url, response)

    def _wait(self, response: requests.Response) -> float | None:
        """How many seconds the rate limit asks us to wait; None where it is not that."""
        if response.status_code not in (403, 429):
            return None
        headers = response.headers
        try:
            if "Retry-After" in headers:
                return max(float(headers["Retry-After"]), 0.0)
            if headers.get("X-RateLimit-Remaining") == "0":
                return max(float(headers["X-RateLimit-Reset"]) - self._now(), 0.0) + 1
        except (KeyError, ValueError):
            pass  # it says that there is a limit, and not until when
        return 60.0 if response.status_code == 429 else None


class _Token(AuthBase):
    """Sends the token to the API's own host only, and keeps `.netrc` from sending another."""

    def __init__(self, token: str | None, host: str) -> None:
        self._token, self._host = token, host

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token and urlsplit(request.url or "").netloc == self._host:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _content(response: requests.Response) -> Any:  # noqa: ANN401 - what the API documents
    try:
        return response.json()
    except ValueError as error:
        what, remedy = N_("This is no answer of GitHub's."), N_("Look whether a proxy answers in its place.")
        raise HarvesterError(response.url, what, remedy) from error


def _labels_of(issue: Json) -> list[str]:
    return [each if isinstance(each, str) else str(each.get("name")) for each in issue.get("labels", [])]


def _trouble(url: str, response: requests.Response) -> HarvesterError:
    told = {
        401: N_("The token in GITHUB_TOKEN is not valid, or no longer."),
        403: N_("The token in GITHUB_TOKEN may not write issues here, or GitHub's limit is used up."),
        404: N_("There is no such repository, or the token may not see it."),
        410: N_("The repository has its issues switched off."),
    }
    what = told.get(response.status_code, N_("GitHub answered with status {number}."))
    remedy = N_("Look at --repo, at the token and at the repository's settings.")
    return HarvesterError(url, what, remedy, number=response.status_code)
