"""Data in an existing bucket is read there, with its owner named; all that a run writes is in the own bucket."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.check_data import handler
from lambdas.evaluation.holdout_rows import sample
from refit.domain.metrics import NotComparable
from refit.domain.run_document import Run
from tests.support.lambdas.fakes import Fault
from tests.support.lambdas.stage import Context, Pipeline

OWNER = "000000000000"


class Requests:
    """The calls of S3, each with the bucket and the expected owner."""

    def __init__(self) -> None:
        self.made: set[tuple[str, str, str | None]] = set()
        clients.s3().meta.events.register("provide-client-params.s3", self)

    def __call__(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self.made.add((model.name, params["Bucket"], params.get("ExpectedBucketOwner")))


@pytest.fixture
def lake(pipeline: Pipeline) -> str:
    """The name of an existing bucket with five days of data; the pipeline's own bucket has none."""
    name = f"{pipeline.name}-lake"
    clients.s3().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    for day in range(18, 23):
        clients.s3().put_object(Bucket=name, Key=f"data/train/2026-11-{day}.csv", Body=b"1,2,3\n4,5,6\n")
    pipeline.settings |= {"data_bucket": name, "data_bucket_owner": OWNER}
    pipeline.settings["window"] |= {"holdout_days": 1, "min_days": 2}
    return name


@pytest.fixture
def run(pipeline: Pipeline, lake: str, context: Context) -> Run:
    return handler(pipeline.event(pipeline.execution()), context)


def test_the_manifests_list_the_existing_bucket_and_are_in_the_own_one(
    pipeline: Pipeline, lake: str, context: Context
) -> None:
    requests = Requests()

    run = handler(pipeline.event(pipeline.execution()), context)

    assert (run["outcome"], run["newest"], run["objects"]) == ("NewData", "2026-11-22", 5)
    assert (run["bucket"], run["data_bucket"], run["data_bucket_owner"]) == (pipeline.bucket, lake, OWNER)
    for kind in ("manifest", "validation"):
        uri = str(run[kind])  # type: ignore[literal-required]
        assert uri.startswith(f"s3://{pipeline.bucket}/runs/")
        assert pipeline.get(uri.removeprefix(f"s3://{pipeline.bucket}/"))[0] == {"prefix": f"s3://{lake}/data/train/"}
    assert {each for each in requests.made if each[1] == lake} == {("ListObjectsV2", lake, OWNER)}
    assert {owner for _, bucket, owner in requests.made if bucket == pipeline.bucket} == {None}


def test_too_little_data_is_searched_for_in_the_existing_bucket(
    pipeline: Pipeline, lake: str, context: Context
) -> None:
    pipeline.settings["layout"] = "dt=%Y-%m-%d/"
    requests = Requests()

    run = handler(pipeline.event(pipeline.execution()), context)

    assert run["outcome"] == "NoNewData"
    assert "2026-11-18.csv looks like a day's data in the layout" in run["reason"]
    assert {each for each in requests.made if each[0] == "ListObjectsV2"} == {("ListObjectsV2", lake, OWNER)}


def test_a_definition_of_an_earlier_version_reads_the_own_bucket(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-22")

    run = handler(pipeline.event(pipeline.execution()), context)

    assert (run["outcome"], run["data_bucket"], run["data_bucket_owner"]) == ("NewData", pipeline.bucket, None)


def test_the_holdout_is_read_from_the_existing_bucket(run: Run, lake: str) -> None:
    requests = Requests()

    found = sample(run, 1000, feature_dim=2)

    assert len(found.rows) == 2
    assert {each for each in requests.made if each[1] == lake} == {
        ("HeadObject", lake, OWNER),
        ("GetObject", lake, OWNER),
    }


def test_a_forbidden_object_that_is_listed_is_an_error_and_one_that_is_not_has_gone(run: Run, lake: str) -> None:
    """Where a role may list only a prefix, S3 reports a missing object as forbidden."""
    Fault(clients.s3(), "HeadObject", "403", status=403)
    with pytest.raises(ClientError, match="403"):
        sample(run, 1000, feature_dim=2)
    clients.s3().delete_object(Bucket=lake, Key="data/train/2026-11-22.csv")
    with pytest.raises(NotComparable, match=f"s3://{lake}/data/train/2026-11-22.csv was deleted or replaced"):
        sample(run, 1000, feature_dim=2)
