"""CheckQuality after CheckData, on a real S3: what it measures, accepts and rejects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from lambdas import check_quality
from lambdas.aws import clients
from refit.domain.data_contract import Column, Contract
from refit.domain.errors import DataChanged, ManifestConflict, WindowTooLarge
from tests.support.lambdas.quality_runs import COLUMNS, DAYS, GOOD, NEGATIVE, Runs
from tests.support.lambdas.stage import Context, Pipeline


@pytest.fixture
def runs(pipeline: Pipeline) -> Runs:
    pipeline.settings["window"] |= {"holdout_days": 1, "min_days": 2}
    return Runs(pipeline)


class TestGoodData:
    def test_is_accepted_and_measured(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS, body=GOOD)
        run, event = runs.check_data()
        checked = runs.check_quality(run, event)
        quality = checked["quality"]
        assert {**checked, "quality": None} == {**run, "quality": None}
        assert (quality["decision"], quality["rows"], quality["skipped"], quality["breaches"]) == (
            "Accepted",
            8,
            [],
            [],
        )
        assert quality["reason"] == "8 rows of 4 days keep the data contract"
        assert quality["statistics"] == f"s3://{run['bucket']}/runs/{run['pipeline']}/{run['run']}/quality.json"
        days = runs.written(run, "quality.json")["days"]
        assert sorted(days) == list(DAYS)
        assert days[DAYS[0]]["statistics"]["columns"]["price"]["max"] == 2.5

    def test_is_compared_with_that_of_the_live_model(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS[:2], body=GOOD)
        assert runs.deploy()["quality"]["drift"] == []
        runs.pipeline.put(*DAYS[2:], body=b"1.5,2\n99,3\n")
        quality = runs.run()["quality"]
        assert quality["drift"][0]["column"] == "price"
        assert quality["drift"][0]["outside"] == 0.25
        assert "greatest drift: price (population stability index" in quality["reason"]
        assert "25.0% outside the live model's range" in quality["reason"]

    def test_that_the_live_models_run_has_measured_is_not_read_again(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS[:3], body=GOOD)
        runs.deploy()
        runs.pipeline.put(DAYS[3], body=GOOD)
        run, event = runs.check_data()
        read: list[str] = []

        def note(params: Mapping[str, Any], **_: Any) -> None:
            read.append(params["Key"])

        clients.s3().meta.events.register("provide-client-params.s3.GetObject", note)
        assert runs.check_quality(run, event)["quality"]["rows"] == 8
        assert [one for one in read if one.startswith("data/")] == [runs.key(DAYS[3])]

    def test_is_read_again_under_another_contract(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS[:3], body=GOOD)
        runs.deploy()
        runs.contract = Contract((Column("price", min=2), COLUMNS[1]))
        quality = runs.run(force=True)["quality"]
        assert (quality["decision"], len(quality["breaches"])) == ("Rejected", 3)


class TestABadDay:
    def test_rejects_the_run_and_is_named_with_object_row_column_rule_and_value(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS, body=GOOD)
        runs.pipeline.put(DAYS[2], body=NEGATIVE)
        run = runs.run()
        quality = run["quality"]
        assert quality["decision"] == "Rejected"
        assert quality["reason"].startswith("1 of 4 days breaks the data contract: 2026-11-21: price: -7, ")
        assert quality["reason"].endswith(f"(row 2 of {runs.key(DAYS[2])})")
        (breach,) = quality["breaches"]
        assert (breach["day"], breach["object"], breach["row"]) == (DAYS[2], runs.key(DAYS[2]), 2)
        assert (breach["column"], breach["rule"], breach["value"], breach["count"]) == ("price", "min", "-7", 1)
        assert runs.written(run, "quality.json")["days"][DAYS[2]]["breaches"][0]["value"] == "-7"

    def test_only_the_first_ones_are_in_the_run_document(self, runs: Runs) -> None:
        many = tuple(Column(f"c{number}", max=0) for number in range(50))
        runs.contract = Contract(many)
        runs.pipeline.put(*DAYS, body=",".join("1" * 50).encode())
        quality = runs.run()["quality"]
        assert len(quality["breaches"]) == 10
        assert quality["reason"].endswith("; and 197 more")

    def test_counts_against_the_median_of_the_live_models_days(self, runs: Runs) -> None:
        runs.contract = Contract(COLUMNS, max_row_change=0.5)
        runs.pipeline.put(*DAYS[:3], body=GOOD)
        runs.deploy()
        runs.pipeline.put(DAYS[3], body=GOOD * 2)
        quality = runs.run()["quality"]
        assert (quality["decision"], quality["breaches"][0]["rule"]) == ("Rejected", "rows.max_change")

    def test_counts_against_the_other_days_of_the_first_window(self, runs: Runs) -> None:
        runs.contract = Contract(COLUMNS, max_row_change=0.5)
        runs.pipeline.put(*DAYS, body=GOOD)
        runs.pipeline.put(DAYS[1], body=GOOD * 2)
        (breach,) = runs.run()["quality"]["breaches"]
        assert (breach["day"], breach["rule"], breach["value"]) == (DAYS[1], "rows.max_change", "4 rows")

    def test_that_has_drifted_too_far_is_rejected(self, runs: Runs) -> None:
        runs.contract = Contract(COLUMNS, max_psi=0.25)
        runs.pipeline.put(*DAYS[:3], body=GOOD * 100)
        runs.deploy()
        runs.pipeline.put(DAYS[3], body=b"99,2\n98,3\n" * 100)
        quality = runs.run()["quality"]
        assert (quality["decision"], quality["breaches"][0]["rule"]) == ("Rejected", "max_psi")


class TestDataThatChangesMeanwhile:
    def test_a_deleted_object_is_reported(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS, body=GOOD)
        run, event = runs.check_data()
        clients.s3().delete_object(Bucket=runs.pipeline.bucket, Key=runs.key(DAYS[1]))
        with pytest.raises(DataChanged, match=r"2026-11-20\.csv was deleted after the run had found it"):
            runs.check_quality(run, event)

    def test_a_later_object_is_not_part_of_the_run(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS[:3], body=GOOD)
        run, event = runs.check_data()
        runs.pipeline.put(DAYS[3], body=NEGATIVE)
        assert runs.check_quality(run, event)["quality"]["rows"] == 6

    def test_another_result_of_a_second_attempt_is_a_conflict(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS, body=GOOD)
        run, event = runs.check_data()
        runs.check_quality(run, event)
        runs.pipeline.put(DAYS[1], body=NEGATIVE)
        with pytest.raises(ManifestConflict):
            runs.check_quality(run, event)


class TestTheBound:
    def test_more_data_than_an_invocation_reads_is_never_left_unchecked(
        self, runs: Runs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        runs.pipeline.put(*DAYS[:3], body=GOOD)
        monkeypatch.setattr(check_quality, "MAX_BYTES", 3 * len(GOOD) - 1)
        run, event = runs.check_data()
        with pytest.raises(WindowTooLarge, match="36 B of the window have not been checked yet"):
            runs.check_quality(run, event)
        monkeypatch.setattr(check_quality, "MAX_BYTES", 3 * len(GOOD))
        runs.deploy()
        runs.pipeline.put(DAYS[3], body=GOOD)
        assert runs.run()["quality"]["rows"] == 8  # only the new day counts

    def test_too_little_time_is_reported_as_such(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS, body=GOOD)
        run, event = runs.check_data()
        with pytest.raises(WindowTooLarge, match="time of CheckQuality does not suffice"):
            runs.check_quality(run, event, Context(20))
