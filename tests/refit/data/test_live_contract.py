"""`refit validate --live` judges samples of the data by the contract, and those of own images by nothing else."""

from __future__ import annotations

from refit.data.live_check import Verdict
from tests.refit.data.test_live_check import WINDOW, Feed, codes, feed

__all__ = ["feed"]  # a fixture
IMAGE = 'training = { image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1" }'
STREETS = 'data = { prefix = "data/streets/", feature_dim = 2, schema = [{ name = "y" }, '
STREETS += '{ name = "street", type = "text" }, { name = "x", required = false, min = 0 }] }'


def streets(feed: Feed, *lines: str, rows: bytes) -> Verdict:
    """The verdict on a pipeline whose only day with these rows is the last of four."""
    text = "\n".join(('pipeline = "streets"', 'region = "us-west-2"', WINDOW, *lines))
    feed.checkout.write("terraform/pipelines/local/streets.tfvars", text.encode())
    place = {"LocationConstraint": "us-west-2"}
    feed.aws.s3.create_bucket(Bucket=feed.bucket("streets"), CreateBucketConfiguration=place)  # type: ignore[arg-type]
    for day in (19, 20, 21, 22):
        feed.put("streets", f"2026-11-{day}.csv", rows)
    return feed.verdict("streets")


def test_data_of_an_own_image_is_judged_by_the_contract(feed: Feed) -> None:
    found = streets(feed, IMAGE, STREETS, rows=b"1,Elm St,2\n3,Oak Ave,\n4,Oak Ave,-2\n")
    assert codes(found) == ["data-malformed"] * 4
    said = found.findings[0].problem
    assert said.message.endswith("2026-11-19.csv: row 3: x: -2, below min = 0")
    assert said.hint == "repair the data, or change data.schema"
    feed.aws.s3.put_object(Bucket=feed.bucket("streets"), Key="data/streets/2026-11-19.csv", Body=b"1,Elm St,2\n")
    assert codes(feed.verdict("streets")) == ["data-malformed"] * 3
    for day in (20, 21, 22):
        feed.put("streets", f"2026-11-{day}.csv", b"1,Elm St,2\n")
    assert feed.verdict("streets").findings == ()
    feed.checkout.write(
        "terraform/pipelines/local/streets.tfvars",
        "\n".join(
            (
                'pipeline = "streets"',
                'region = "us-west-2"',
                WINDOW,
                IMAGE,
                'data = { prefix = "data/streets/", feature_dim = 7 }',
            )
        ).encode(),
    )
    assert feed.verdict("streets").findings == ()  # an own image reads anything, unless a contract says more
