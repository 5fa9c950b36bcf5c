"""moto's tests of the SageMaker operations that Refit emulates, in moto's server mode, against the embedded cloud.

Most are answers that moto's authors saw on AWS. Some are moto's own: roles that do not exist, images of no algorithm.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

from benchmarks.fidelity import world
from benchmarks.fidelity.suite import Case, environment_with, folder_of

NAME = "moto"
HOW = "a checkout of moto: git clone --branch 5.2.5 https://github.com/getmoto/moto (or pip download --no-binary moto)"
FILES = ("test_sagemaker_endpoint.py", "test_sagemaker_models.py", "test_sagemaker_training.py")


def run() -> Iterator[Case]:
    folder = folder_of("MOTO", HOW).resolve()
    python = environment_with("moto", str(folder), "pytest", "requests") / "python"
    tests = [str(folder / "tests" / "test_sagemaker" / file) for file in FILES]
    settings = {"REFIT_LOCAL_AUTH": "false", "AUTH": "false", "REFIT_LOCAL_SECONDS_PER_STATUS": "0.1"}
    with tempfile.TemporaryDirectory() as results, world.embedded_cloud(**settings) as cloud:
        report = Path(results) / "report.xml"
        environment = {
            **os.environ,
            **cloud.environment(),
            "PYTHONPATH": str(Path(__file__).parent / "plugins"),
            "TEST_SERVER_MODE": "true",
            "TEST_SERVER_MODE_ENDPOINT": cloud.endpoint_url,
        }
        command = [str(python), "-m", "pytest", "-q", "--color=no", "-p", "fresh_cloud", "-p", "no:cacheprovider"]
        subprocess.run(  # noqa: S603 - moto's tests, which the user has fetched
            [*command, f"--junitxml={report}", *tests], cwd=folder, env=environment, capture_output=True
        )
        # pytest wrote the file.
        for case in ElementTree.parse(report).getroot().iter("testcase"):  # noqa: S314
            failed = case.find("failure") if case.find("failure") is not None else case.find("error")
            if case.find("skipped") is None:
                name = f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}"
                yield Case(name, None if failed is None else failed.get("message"))
