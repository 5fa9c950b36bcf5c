"""Steps of a user of SageMaker's Python SDK 2, one after another; run by the Python of an environment that has it.

The SDK sends requests for STS to AWS's own address whatever the variables say, so that this address is replaced.
Writes `[name, difference]` of each step as a line of JSON into the file that the first argument names.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path

import sagemaker
from account import STEPS, real_sleep

for module in ("training", "hosting"):
    importlib.import_module(module)  # registers its steps, in this order


def main() -> None:
    """Runs the steps; the SDK asks for a status every 5 to 30 seconds, here at least every 0.2 seconds."""
    time.sleep = lambda seconds: real_sleep(min(seconds, 0.2))
    sagemaker.session.sts_regional_endpoint = lambda region: os.environ["AWS_ENDPOINT_URL"]
    with Path(sys.argv[1]).open("w") as results:
        for each in STEPS:
            try:
                each()
                difference = None
            except Exception as error:  # a step that breaks must not hide the others
                traceback.print_exc()
                difference = f"{type(error).__name__}: {error}"
            print(json.dumps([each.__name__, difference]), file=results, flush=True)


main()
