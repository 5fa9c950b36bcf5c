"""Keeps one comment on a pull request, and one issue, up to date. Each is found by a hidden marker.

Only comments and issues of this workflow's own account are changed: anyone may write a comment with our marker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from refit.github.rest import Api

ACTIONS_BOT = "github-actions[bot]"
"""The account of a job's GITHUB_TOKEN, on github.com and on an Enterprise Server."""

BODY_CHARACTERS = 65_536
CUT = "\n\n*Truncated: GitHub accepts 65,536 characters. The workflow's log has the whole text.*"


def hidden_marker(name: str) -> str:
    """The first line of a body, by which it is found again: an HTML comment, which is not displayed."""
    if not re.fullmatch(r"[a-z0-9]+([:/-][a-z0-9]+)*", name):
        raise ValueError(f"not a name for a marker: {name!r}")
    return f"<!-- refit:{name} -->"


def upsert_comment(api: Api, number: int, marker: str, markdown: str, *, create: bool = True) -> str | None:
    """Creates or updates the pull request's comment with `marker`; returns its URL.

    Without `create`, only an existing comment is updated; None if there is none. Raises GitHubError.
    """
    body = _body(marker, markdown)
    comment = next(_ours(api.list_all(f"issues/{number}/comments"), marker), None)
    if comment is None:
        return str(api.send("POST", f"issues/{number}/comments", {"body": body})["html_url"]) if create else None
    if comment["body"] != body:
        api.send("PATCH", f"issues/comments/{comment['id']}", {"body": body})
    return str(comment["html_url"])


def open_issue(api: Api, marker: str, label: str, title: str, markdown: str) -> str:
    """Opens the issue with `marker`, or updates it if it is open; returns its URL. Raises GitHubError."""
    content = {"title": title, "body": _body(marker, markdown)}
    issue = _open_issue(api, marker, label)
    if issue is None:
        return str(api.send("POST", "issues", {**content, "labels": [label]})["html_url"])
    if {name: issue[name] for name in content} != content:
        api.send("PATCH", f"issues/{issue['number']}", content)
    return str(issue["html_url"])


def close_issue(api: Api, marker: str, label: str, markdown: str) -> str | None:
    """Closes the open issue with `marker`, with a comment; returns its URL, or None. Raises GitHubError."""
    issue = _open_issue(api, marker, label)
    if issue is None:
        return None
    api.send("POST", f"issues/{issue['number']}/comments", {"body": _cut(markdown)})
    api.send("PATCH", f"issues/{issue['number']}", {"state": "closed", "state_reason": "completed"})
    return str(issue["html_url"])


def _open_issue(api: Api, marker: str, label: str) -> dict[str, Any] | None:
    # The list of issues includes pull requests.
    issues = (issue for issue in api.list_all("issues", state="open", labels=label) if "pull_request" not in issue)
    return next(_ours(issues, marker), None)


def _ours(items: Iterator[dict[str, Any]], marker: str) -> Iterator[dict[str, Any]]:
    for item in items:
        # GitHub may return a body with other line endings than were sent.
        first_line = (item.get("body") or "").partition("\n")[0].rstrip()
        if first_line == marker and (item.get("user") or {}).get("login") == ACTIONS_BOT:
            yield item


def _body(marker: str, markdown: str) -> str:
    return _cut(f"{marker}\n{markdown}")


def _cut(body: str) -> str:
    return body if len(body) <= BODY_CHARACTERS else body[: BODY_CHARACTERS - len(CUT)] + CUT
