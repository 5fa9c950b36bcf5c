"""The types of the values in a pipeline file, restricted to what AWS accepts."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, AllowInfNan, BeforeValidator, StringConstraints, ValidationInfo

from refit.domain import time_zones
from refit.domain.window import parse_day
from refit.pipeline.schema import images, schedule_expression
from refit.pipeline.schema.constraints import Violation, raise_violations
from refit.problem_codes import Code

MAX_CHANNEL_LENGTH = 80
MAX_FILE_NAME = 255
"""The maximum length of a file's or folder's name on Linux (NAME_MAX)."""

HAVE_FIELDS = {
    "feature_dim": "data = { feature_dim = 13 }",
    "predictor_type": 'training = { predictor_type = "regressor" }',
}
"""The hyperparameters of Linear Learner that Refit sets from other fields, and how to write these fields."""


def _schedule(text: str) -> str:
    raise_violations(
        Violation(
            (),
            Code.BAD_SCHEDULE,
            f"schedule.expression {fault.message}",
            f'write schedule = {{ expression = "{fault.write}" }}',
        )
        for fault in schedule_expression.faults(text)
    )
    return text


@cache
def _regions() -> frozenset[str]:
    """The regions of all partitions that the installed AWS SDK knows."""
    # Found without importing the SDK, which would slow down every command that reads a file.
    sdk = find_spec("botocore")
    if sdk is None or sdk.origin is None:
        raise ModuleNotFoundError("botocore is not installed")
    document = json.loads((Path(sdk.origin).parent / "data" / "partitions.json").read_bytes())
    return frozenset(name for partition in document["partitions"] for name in partition["regions"])


def _region(text: str) -> str:
    if text not in _regions():
        near = get_close_matches(text, sorted(_regions()), 3)
        hint = f"write {' or '.join(json.dumps(name) for name in near or ['us-west-2'])}"
        message = f"region must be the code of an AWS region, got {json.dumps(text)}"
        raise_violations([Violation((), Code.BAD_REGION, message, hint)])
    return text


def _time_zone(text: str) -> str:
    if text != "UTC" and text not in time_zones.names():
        raise ValueError(text)
    return text


def _no_empty_segment(text: str) -> str:
    """Rejects segments that S3 allows, but that cannot be the name of a folder: a training job gets the data as files.

    https://docs.aws.amazon.com/sagemaker/latest/dg/model-access-training-data.html
    """
    if any(segment in ("", ".", "..") or len(segment) > MAX_FILE_NAME for segment in text.removesuffix("/").split("/")):
        raise ValueError(text)
    return text


def _bucket(text: str) -> str:
    """Excludes reserved names. The pattern excludes dots, which the certificate of *.s3.amazonaws.com does not cover.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    reserved = ("xn--", "sthree-", "amzn-s3-demo-"), ("-s3alias", "--ol-s3", "--x-s3", "--table-s3")
    if text.startswith(reserved[0]) or text.endswith(reserved[1]):
        raise ValueError(text)
    return text


def _parameter(text: str) -> str:
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html"""
    if re.match(r"/(aws|ssm)", text, re.IGNORECASE) or "//" in text or text.endswith("/") or text.count("/") > 15:
        raise ValueError(text)
    return text


def own_image(image: str | None) -> bool:
    """Whether `image` is not AWS's Linear Learner, judging by the last part of the repository's name."""
    return image is not None and images.repository(image) != "linear-learner"


def _is_linear_learner(before: Mapping[str, Any]) -> bool:
    """Whether Linear Learner trains, by the valid fields before the hyperparameters; False if these are invalid."""
    is_named = before.get("algorithm") == "linear-learner"
    return is_named and "image" in before and not own_image(before["image"])


def _hyperparameter_name(name: str, info: ValidationInfo) -> str:
    """Rejects names that have their own field. `info.data` has the valid fields of the section before this one."""
    if name in HAVE_FIELDS and _is_linear_learner(info.data):
        message = f"training.hyperparameters must not contain {name}, which has its own field"
        raise_violations([Violation((), Code.RESERVED, message, f"write {HAVE_FIELDS[name]}")])
    return name


def _channel_name(name: str) -> str:
    if name in ("train", "validation"):
        message = f"training.channels must not contain {name}, which is set by data and window"
        raise_violations([Violation((), Code.RESERVED, message, "choose another name")])
    return name


def _one_group(pattern: str) -> str:
    """Requires exactly one group, from which SageMaker reads the metric's value.

    https://docs.aws.amazon.com/sagemaker/latest/dg/define-train-metrics.html
    """
    try:
        with warnings.catch_warnings():
            # Python warns of what other engines read in another way, such as nested sets.
            warnings.simplefilter("error")
            groups = re.compile(pattern).groups
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ValueError(pattern) from error
    if groups != 1:
        raise ValueError(pattern)
    return pattern


def _tag_name(name: str) -> str:
    for prefix in ("aws:", "refit:"):
        if name.lower().startswith(prefix):
            message = f"the tag {json.dumps(name)} starts with {prefix}, which is reserved"
            raise_violations([Violation((), Code.RESERVED, message, "choose another name")])
    return name


def _tags(values: Mapping[str, str]) -> Mapping[str, str]:
    """Rejects names that differ only in case, which IAM considers equal when it tags the roles.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
    """
    first: dict[str, str] = {}
    twice = [(first[name.lower()], name) for name in values if first.setdefault(name.lower(), name) != name]
    raise_violations(
        Violation(
            (name,),
            Code.DUPLICATE_KEY,
            f"the tags {json.dumps(one)} and {json.dumps(name)} differ only in case",
            "keep one of them",
        )
        for one, name in twice
    )
    return values


def _slack_channel(text: str) -> str:
    """Limits a name to 80 characters. As a repetition count in the pattern, the limit would take 25 ms to compile."""
    if len(text.removeprefix("#")) > MAX_CHANNEL_LENGTH:
        raise ValueError(text)
    return text


def _day(value: Any) -> date:
    return parse_day(value)


def _text(pattern: str, longest: int, shortest: int = 1) -> StringConstraints:
    return StringConstraints(pattern=pattern, min_length=shortest, max_length=longest)


# Names of 2 to 32 characters leave room for derived names: "refit-<name>-start_training_job" within Lambda's 64,
# "<name>-20261122-0a1b2c3d" within SageMaker's 63, "<name>-<account>-<region>" within S3's 63.
PIPELINE_NAME = r"^[a-z](-?[a-z0-9])+$"
PipelineName = Annotated[str, _text(PIPELINE_NAME, 32, 2)]
EndpointName = Annotated[str, _text(r"^[a-zA-Z0-9](-*[a-zA-Z0-9])*$", 63)]
Region = Annotated[str, _text(r"^[a-z]{2,4}(-[a-z]+)+-[0-9]$", 25), AfterValidator(_region)]
ScheduleExpression = Annotated[str, AfterValidator(_schedule)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Day = Annotated[date, BeforeValidator(_day)]

# S3's safe characters, without those that IAM policies with this prefix would read as a wildcard or a variable.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
DataPrefix = Annotated[
    str, _text(r"^[A-Za-z0-9!_.'()=-][A-Za-z0-9!_.'()=/-]*/$", 512), AfterValidator(_no_empty_segment)
]
Bucket = Annotated[str, _text(r"^[a-z0-9][a-z0-9-]+[a-z0-9]$", 63, 3), AfterValidator(_bucket)]

InstanceType = Annotated[
    str, _text(r"^ml\.[a-z]+[0-9]+[a-z0-9]*(-[a-z0-9]+)?\.(nano|micro|small|medium|large|[0-9]*xlarge|metal)$", 32)
]
Image = Annotated[
    str,
    _text(
        r"^[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/[a-z0-9._/-]+(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$",
        255,
    ),
]

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html; the state machine reads a name
# that ends in ".$" as a path, so names are limited to the characters that all algorithms use.
HyperparameterName = Annotated[str, _text(r"^[A-Za-z0-9_.:/-]+$", 256), AfterValidator(_hyperparameter_name)]
# In the patterns of AWS, which are Java's, a dot matches all characters but the ends of lines.
LINE = r"[^\n\r\x{85}\x{2028}\x{2029}]"
HyperparameterValue = Annotated[str, StringConstraints(pattern=rf"^{LINE}*$", max_length=2500)]
Hyperparameters = dict[HyperparameterName, HyperparameterValue]

# A metric's name may also become a field's name in the state machine, so it is limited to similar characters.
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricDefinition.html
MetricName = Annotated[str, _text(r"^[A-Za-z0-9_.:/@-]+$", 255)]
MetricPattern = Annotated[str, _text(rf"^{LINE}+$", 500), AfterValidator(_one_group)]
ChannelName = Annotated[str, _text(r"^[A-Za-z0-9_.-]+$", 64), AfterValidator(_channel_name)]
SourceFolder = Annotated[str, _text(r"^[A-Za-z0-9_.-][A-Za-z0-9_./-]*$", 255), AfterValidator(_no_empty_segment)]
EntryPoint = Annotated[str, _text(r"^[A-Za-z0-9_][A-Za-z0-9_.-]*\.py$", 255)]
Number = Annotated[float, AllowInfNan(False)]

SlackChannel = Annotated[
    str, _text(r"^(#?[\p{Ll}\p{Lo}\p{N}_-]+|[CG][A-Z0-9]{8,20})$", 81), AfterValidator(_slack_channel)
]
ParameterName = Annotated[str, _text(r"^/[A-Za-z0-9_./-]+$", 1011), AfterValidator(_parameter)]
SecretName = Annotated[
    str, _text(r"^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:)?[A-Za-z0-9/_+=.@-]{1,512}$", 2048)
]
TopicArn = Annotated[str, _text(r"^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[!-~]+$", 1024)]
# Without the characters that an IAM policy would read as a wildcard or a variable; no space at either end.
AlarmName = Annotated[str, _text(r"^([\p{L}\p{N}_.:/#()=+@,-]+( +[\p{L}\p{N}_.:/#()=+@,-]+)*)$", 255)]
LayerArn = Annotated[str, _text(r"^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]+:[1-9][0-9]*$", 256)]
RoleArn = Annotated[str, _text(r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$", 2048)]

# https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
TagName = Annotated[str, _text(r"^[\p{L}\p{Z}\p{N}_.:/=+@-]+$", 128), AfterValidator(_tag_name)]
TagValue = Annotated[str, StringConstraints(pattern=r"^[\p{L}\p{Z}\p{N}_.:/=+@-]*$", max_length=256)]
Tags = Annotated[dict[TagName, TagValue], AfterValidator(_tags)]
