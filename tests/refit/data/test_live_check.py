"""`refit validate --live` reports problems of the bucket's data at the field that a user can change to fix them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from refit.aws.session import Aws
from refit.data.live_check import SHOWN, Verdict, validate_live
from tests.support.checkout import Checkout

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
GOOD = b"1,2,3\n4,5,6\n"
WINDOW = "window = { days = 4, holdout_days = 1 }"


class Feed:
    """A checkout and the buckets that its pipelines read."""

    def __init__(self, checkout: Checkout, aws: Aws) -> None:
        self.checkout, self.aws = checkout, aws

    def pipeline(self, name: str, *lines: str, days: Sequence[int] = (), bucket: bool = True) -> None:
        """A pipeline whose `window` is on line 4, with good data of these days of November."""
        self.checkout.pipeline(f"local/{name}", *lines)
        if bucket:
            place = {"LocationConstraint": "us-west-2"}
            self.aws.s3.create_bucket(Bucket=self.bucket(name), CreateBucketConfiguration=place)  # type: ignore[arg-type]
        for day in days:
            self.put(name, f"2026-11-{day:02}.csv", GOOD)

    def put(self, name: str, key: str, body: bytes) -> None:
        self.aws.s3.put_object(Bucket=self.bucket(name), Key=f"data/{name}/{key}", Body=body)

    def bucket(self, name: str) -> str:
        return f"{name}-000000000000-us-west-2"

    def verdict(self, name: str, at: datetime = AT) -> Verdict:
        (found,) = validate_live([self.checkout.project.find(f"local/{name}")], at)
        json.dumps(found.document())
        return found


@pytest.fixture
def feed(tmp_path: Path, aws: Aws, exported: None) -> Feed:
    return Feed(Checkout(tmp_path), aws)


def codes(verdict: Verdict) -> list[str]:
    return [finding.problem.code for finding in verdict.findings]


def test_a_window_full_of_good_data_passes(feed: Feed) -> None:
    feed.pipeline("good", WINDOW, days=range(19, 23))
    found = feed.verdict("good")
    assert (found.passed, found.findings) == (True, ())
    assert found.coverage is not None
    assert found.coverage.validation.objects == 1


def test_a_bucket_that_does_not_exist_is_told_at_the_data(feed: Feed) -> None:
    feed.pipeline("homeless", WINDOW, bucket=False)
    found = feed.verdict("homeless")
    assert (found.passed, codes(found), found.coverage) == (False, ["bucket-missing"], None)
    problem = found.findings[0].problem
    assert (problem.line, problem.column) == (3, 12)
    assert problem.hint == "apply the pipeline first: refit terraform apply local/homeless"


def test_no_data_at_all_names_the_place_and_the_form(feed: Feed) -> None:
    feed.pipeline("silent", WINDOW, days=[1])
    feed.put("silent", "2026-11-22.parquet", b"PAR1")
    found = feed.verdict("silent")
    assert str(found.findings[0]) == (
        "terraform/pipelines/local/silent.tfvars:3:12: data-missing "
        "s3://silent-000000000000-us-west-2/data/silent/ has no data from 2026-11-19 to 2026-11-22; "
        "upload a day's data as data/silent/YYYY-MM-DD.csv or data/silent/YYYY-MM-DD/, or wait for it"
    )
    assert codes(found) == ["data-missing", "data-ignored"]
    assert not found.passed


def test_data_in_another_layout_is_named(feed: Feed) -> None:
    feed.pipeline("hive", WINDOW)
    for day in (21, 22):
        feed.put("hive", f"dt=2026-11-{day}/part-0.csv", GOOD)
    found = feed.verdict("hive")
    assert codes(found) == ["data-missing", "data-layout"]
    assert str(found.findings[1].problem) == (
        "terraform/pipelines/local/hive.tfvars:3:12: data-layout data/hive/dt=2026-11-21/part-0.csv looks like a day's "
        "data in the layout dt=YYYY-MM-DD/, which this pipeline does not read; "
        'write layout = "dt=%Y-%m-%d/"'
    )
    assert found.coverage is not None
    assert found.coverage.document()["other_layout"]["key"] == "data/hive/dt=2026-11-21/part-0.csv"


def test_the_pattern_that_the_hint_names_fits(feed: Feed) -> None:
    feed.pipeline("fitted", WINDOW)
    for day in range(19, 23):
        feed.put("fitted", f"dt=2026-11-{day}/part-0.csv", GOOD)
    file = feed.checkout.project.find("local/fitted").path
    plain = file.read_text()
    hint = feed.verdict("fitted").findings[1].problem.hint
    file.write_text(plain.replace("feature_dim", f"{hint.removeprefix('write ')}\n  feature_dim", 1))
    assert feed.verdict("fitted").findings == ()
    file.write_text(file.read_text().replace("feature_dim", 'ready = "_SUCCESS"\n  feature_dim', 1))
    found = feed.verdict("fitted")
    assert codes(found) == ["data-unmarked"]
    assert found.findings[0].problem.message.endswith("no _SUCCESS for 2026-11-19 to 2026-11-22")
    assert found.findings[0].problem.hint.startswith(
        "write data/fitted/dt=2026-11-22/_SUCCESS when the day is complete"
    )


def test_unpadded_days_have_no_pattern_that_fits(feed: Feed) -> None:
    feed.pipeline("unpadded", WINDOW)
    feed.put("unpadded", "year=2026/month=11/day=2/part-0.csv", GOOD)
    found = feed.verdict("unpadded").findings[1].problem
    assert "in the layout year=YYYY/month=MM/day=D/" in found.message
    assert found.hint == "name a day's data data/unpadded/YYYY-MM-DD.csv or data/unpadded/YYYY-MM-DD/"


def test_markers_are_silent_next_to_data_and_named_without_it(feed: Feed) -> None:
    feed.pipeline("marked", WINDOW, days=range(19, 23))
    for name in ("_SUCCESS", "_temporary/0/part-0.csv", ".part-0.csv.crc", "manifest"):
        feed.put("marked", f"2026-11-22/{name}", b'{"committer": "magic"}')
    assert feed.verdict("marked").findings == ()
    feed.put("marked", "2026-11-22.csv", b"")
    found = feed.verdict("marked")
    assert (found.passed, codes(found)) == (True, ["data-empty", "data-skipped"])
    message = found.findings[1].problem.message
    assert message.startswith("data/marked/2026-11-22/.part-0.csv.crc is not data: it is hidden or temporary")


def test_one_compressed_part_among_many_is_found(feed: Feed) -> None:
    feed.pipeline("mixed", WINDOW, days=range(19, 22))
    for part in range(3):
        feed.put("mixed", f"2026-11-22/part-{part}.csv", GOOD)
    feed.put("mixed", "2026-11-22/part-3.csv.gz", gzip.compress(GOOD))
    found = feed.verdict("mixed")
    assert codes(found) == ["data-malformed"]
    assert "2026-11-22/part-3.csv.gz: " in found.findings[0].problem.message
    assert "gzip" in found.findings[0].problem.message


def test_missing_and_empty_days_only_warn_while_there_is_enough(feed: Feed) -> None:
    feed.pipeline("gaps", WINDOW, days=[20, 22])
    feed.put("gaps", "2026-11-21.csv", b"")
    found = feed.verdict("gaps")
    assert (found.passed, codes(found)) == (True, ["data-missing", "data-empty"])
    days = [finding.problem.message.rpartition(" for ")[2] for finding in found.findings]
    assert days == ["2026-11-19", "2026-11-21"]
    assert {(finding.problem.line, finding.problem.column) for finding in found.findings} == {(4, 10)}
    assert str(found.findings[0]).endswith(" (warning)")


def test_too_little_data_for_the_holdout_is_told_at_the_window(feed: Feed) -> None:
    feed.pipeline("short", "window = { days = 4, holdout_days = 2 }", days=[21, 22])
    found = feed.verdict("short")
    assert codes(found)[0] == "data-too-little"
    assert found.findings[0].problem.message.endswith("(2026-11-21 to 2026-11-22), but a run needs 3")
    assert not found.passed


@pytest.mark.parametrize(
    ("lines", "newest", "stale"),
    [
        (WINDOW, 21, False),
        (WINDOW, 20, True),
        ("window = { days = 4, lag_days = 2 }", 19, False),
        ('window = { start = "2026-11-01", end = "2026-11-09" }', 4, False),
    ],
)
def test_late_data_is_stale_unless_a_lag_or_a_pin_says_otherwise(
    feed: Feed, lines: str, newest: int, stale: bool
) -> None:
    name = f"late-{newest}"
    feed.pipeline(name, lines, days=range(max(newest - 3, 1), newest + 1))
    found = feed.verdict(name)
    assert ("data-stale" in codes(found)) is stale
    assert found.passed is not stale


@pytest.mark.parametrize(("after", "lag", "stale"), [(3, 0, True), (4, 0, False), (4, 2, False), (3, 2, True)])
def test_data_is_stale_at_the_age_that_the_file_sets(feed: Feed, after: int, lag: int, stale: bool) -> None:
    name = f"aged-{after}-{lag}"
    feed.pipeline(name, f"window = {{ days = 5, lag_days = {lag} }}", days=[16, 17, 18, 19])  # 3 days old
    file = feed.checkout.project.find(f"local/{name}").path
    file.write_text(file.read_text().replace("feature_dim", f"stale_after_days = {after}\n  feature_dim", 1))
    assert ("data-stale" in codes(feed.verdict(name))) is stale


def test_a_lag_that_always_is_gets_its_line(feed: Feed) -> None:
    feed.pipeline("behind", "window = { days = 5, lag_days = 1 }", days=[17, 18, 19])
    hint = "find out why the data is late; if it is always late, write window = { lag_days = 3 }"
    assert [one.problem.hint for one in feed.verdict("behind").findings if one.problem.code == "data-stale"] == [hint]


def test_malformed_rows_are_told_object_by_object_and_bounded(feed: Feed) -> None:
    feed.pipeline("broken", "window = { days = 14 }", days=range(9, 23))
    for day in range(9, 22):
        feed.put("broken", f"2026-11-{day:02}.csv", b"price,rooms,age\n1,2,3\n")
    found = feed.verdict("broken")
    assert codes(found) == ["data-malformed"] * (SHOWN + 1)
    assert found.findings[0].problem.message == (
        "s3://broken-000000000000-us-west-2/data/broken/2026-11-09.csv: row 1 is a header: 'price, rooms, age'"
    )
    assert found.findings[-1].problem.message == "and 3 more objects are malformed"
    assert (found.findings[0].problem.line, found.passed) == (3, False)


def test_the_instant_decides_the_days(feed: Feed) -> None:
    feed.pipeline("dated", WINDOW, days=range(1, 5))
    assert feed.verdict("dated", datetime(2026, 11, 4, tzinfo=UTC)).passed
    assert not feed.verdict("dated", datetime(2026, 11, 9, tzinfo=UTC)).passed


def test_a_file_without_a_window_is_told_at_its_first_line(feed: Feed) -> None:
    feed.pipeline("bare", days=[15, 16])
    stale = next(finding for finding in feed.verdict("bare").findings if finding.problem.code == "data-stale")
    assert (stale.problem.line, stale.problem.column) == (1, 1)


def test_one_pipelines_trouble_never_hides_another(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    feed.pipeline("fine", WINDOW, days=range(19, 23))
    feed.pipeline("invalid", "window = { days = 0 }", bucket=False)
    feed.pipeline("nowhere", WINDOW, 'bucket = "no-such-bucket-here"', bucket=False)
    project = feed.checkout.project
    found = validate_live([project.find(name) for name in ("invalid", "nowhere", "fine")], AT)
    assert [codes(verdict) for verdict in found] == [["out-of-range"], ["bucket-missing"], []]


def test_a_cloud_that_is_not_there_leaves_the_data_unknown(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    feed.pipeline("offline", WINDOW, bucket=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    found = feed.verdict("offline")
    assert (codes(found), found.findings[0].problem.hint) == (["data-unknown"], 'run: eval "$(refit local up)"')
