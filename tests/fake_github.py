"""GitHub's issues on loopback: what of its REST API `harvester tell` uses, with its habits and its faults."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

REPOSITORY = "elm-valley/catalogue"


class FakeGitHub:
    """Use it in a `with`. `issues` is what it holds, `written` each request that wrote, `today` its clock."""

    def __init__(self, per_page: int = 100) -> None:
        self.issues: list[dict[str, Any]] = []
        self.comments: list[tuple[int, str]] = []
        self.labels: set[str] = set()
        self.written: list[tuple[str, str]] = []
        self.tokens: set[str | None] = set()
        self.today = "2026-05-01"
        self.per_page = per_page
        self.may_label = True
        self.answers: list[tuple[int, dict[str, str]]] = []  # statuses and headers to give instead, in turn
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def open_issues(self) -> list[dict[str, Any]]:
        return [issue for issue in self.issues if issue["state"] == "open"]

    def add(self, body: str, labels: tuple[str, ...] = ("harvester",), **more: Any) -> dict[str, Any]:
        issue = {
            "number": len(self.issues) + 1,
            "title": "",
            "body": body,
            "state": "open",
            "closed_at": None,
            "labels": [{"name": name} for name in labels],
            "updated_at": self.moment,
            **more,
        }
        self.issues.append(issue)
        return issue

    @property
    def moment(self) -> str:
        return f"{self.today}T04:00:00Z"

    def answer(self, method: str, target: str, content: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        url = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        match method, url.path.removeprefix(f"/repos/{REPOSITORY}/").split("/"):
            case "GET", ["issues"]:
                return self._listed(query)
            case "GET", ["labels", name]:
                return (200, {"name": name}, {}) if name in self.labels else (404, {}, {})
            case "POST", ["labels"]:
                self.labels.add(content["name"])
                return 201, content, {}
            case "POST", ["issues"]:
                labels = tuple(content["labels"]) if self.may_label else ()
                return 201, self.add(content["body"], labels, title=content["title"]), {}
            case "PATCH", ["issues", number]:
                issue = self.issues[int(number) - 1]
                issue |= content | {"updated_at": self.moment}
                issue["closed_at"] = self.moment if issue["state"] == "closed" else None
                return 200, issue, {}
            case "POST", ["issues", number, "comments"]:
                self.comments.append((int(number), content["body"]))
                return 201, {}, {}
        return 404, {"message": "Not Found"}, {}

    def _listed(self, query: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        found = [
            issue
            for issue in self.issues
            if issue["state"] == query["state"]
            and query["labels"] in [label["name"] for label in issue["labels"]]
            and issue["updated_at"] >= query.get("since", "")
        ]
        size, page = min(self.per_page, int(query["per_page"])), int(query.get("page", "1"))
        kept = "&".join(f"{name}={value}" for name, value in query.items() if name != "page")
        following = f'<{self.url}/repos/{REPOSITORY}/issues?{kept}&page={page + 1}>; rel="next"'
        headers = {"Link": following} if page * size < len(found) else {}
        return 200, found[(page - 1) * size : page * size], headers


def _handler(fake: FakeGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            fake.tokens.add(self.headers.get("Authorization"))
            if fake.answers:
                status, headers = fake.answers.pop(0)
                answer: Any = {}
            else:
                if self.command != "GET":
                    fake.written.append((self.command, self.path))
                status, answer, headers = fake.answer(self.command, self.path, content)
            body = json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = _any  # noqa: N815 - the base class's names

        def log_message(self, *_: object) -> None:
            pass

    return Handler
