"""The hold: while somebody has set it, CheckData lets no run replace the model that serves.

It is the SSM parameter that Terraform makes with the value "none"; the driver writes it and nothing else does.
"""

from __future__ import annotations

import json

from refit.aws.deployed import DeployedPipeline
from refit.aws.session import Aws, calling
from refit.domain.hold import parse
from refit.domain.run_document import Hold
from refit.domain.setting_values import NOT_HELD
from refit.errors import NotFound, RefitError
from refit.project import PipelineRef

LONGEST_REASON = 500
"""Characters. A standard parameter holds 4 KB, and a character is up to four bytes.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""


def read(aws: Aws, parameter: str) -> Hold | None:
    """Who holds the pipeline; None when nobody does.

    Whatever else than "none" the parameter says, no run replaces the model: CheckData fails at what is no hold. Raises
    NotFound when there is no such parameter, AwsError otherwise.
    """
    try:
        with calling(f"read the hold {parameter}"):
            value = aws.ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    except NotFound as error:
        # A stack that was applied before there were holds has no such parameter.
        raise NotFound(str(error), "apply the stack: refit terraform apply PIPELINE") from error
    try:
        return parse(value)
    except ValueError:
        return Hold(by="somebody", since="an unknown time", reason=value)


def standing(aws: Aws, parameter: str) -> Hold | None:
    """Like `read`; a stack that is older than holds are has none."""
    try:
        return read(aws, parameter)
    except NotFound:
        return None


def place(aws: Aws, parameter: str, hold: Hold) -> Hold:
    """Holds the pipeline, unless it is held already; returns the hold that stands.

    Raises RefitError for a reason that is too long; NotFound and AwsError as `read` does.
    """
    if found := read(aws, parameter):
        return found
    if len(hold["reason"]) > LONGEST_REASON:
        raise RefitError(f"the reason has {len(hold['reason'])} characters", f"write at most {LONGEST_REASON}")
    written = json.dumps(hold, ensure_ascii=False)
    _write(aws, parameter, written)
    return parse(written) or hold


def release(ref: PipelineRef) -> Hold | None:
    """Ends the hold of a pipeline (`refit release PIPELINE`); returns the hold that it ended, None if there was none.

    Raises NotFound when the pipeline is not applied, or was applied by a version of Refit without holds; AwsError
    otherwise.
    """
    deployed = DeployedPipeline.of(ref)
    aws, parameter = deployed.aws, deployed.stack.hold_parameter
    found = read(aws, parameter)
    if found:
        _write(aws, parameter, NOT_HELD)
    return found


def _write(aws: Aws, parameter: str, value: str) -> None:
    with calling(f"write the hold {parameter}"):
        aws.ssm.put_parameter(Name=parameter, Value=value, Type="String", Overwrite=True)
