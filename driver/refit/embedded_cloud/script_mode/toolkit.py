"""Builds the arguments and SM_… variables of a program in script mode. Pure.

They follow the SageMaker training toolkit:
https://github.com/aws/sagemaker-training-toolkit/blob/master/ENVIRONMENT_VARIABLES.md
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from refit.embedded_cloud.instance.algorithm import TrainingInput
from refit.embedded_cloud.script_mode.program import Program, decoded

RESERVED = "sagemaker_"
"""Hyperparameters with this prefix are the toolkit's own, and are not passed to the program."""
HOST = "algo-1"


def hyperparameters(values: Mapping[str, str]) -> dict[str, Any]:
    """The program's own hyperparameters, decoded from JSON."""
    return {name: decoded(value) for name, value in values.items() if not name.startswith(RESERVED)}


def arguments(values: Mapping[str, Any]) -> list[str]:
    """`--name value` for each hyperparameter, ordered by name; `-n value` when the name is one letter."""
    return [
        part
        for name, value in sorted(values.items())
        for part in (f"--{name}" if len(name) > 1 else f"-{name}", _argument(value))
    ]


def environment(job: TrainingInput, program: Program, instance_type: str) -> dict[str, str]:
    """The variables that tell the program where its data is and where its model goes."""
    own = hyperparameters(job.hyperparameters)
    folders = {name: str(job.channel_dir(name)) for name in job.channels}
    variables = {
        "hps": own,
        "user_args": arguments(own),
        "user_entry_point": program.name,
        "module_name": program.name.removesuffix(".py"),
        "module_dir": program.source,
        "channels": sorted(folders),
        "model_dir": str(job.model_dir),
        "input_dir": str(job.volume / "input"),
        "input_config_dir": str(job.config_dir),
        "input_data_config": {name: dict(channel.config) for name, channel in job.channels.items()},
        "output_dir": str(job.volume / "output"),
        "output_data_dir": str(job.output_data_dir),
        "hosts": [HOST],
        "current_host": HOST,
        "current_instance_type": instance_type,
        "num_gpus": 0,
        "num_cpus": os.cpu_count() or 1,
        **{f"hp_{name}": value for name, value in own.items()},
        **{f"channel_{name}": folder for name, folder in folders.items()},
    }
    return {f"SM_{name.upper()}": _variable(value) for name, value in variables.items()}


def _argument(value: Any) -> str:
    if isinstance(value, dict):
        return ",".join(f"{name}={item}" for name, item in sorted(value.items()))
    return "" if value is None else str(value)


def _variable(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
