"""Names executions: of the run that a merge starts, of a window of a backfill, of a rollback, and of their retries.

Equal requests have equal names, and Step Functions accepts a name once, so that every run starts once. The pipeline is
not part of a name: each pipeline has a state machine of its own, and names are unique within one.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable

from refit.domain.window import Window
from refit.git import Commit

MAX_NAME = 80
"""Characters of an execution's name."""
ATTEMPTS = 99
"""How many names a request may use: its own, and those with the numbers 2 to 99."""
BACKFILL = "backfill-"
"""The prefix of every run of a backfill."""
ROLLBACK = "rollback-"
_ROLLBACK_NAME = re.compile(rf"{ROLLBACK}([0-9]{{8}}-[0-9a-f]{{8}})-([0-9a-f]{{8}})(-[0-9]+)?")


def for_merge(commit: Commit, window: Window | None, *, force: bool) -> str:
    """The name of the run that `commit` starts: it trains on `window`; without one it redeploys the live model.

    A run that trains only when there is new data (`force` is False) is another request than one that always trains.
    """
    if window is None:
        return f"{commit.short}-redeploy"
    name = f"{commit.short}-{_days(window)}"
    return name if force else f"{name}-if-new"


def for_file(content: bytes, window: Window, *, force: bool) -> str:
    """The name of the run that is started for a local pipeline file that is not committed."""
    name = f"local-{hashlib.sha256(content).hexdigest()[:12]}-{_days(window)}"
    return name if force else f"{name}-if-new"


def for_backfill(window: Window, digest: str, *, deploys: bool) -> str:
    """The name of the first run that a backfill starts for `window`; `digest` is training_digest's.

    At most 42 characters.
    """
    return f"{BACKFILL}{_days(window)}-{'deploy-' if deploys else ''}{digest}"


def for_rollback(model: str, config: str, pipeline: str) -> str:
    """The name of the run that restores `model` while the endpoint has the endpoint config `config` ("": no endpoint).

    It differs after every deployment, so that a later rollback to the same model is another run. At most 35 characters.
    """
    return f"{ROLLBACK}{model.removeprefix(f'{pipeline}-')}-{config_digest(config)}"


def config_digest(config: str) -> str:
    """The part of a rollback's name that stands for the endpoint config that it replaces."""
    return hashlib.sha256(config.encode()).hexdigest()[:8]


def model_of_rollback(name: str, pipeline: str) -> str | None:
    """The model that the run called `name` restores; None if it is not a rollback."""
    found = _ROLLBACK_NAME.fullmatch(name)
    return f"{pipeline}-{found[1]}" if found else None


def replaced_by_rollback(name: str) -> str | None:
    """The digest of the endpoint config that the rollback called `name` replaces; None if it is not a rollback."""
    found = _ROLLBACK_NAME.fullmatch(name)
    return found[2] if found else None


def numbered(name: str, attempt: int) -> str:
    """The name of a request's first, second, … execution: `name`, `name-2`, …"""
    return name if attempt == 1 else f"{name}-{attempt}"


def attempts(name: str, known: Iterable[str]) -> list[str]:
    """Those of the `known` names that are executions of the request `name`."""
    return [one for one in known if one == name or one.startswith(f"{name}-")]


def unused(name: str, known: Collection[str]) -> str:
    """The name of the next execution of the request `name`, when the names in `known` are taken."""
    names = (numbered(name, attempt) for attempt in range(1, len(known) + 2))
    return next(one for one in names if one not in known)


def _days(window: Window) -> str:
    return f"{window.start:%Y%m%d}-{window.last:%Y%m%d}"
