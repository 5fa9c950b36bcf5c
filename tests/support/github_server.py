"""Emulates the comments and issues of GitHub's REST API on 127.0.0.1: an HTTP server with its state in memory.

It implements pagination, labels, authors and scripted errors, as in https://docs.github.com/en/rest/issues.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support import http_server

REPOSITORY = "acme/models"
TOKEN = "ghs_0123456789abcdef"
BOT = "github-actions[bot]"


@dataclass
class Refusal:
    """A scripted response to the next request; with `status` 0 the connection is closed without a response."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = '{"message": "Server Error"}'
    after_doing_it: bool = False


@dataclass
class GitHub:
    """The state of the repository, the requests so far, and the scripted errors."""

    url: str = ""
    issues: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def methods(self) -> list[str]:
        return [method for method, _ in self.requests]

    def write_comment(self, number: int, body: str, login: str = BOT) -> dict[str, Any]:
        comment = {
            "id": 1000 + len(self.comments),
            "issue": number,
            "body": body,
            "user": {"login": login, "type": "Bot" if login.endswith("[bot]") else "User"},
            "html_url": f"https://github.test/{REPOSITORY}/pull/{number}#issuecomment-{1000 + len(self.comments)}",
        }
        self.comments.append(comment)
        return comment

    def write_issue(self, title: str, body: str, labels: list[str], login: str = BOT, **more: Any) -> dict[str, Any]:
        number = 1 + len(self.issues)
        issue = {
            "number": number,
            "title": title,
            "body": body,
            "state": "open",
            "labels": [{"name": label} for label in labels],
            "user": {"login": login},
            "html_url": f"https://github.test/{REPOSITORY}/issues/{number}",
            **more,
        }
        self.issues.append(issue)
        return issue

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        if method == "GET" and (found := re.fullmatch(r"issues/(\d+)/comments", path)):
            return 200, _page([c for c in self.comments if c["issue"] == int(found[1])], query)
        if method == "POST" and (found := re.fullmatch(r"issues/(\d+)/comments", path)):
            return 201, self.write_comment(int(found[1]), body["body"])
        if method == "PATCH" and (found := re.fullmatch(r"issues/comments/(\d+)", path)):
            return _change([c for c in self.comments if c["id"] == int(found[1])], body)
        if method == "GET" and path == "issues":
            wanted = [i for i in self.issues if i["state"] == query.get("state", "open") and _labelled(i, query)]
            return 200, _page(wanted, query)
        if method == "POST" and path == "issues":
            return 201, self.write_issue(body["title"], body["body"], body.get("labels", []))
        if method == "PATCH" and (found := re.fullmatch(r"issues/(\d+)", path)):
            return _change([i for i in self.issues if i["number"] == int(found[1])], body)
        return 404, {"message": "Not Found"}


def _page(items: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
    size, page = min(100, int(query.get("per_page", "30"))), int(query.get("page", "1"))
    return items[size * (page - 1) : size * page]


def _labelled(issue: dict[str, Any], query: dict[str, str]) -> bool:
    wanted = set(filter(None, query.get("labels", "").split(",")))
    return wanted <= {label["name"] for label in issue["labels"]}


def _change(found: list[dict[str, Any]], body: dict[str, Any]) -> tuple[int, Any]:
    if not found:
        return 404, {"message": "Not Found"}
    found[0].update(body)
    return 200, found[0]


@contextmanager
def serving() -> Iterator[GitHub]:
    """Serves a repository until the end of the block."""
    github = GitHub()

    class Handler(http_server.Handler):
        protocol_version = "HTTP/1.1"

        def do(self) -> None:
            address = urlsplit(self.path)
            sent = self.body()
            github.requests.append((self.command, self.path))
            refusal = github.refusals.pop(0) if github.refusals else None
            if refusal and not refusal.after_doing_it:
                return self.refuse(refusal)
            prefix = f"/repos/{REPOSITORY}/"
            query = {name: values[-1] for name, values in parse_qs(address.query).items()}
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                status, answer = 401, {"message": "Bad credentials"}
            elif not address.path.startswith(prefix):
                status, answer = 404, {"message": "Not Found"}
            else:
                status, answer = github.answer(
                    self.command, address.path.removeprefix(prefix), query, json.loads(sent or b"null")
                )
            if refusal:
                return self.refuse(refusal)
            return self.reply(status, json.dumps(answer), {"Content-Type": "application/json"})

        do_GET = do_POST = do_PATCH = do

        def refuse(self, refusal: Refusal) -> None:
            if not refusal.status:
                self.close_connection = True
                return
            self.reply(refusal.status, refusal.body, refusal.headers)

    with http_server.listening(Handler) as github.url:
        yield github
