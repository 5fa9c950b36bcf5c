"""What a scripted hang waits for."""

from __future__ import annotations

from threading import Event

from refit.embedded_cloud import faults

POLL_SECONDS = 0.1


def hold(ended: Event | None = None) -> None:
    """Returns when the script of faults is another than now, or once `ended` is set.

    A hang of so many uses ({"hang": 1}) leaves the script when it is used up: only a script other than {} ends it.
    """
    ended = ended or Event()
    script = faults.active()
    while faults.active() == script and not ended.wait(POLL_SECONDS):
        pass
