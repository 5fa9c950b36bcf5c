"""Finds a running embedded cloud, calls its own API, and provides the environment variables that point to it.

This module does not need the extra `local`. refit.embedded_cloud.lifecycle starts and stops the cloud.
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

INSTALL = "pip install --require-hashes -r requirements-local.txt (in a checkout of Refit: make setup)"
"""The command that installs what the embedded cloud needs."""
INSTALL_XGBOOST = "pip install 'refit-sagemaker[local,xgboost]' (in a checkout of Refit: make setup)"
"""The command that installs the library that trains and serves XGBoost, too."""
DEFAULT_PORT = 4566
"""The port of `refit local up` without --port."""
IDENTITY_PATH = "/_refit/cloud"
SLACK_API_PATH = "/_refit/slack/api/"
"""The path of its Slack Web API; a method's name follows."""
SLACK_MESSAGES_PATH = "/_refit/slack/messages"
SAVE_PATH = "/_refit/save"
UNSAVED_STATUS = 507
"""The status of the answer if the disk does not take the state."""
RESPONSE_SECONDS = 10.0
SAVE_RESPONSE_SECONDS = 60.0


@contextmanager
def state_errors() -> Iterator[None]:
    """Converts an OSError of the state folder inside the context to CloudError."""
    try:
        yield
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        reason = f"the embedded cloud cannot access its state: {what}{error.strerror}"
        raise CloudError(reason, "set REFIT_STATE_DIR to a folder that you can write to") from error


@dataclass(frozen=True)
class Cloud:
    """A running embedded cloud."""

    port: int
    pid: int
    region: str
    state_dir: Path

    @property
    def endpoint_url(self) -> str:
        """The cloud's address, for AWS_ENDPOINT_URL."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """The variables that point terraform, boto3 and the AWS CLI to this cloud, with its root user's access key."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
        }

    def request(self, method: str, path: str, document: object = None) -> Any:
        """Calls the cloud's own API under /_refit/ with a JSON document, and returns the JSON response.

        Raises CloudError if the cloud does not respond, or with its reason if it rejects the request.
        """
        try:
            status, response = _call(self.port, method, path, document)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise CloudError(f"the embedded cloud at {self.endpoint_url} does not respond: {error}") from error
        if status != http.HTTPStatus.OK:
            reason = response.get("error", f"the embedded cloud responded with status {status}")
            raise CloudError(reason, response.get("hint"))
        return response

    def save(self) -> None:
        """Makes the cloud save its state now. Raises CloudError if its disk does not take it.

        A cloud that does not answer, or is of a version that cannot be asked, is left to save when it stops.
        """
        try:
            status, response = _call(self.port, "POST", SAVE_PATH, seconds=SAVE_RESPONSE_SECONDS)
        except (OSError, http.client.HTTPException, ValueError):
            return
        if status == UNSAVED_STATUS:
            raise CloudError(
                f"{response['error']}; it was not stopped",
                f"free disk space, then run: refit local down (to lose what is not saved: kill {self.pid})",
            )

    def slack_messages(self) -> list[dict[str, Any]]:
        """The messages in this cloud's Slack, oldest first: channel, ts, text, blocks and time (UTC) of each.

        `thread_ts` is the ts of the message that it replies to, or null; `broadcast` is true if the channel shows the
        reply too. `edited` is the time of the last update, or null; `before` are the earlier texts.
        """
        messages: list[dict[str, Any]] = self.request("GET", SLACK_MESSAGES_PATH)["messages"]
        return messages


@state_errors()
def running(state_dir: Path) -> Cloud | None:
    """The running cloud of `state_dir`; None if there is none, or cloud.json is stale.

    cloud.json is trusted only if the server at its port reports this directory as its own. Raises CloudError if
    `state_dir` is not a directory.
    """
    state_dir = state_dir.resolve()
    try:
        port = json.loads((state_dir / "cloud.json").read_bytes())["port"]
    except (FileNotFoundError, ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None
    cloud = at_port(port) if type(port) is int and 0 < port < 65536 else None
    return cloud if cloud and cloud.state_dir == state_dir else None


def required(state_dir: Path) -> Cloud:
    """The running cloud of `state_dir`. Raises CloudError if there is none, or as `running` does."""
    cloud = running(state_dir)
    if cloud is None:
        raise CloudError("the embedded cloud is not running", 'run: eval "$(refit local up)"')
    return cloud


def at_port(port: int, seconds: float = RESPONSE_SECONDS) -> Cloud | None:
    """The embedded cloud on a port of 127.0.0.1; None if none responds there within `seconds`."""
    try:
        status, found = _call(port, "GET", IDENTITY_PATH, seconds=seconds)
        cloud = Cloud(port=port, pid=found["pid"], region=found["region"], state_dir=Path(found["state_dir"]))
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return None
    return cloud if status == http.HTTPStatus.OK else None


def _call(
    port: int, method: str, path: str, document: object = None, seconds: float = RESPONSE_SECONDS
) -> tuple[int, Any]:
    """Sends a request directly to 127.0.0.1, ignoring proxies in the environment; returns the status and the JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        body = None if document is None else json.dumps(document)
        connection.request(method, path, body, {"content-type": "application/json"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()
