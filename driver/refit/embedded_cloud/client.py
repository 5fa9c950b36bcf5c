"""The embedded cloud as everybody meets it: where it is, whether it runs, and the variables that lead to it.

Nothing here needs what the cloud is made of, the extra `local`; refit.embedded_cloud.lifecycle starts and stops it.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refit.errors import CloudError

IDENTITY_PATH = "/_refit/cloud"
SLACK_API_PATH = "/_refit/slack/api/"
"""Where its Slack Web API is; a method's name follows."""
ANSWER_SECONDS = 10.0


@contextmanager
def keeping_state() -> Iterator[None]:
    """Turns what the operating system refuses of a state folder inside into CloudError."""
    try:
        yield
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        reason = f"the embedded cloud cannot keep its state: {what}{error.strerror}"
        raise CloudError(reason, "REFIT_STATE_DIR must name a folder that you may write to") from error


@dataclass(frozen=True)
class Cloud:
    """An embedded cloud that runs."""

    port: int
    pid: int
    region: str
    state_dir: Path

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """The variables that point terraform, boto3 and the AWS CLI at this cloud, with its account's root key."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
        }

    def request(self, method: str, path: str, document: object = None) -> Any:
        """Calls the cloud's own interface under /_refit/ with a JSON document; returns the JSON answer.

        Raises CloudError when the cloud does not answer, or with its reason when it refuses.
        """
        try:
            status, answer = _call(self.port, method, path, document)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise CloudError(f"the embedded cloud at {self.endpoint_url} does not answer: {error}") from error
        if status != http.HTTPStatus.OK:
            raise CloudError(answer.get("error", f"the embedded cloud answered {status}"), answer.get("hint"))
        return answer


@keeping_state()
def running(state_dir: Path) -> Cloud | None:
    """The cloud of `state_dir`, when it answers; None when there is none or cloud.json is stale.

    cloud.json is believed only when the server at its port says that it belongs to this directory. Raises CloudError
    when the directory is none.
    """
    state_dir = state_dir.resolve()
    try:
        port = json.loads((state_dir / "cloud.json").read_text())["port"]
    except (FileNotFoundError, ValueError, KeyError):
        return None
    cloud = at_port(port)
    return cloud if cloud and cloud.state_dir == state_dir else None


def required(state_dir: Path) -> Cloud:
    """The cloud of `state_dir`. Raises CloudError when it is not running, or as `running` does."""
    cloud = running(state_dir)
    if cloud is None:
        raise CloudError("the embedded cloud is not running", "run: refit local up")
    return cloud


def at_port(port: int, seconds: float = ANSWER_SECONDS) -> Cloud | None:
    """The embedded cloud that answers at the port of 127.0.0.1 within `seconds`; None when none does."""
    try:
        status, answer = _call(port, "GET", IDENTITY_PATH, seconds=seconds)
        cloud = Cloud(port=port, pid=answer["pid"], region=answer["region"], state_dir=Path(answer["state_dir"]))
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return None
    return cloud if status == http.HTTPStatus.OK else None


def _call(
    port: int, method: str, path: str, document: object = None, seconds: float = ANSWER_SECONDS
) -> tuple[int, Any]:
    """Speaks to 127.0.0.1 directly: no proxy of the developer's environment comes between."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        body = None if document is None else json.dumps(document)
        connection.request(method, path, body, {"content-type": "application/json"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()
