"""Reads, places and releases a pipeline's hold. While a hold is set, runs do not replace the live model.

A hold is an SSM parameter, which Terraform creates with the value "none". Only the driver writes it.
"""

from __future__ import annotations

import json

from refit.aws.deployed import DeployedPipeline
from refit.aws.session import Aws, calling
from refit.domain.hold import UNKNOWN, parse
from refit.domain.run_document import Hold
from refit.domain.setting_values import NOT_HELD
from refit.errors import NotFound, RefitError
from refit.project import PipelineRef

LONGEST_REASON = 500
"""In characters. A standard parameter can store 4 KB, and a character takes up to four bytes.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""


def read(aws: Aws, parameter: str, key: str = "PIPELINE") -> Hold | None:
    """The hold on the pipeline `key`, which only a hint names; None if it is not held.

    A value that is neither "none" nor a valid hold counts as a hold, because CheckData fails on it. Raises NotFound if
    the parameter does not exist, AwsError otherwise.
    """
    try:
        with calling(f"read the hold {parameter}"):
            value = aws.ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    except NotFound as error:
        # A stack that was applied by a version of Refit without holds does not have the parameter.
        raise NotFound(str(error), f"apply the stack: refit terraform apply {key}") from error
    try:
        return parse(value)
    except ValueError:
        return {**UNKNOWN, "reason": value}


def standing(aws: Aws, parameter: str) -> Hold | None:
    """Like `read`, but None if the stack was applied by a version of Refit without holds."""
    try:
        return read(aws, parameter)
    except NotFound:
        return None


def place(aws: Aws, parameter: str, hold: Hold, key: str = "PIPELINE") -> Hold:
    """Places `hold`, unless the pipeline is already held; returns the hold in force.

    Raises RefitError if the reason is too long; NotFound and AwsError like `read`.
    """
    if existing := read(aws, parameter, key):
        return existing
    if len(hold["reason"]) > LONGEST_REASON:
        raise RefitError(f"the reason has {len(hold['reason'])} characters", f"use at most {LONGEST_REASON}")
    written = json.dumps(hold, ensure_ascii=False)
    _write(aws, parameter, written)
    return parse(written) or hold


def release(ref: PipelineRef) -> Hold | None:
    """Ends the hold of a pipeline (`refit release PIPELINE`); returns that hold, or None if there was none.

    Raises NotFound if the pipeline is not applied, or was applied by a version of Refit without holds; AwsError
    otherwise.
    """
    deployed = DeployedPipeline.of(ref)
    aws, parameter = deployed.aws, deployed.stack.hold_parameter
    ended = read(aws, parameter, ref.key)
    if ended:
        _write(aws, parameter, NOT_HELD)
    return ended


def _write(aws: Aws, parameter: str, value: str) -> None:
    with calling(f"write the hold {parameter}"):
        aws.ssm.put_parameter(Name=parameter, Value=value, Type="String", Overwrite=True)
