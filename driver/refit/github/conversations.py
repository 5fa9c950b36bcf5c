"""One comment on a pull request and one issue, each found again by a hidden marker and kept up to date.

Only what this workflow's own account wrote is ever changed: anybody may write a comment with our marker in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from refit.github.rest import Api

ACTIONS_BOT = "github-actions[bot]"
"""Who acts with a job's GITHUB_TOKEN, on github.com and on an Enterprise Server."""

BODY_CHARACTERS = 65_536
CUT = "\n\n*The rest is cut: GitHub takes 65,536 characters. The workflow's log has all of it.*"


def hidden_marker(name: str) -> str:
    """The first line of a body by which it is found again: an HTML comment that nobody sees."""
    if not re.fullmatch(r"[a-z0-9]+([:/-][a-z0-9]+)*", name):
        raise ValueError(f"not a name for a marker: {name!r}")
    return f"<!-- refit:{name} -->"


def upsert_comment(api: Api, number: int, marker: str, markdown: str, *, create: bool = True) -> str | None:
    """Writes the pull request's one comment with `marker`, or changes it; returns its address.

    Without `create` only a comment that exists is changed; None when there is none. Raises GitHubError.
    """
    body = _body(marker, markdown)
    comment = next(_ours(api.list_all(f"issues/{number}/comments"), marker), None)
    if comment is None:
        return str(api.send("POST", f"issues/{number}/comments", {"body": body})["html_url"]) if create else None
    if comment["body"] != body:
        api.send("PATCH", f"issues/comments/{comment['id']}", {"body": body})
    return str(comment["html_url"])


def open_issue(api: Api, marker: str, label: str, title: str, markdown: str) -> str:
    """Opens the one issue with `marker`, or brings the open one up to date; returns its address. Raises GitHubError."""
    content = {"title": title, "body": _body(marker, markdown)}
    issue = _open_issue(api, marker, label)
    if issue is None:
        return str(api.send("POST", "issues", {**content, "labels": [label]})["html_url"])
    if {name: issue[name] for name in content} != content:
        api.send("PATCH", f"issues/{issue['number']}", content)
    return str(issue["html_url"])


def close_issue(api: Api, marker: str, label: str, markdown: str) -> str | None:
    """Closes the one issue with `marker`, saying why; returns its address, or None. Raises GitHubError."""
    issue = _open_issue(api, marker, label)
    if issue is None:
        return None
    api.send("POST", f"issues/{issue['number']}/comments", {"body": _cut(markdown)})
    api.send("PATCH", f"issues/{issue['number']}", {"state": "closed", "state_reason": "completed"})
    return str(issue["html_url"])


def _open_issue(api: Api, marker: str, label: str) -> dict[str, Any] | None:
    # The list of issues has the pull requests too.
    issues = (issue for issue in api.list_all("issues", state="open", labels=label) if "pull_request" not in issue)
    return next(_ours(issues, marker), None)


def _ours(items: Iterator[dict[str, Any]], marker: str) -> Iterator[dict[str, Any]]:
    for item in items:
        # GitHub may give a body back with other line ends than it was sent with.
        first_line = (item.get("body") or "").partition("\n")[0].rstrip()
        if first_line == marker and (item.get("user") or {}).get("login") == ACTIONS_BOT:
            yield item


def _body(marker: str, markdown: str) -> str:
    return _cut(f"{marker}\n{markdown}")


def _cut(body: str) -> str:
    return body if len(body) <= BODY_CHARACTERS else body[: BODY_CHARACTERS - len(CUT)] + CUT
