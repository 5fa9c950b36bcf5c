"""Calls GitHub's REST API for one repository: JSON in and out, bounded retries. No message contains the token.

https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api
"""

from __future__ import annotations

import http.client
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

from refit.errors import RefitError
from refit.loopback import leads_here

PAGE = 100
MAX_PAGES = 50
LONGEST_WAIT_SECONDS = 60.0


class GitHubError(RefitError):
    """GitHub rejected a request, or could not be reached within the bounded retries."""


@dataclass(frozen=True)
class Api:
    """The API of one repository (`owner/name`). `pause` is the wait before the first retry, in seconds."""

    url: str
    repository: str
    token: str = field(repr=False)
    attempts: int = 4
    pause: float = 1.0
    timeout: float = 20.0

    def __post_init__(self) -> None:
        if not self.url.lower().startswith("https://") and not leads_here(self.url):
            raise GitHubError(f"GITHUB_API_URL must start with https://, got {self.url}")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Api:
        """The API of the workflow's repository. Raises GitHubError if a variable is missing."""
        repository, token = environ.get("GITHUB_REPOSITORY"), environ.get("GITHUB_TOKEN")
        if not repository:
            raise GitHubError(
                "GITHUB_REPOSITORY is not set", "run this in GitHub Actions, or export GITHUB_REPOSITORY=owner/name"
            )
        if not token:
            raise GitHubError("GITHUB_TOKEN is not set", "give the step env: GITHUB_TOKEN: ${{ github.token }}")
        return cls(environ.get("GITHUB_API_URL", "https://api.github.com"), repository, token)

    def list_all(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """The items of a list under `/repos/<repository>/<path>`, page by page. Raises GitHubError."""
        for page in range(1, MAX_PAGES + 1):
            items = self.send("GET", f"{path}?{urllib.parse.urlencode({**query, 'per_page': PAGE, 'page': page})}")
            yield from items
            if len(items) < PAGE:
                return

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Sends a request under `/repos/<repository>/<path>`; returns the response's JSON. Raises GitHubError.

        A POST is retried only after a rate limit, because otherwise GitHub may have executed it.
        """
        attempt = 1
        while True:
            try:
                return self._once(method, path, body)
            except urllib.error.HTTPError as error:
                wait = self._wait(error, method, attempt)
                if wait is None:
                    raise self._rejected(error, method, path) from None
            except (OSError, http.client.HTTPException) as error:
                if attempt == self.attempts or method == "POST":
                    reason = getattr(error, "reason", None) or error
                    raise GitHubError(self._safe(f"could not reach GitHub at {self.url}: {reason}")) from None
                wait = self._backoff(attempt)
            except ValueError:
                raise GitHubError(f"the response of {self.url} to {method} {path} is not JSON") from None
            time.sleep(wait)
            attempt += 1

    def _once(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            f"{self.url.rstrip('/')}/repos/{urllib.parse.quote(self.repository)}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "User-Agent": "refit",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=self.timeout) as response:
            return json.loads(response.read() or b"null")

    def _wait(self, error: urllib.error.HTTPError, method: str, attempt: int) -> float | None:
        """The seconds to wait before a retry; None if a retry is pointless."""
        if attempt == self.attempts:
            return None
        limited = _rate_limited_for(error.code, error.headers)
        if limited is not None:
            return limited if limited <= LONGEST_WAIT_SECONDS else None
        return self._backoff(attempt) if error.code >= 500 and method != "POST" else None

    def _backoff(self, attempt: int) -> float:
        return float(self.pause * 2 ** (attempt - 1))

    def _rejected(self, error: urllib.error.HTTPError, method: str, path: str) -> GitHubError:
        try:
            message = str(json.loads(error.read())["message"])
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            message = error.reason
        hint = None
        if error.code in (401, 403, 404):
            hint = "grant the job's token pull-requests: write for comments, issues: write for issues"
        return GitHubError(self._safe(f"GitHub rejected {method} {path}: {error.code} {message[:200]}"), hint)

    def _safe(self, text: str) -> str:
        return text.replace(self.token, "***")


def pull_request_number(environ: Mapping[str, str] = os.environ) -> int:
    """The number of the workflow's pull request. Raises GitHubError if the workflow was started by another event."""
    if "GITHUB_EVENT_PATH" not in environ:
        raise GitHubError("GITHUB_EVENT_PATH is not set", "--comment works in GitHub Actions only: leave it out")
    try:
        event = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
        return int(event["pull_request"]["number"])
    except (OSError, ValueError, KeyError, TypeError):
        raise GitHubError(
            "this workflow run does not belong to a pull request", "--comment works in workflows on: pull_request"
        ) from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Rejects redirects, which would send the token to another host."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _rate_limited_for(code: int, headers: Message) -> float | None:
    """The seconds that GitHub requests to wait; None if the request was not rejected because of a rate limit.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    """
    if code not in (403, 429):
        return None
    if (seconds := headers.get("Retry-After", "")).isdigit():
        return float(seconds)
    if headers.get("X-RateLimit-Remaining") == "0" and (reset := headers.get("X-RateLimit-Reset", "")).isdigit():
        return max(0.0, float(reset) - time.time()) + 1.0
    return LONGEST_WAIT_SECONDS if code == 429 else None
