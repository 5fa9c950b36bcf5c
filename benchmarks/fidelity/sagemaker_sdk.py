"""SageMaker's Python SDK 2: sessions, estimators, models and predictors, one step after another in one account.

The SDK brings 700 MB, so that who runs it installs it.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.fidelity import world
from benchmarks.fidelity.suite import Case, folder_of

NAME = "sagemaker_sdk"
HOW = (
    "a virtual environment with the SDK, outside of this repository: "
    "python3 -m venv FOLDER && FOLDER/bin/pip install sagemaker==2.257.0"
)
STEPS = Path(__file__).parent / "sdk_session"


def run() -> Iterator[Case]:
    python = folder_of("SAGEMAKER_SDK", HOW) / "bin" / "python"
    with tempfile.TemporaryDirectory() as folder, world.embedded_cloud() as cloud:
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "TMPDIR": folder, **cloud.environment()}
        results = Path(folder) / "results"
        done = subprocess.run(  # noqa: S603 - steps of this package
            [str(python.absolute()), str(STEPS), str(results)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        for line in results.read_text().splitlines() if results.exists() else []:
            name, difference = json.loads(line)
            yield Case(name, difference)
        if done.returncode:
            yield Case("the session as a whole", done.stderr[-500:])
