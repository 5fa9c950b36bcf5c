"""The days whose data no longer counts when a merge changes the names of data, planned from a real bucket."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from rich.console import Console

from refit.aws.session import Aws
from refit.plan.plan import PlannedPipeline
from refit.plan.planner import plan
from refit.report import plan as terminal
from refit.report.pull_request_comment import comment
from tests.support.checkout import FOLDER, Checkout
from tests.support.plans import AT, only

NAME = "renamed-days"
BUCKET = f"{NAME}-000000000000-us-west-2"
OWN = 'training = { image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1" }'
WINDOW = "window = { days = 7 }"


@pytest.fixture
def base(checkout: Checkout, aws: Aws, exported: None) -> str:
    """A commit whose pipeline reads CSV, three days of it in the window, of which one is also there as Parquet."""
    with suppress(aws.s3.exceptions.BucketAlreadyOwnedByYou):
        aws.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    for name in ("2026-11-17.csv", "2026-11-18.csv", "2026-11-19.csv", "2026-11-19.parquet", "2026-11-10.csv"):
        aws.s3.put_object(Bucket=BUCKET, Key=f"data/{NAME}/{name}", Body=b"1,2,3\n")
    checkout.pipeline(f"local/{NAME}", OWN, WINDOW)
    return checkout.commit()


def planned(checkout: Checkout, base: str, more: str) -> PlannedPipeline:
    path = checkout.root / FOLDER / "local" / f"{NAME}.tfvars"
    path.write_text(path.read_text().replace("feature_dim = 2", f"feature_dim = 2, {more}"))
    checkout.commit()
    found = plan(checkout.project, base, "HEAD", at=AT)
    sentence = only(found).uncounted_text
    console = Console(width=300, record=True)
    console.print(terminal.page(found))
    assert sentence in comment(found)
    assert sentence in console.export_text()
    return only(found)


def test_a_change_of_the_format_names_the_days_that_no_longer_count(checkout: Checkout, base: str) -> None:
    found = planned(checkout, base, 'format = "parquet"')
    assert found.coverage is not None
    assert found.coverage.with_data == (date(2026, 11, 19),)
    assert found.uncounted == (date(2026, 11, 17), date(2026, 11, 18))
    assert found.uncounted_text == (
        "The window has 2 days (2026-11-17 to 2026-11-18) whose data has the names of the old file and no longer counts"
    )
    assert found.document()["days_no_longer_counted"] == ["2026-11-17/2026-11-18"]
    assert [remark for remark in found.change.remarks if remark.startswith("Objects of the old format")]


def test_a_change_of_the_layout_does_too(checkout: Checkout, base: str) -> None:
    assert len(planned(checkout, base, 'layout = "dt=%Y-%m-%d/"').uncounted) == 3


def test_other_changes_of_the_data_leave_all_days(checkout: Checkout, base: str) -> None:
    assert planned(checkout, base, 'content_type = "text/csv; label_size=1"').uncounted == ()
