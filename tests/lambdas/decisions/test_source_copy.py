"""CheckData with a custom algorithm: the run copies the code, on a real S3."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.check_data import handler
from refit.domain.errors import SourceGone, Throttled
from tests.support.lambdas.fakes import Fault
from tests.support.lambdas.stage import Context, Pipeline

KEY = f"code/{'0123' * 16}/source.tar.gz"
CODE = b"a program"


@pytest.fixture(autouse=True)
def code(pipeline: Pipeline) -> None:
    """A day of data, and the code as Terraform uploads it."""
    pipeline.put("2026-11-22")
    clients.s3().put_object(Bucket=pipeline.bucket, Key=KEY, Body=CODE)
    pipeline.settings["source"] = f"s3://{pipeline.bucket}/{KEY}"


def test_the_copy_lies_beside_the_model_and_stays_when_the_code_is_replaced(
    pipeline: Pipeline, context: Context
) -> None:
    run = handler(pipeline.event(pipeline.execution()), context)
    copy = f"models/{pipeline.name}/{run['name']}/{KEY}"
    assert run["source"] == f"s3://{pipeline.bucket}/{copy}"
    clients.s3().delete_object(Bucket=pipeline.bucket, Key=KEY)
    assert clients.s3().get_object(Bucket=pipeline.bucket, Key=copy)["Body"].read() == CODE


def test_tags_of_the_code_are_not_copied(pipeline: Pipeline, context: Context) -> None:
    tags = {"TagSet": [{"Key": "team", "Value": "homes"}]}
    clients.s3().put_object_tagging(Bucket=pipeline.bucket, Key=KEY, Tagging=tags)  # type: ignore[arg-type]
    run = handler(pipeline.event(pipeline.execution()), context)
    copy = str(run["source"]).removeprefix(f"s3://{pipeline.bucket}/")
    assert clients.s3().get_object_tagging(Bucket=pipeline.bucket, Key=copy)["TagSet"] == []


def test_a_second_attempt_keeps_the_same_code_at_the_same_place(pipeline: Pipeline, context: Context) -> None:
    event = pipeline.event(pipeline.execution())
    assert handler(event, context)["source"] == handler(event, context)["source"]


def test_a_run_that_trains_on_nothing_copies_nothing(pipeline: Pipeline, context: Context) -> None:
    pipeline.watermark = "2026-11-22"
    run = handler(pipeline.event(pipeline.execution()), context)
    assert (run["outcome"], run["source"]) == ("NoNewData", None)
    assert pipeline.keys("models/") == []


def test_code_that_was_replaced_since_the_run_began_is_an_error_with_a_name(
    pipeline: Pipeline, context: Context
) -> None:
    clients.s3().delete_object(Bucket=pipeline.bucket, Key=KEY)
    with pytest.raises(SourceGone, match=rf"{KEY} no longer exists: the stack was applied with other code"):
        handler(pipeline.event(pipeline.execution()), context)


@pytest.mark.parametrize(
    ("answer", "status", "raised"), [("SlowDown", 503, Throttled), ("AccessDenied", 403, ClientError)]
)
def test_only_not_found_means_gone(
    pipeline: Pipeline, context: Context, answer: str, status: int, raised: type[Exception]
) -> None:
    Fault(clients.s3(), "CopyObject", answer, status=status)
    with pytest.raises(raised, match="scripted"):
        handler(pipeline.event(pipeline.execution()), context)
