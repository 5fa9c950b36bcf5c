"""Restores the state before the first request, and saves it regularly and at the end, instead of ministack."""

from __future__ import annotations

import asyncio
import logging
import shutil
from pathlib import Path
from typing import Any

from ministack import app

from refit.embedded_cloud import settings
from refit.embedded_cloud.ministack_patches.patching import Patch
from refit.embedded_cloud.saved_state import function_code, loader, retention
from refit.embedded_cloud.saved_state.saver import Saver

log = logging.getLogger("refit")

STATE, OBJECTS = "state", "s3"
"""The folders of the state, and of S3's objects, which S3 itself writes and reads."""


def restore(state_dir: Path) -> Saver:
    """Restores the saved state of `state_dir`; returns what saves it. Raises CloudError if a file is damaged."""
    folder = state_dir / STATE
    function_code.install()
    loaded = loader.restore(folder, state_dir / OBJECTS)
    function_code.delete_unused()
    saver = Saver(folder)
    saver.adopt(loaded)

    def save(_: Any, services: object) -> None:
        retention.forget()
        saver.save_at_the_end()

    def reset(original: Any) -> None:
        original()
        for path in folder.iterdir():
            if path.is_dir() and path.name in app._state_map:
                shutil.rmtree(path)

    for symbol, function in (("_load_persisted_state", _nothing), ("save_all", save), ("_reset_all_state", reset)):
        Patch("ministack.app", symbol, function).apply()
    return saver


async def save_regularly(saver: Saver) -> None:
    """Saves at intervals, so that a cloud that is killed loses little, and forgets what is long past."""
    while True:
        await asyncio.sleep(settings.save_seconds())
        try:
            retention.forget()
            await saver.save()
        except Exception:
            # One service's fault must not end the saving of all others.
            log.exception("the state could not be saved")


def _nothing(_: Any) -> None:
    """The state has been restored before."""
