"""Bad days that a run leaves out: its manifests, the watermark, and which data starts another run."""

from __future__ import annotations

import pytest

from lambdas.aws import clients
from refit.domain.data_contract import Contract
from tests.support.lambdas.quality_runs import COLUMNS, DAYS, GOOD, NEGATIVE, Runs
from tests.support.lambdas.stage import Pipeline


@pytest.fixture
def runs(pipeline: Pipeline) -> Runs:
    pipeline.settings["window"] |= {"holdout_days": 1, "min_days": 2}
    made = Runs(pipeline)
    made.contract = Contract(COLUMNS, on_bad_day="skip")
    return made


class TestSkipping:
    def test_leaves_the_day_out_of_new_manifests_and_keeps_check_datas(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS, body=GOOD)
        runs.pipeline.put(DAYS[2], body=NEGATIVE)
        before, event = runs.check_data()
        run = runs.check_quality(before, event)
        assert (run["quality"]["decision"], run["quality"]["skipped"]) == ("Accepted", [DAYS[2]])
        assert run["quality"]["reason"].startswith("without 2026-11-21: price: -7, ")
        assert run["quality"]["reason"].endswith(": 6 rows of 3 days keep the data contract")
        assert (run["days"]["train"], run["days"]["validation"]) == (["2026-11-19/2026-11-20"], [DAYS[3]])
        assert (run["objects"], run["bytes"], run["newest"]) == (3, 3 * len(GOOD), DAYS[3])
        assert run["manifest"] == before["manifest"].replace("manifest.json", "checked_manifest.json")
        assert runs.written(run, "checked_manifest.json")[1:] == ["2026-11-19.csv", "2026-11-20.csv"]
        assert runs.written(run, "checked_validation.json")[1:] == ["2026-11-22.csv"]
        assert runs.written(run, "manifest.json")[1:] == ["2026-11-19.csv", "2026-11-20.csv", "2026-11-21.csv"]
        assert runs.check_quality(before, event) == run

    def test_the_newest_day_moves_the_watermark_to_the_one_before(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS, body=GOOD)
        runs.pipeline.put(DAYS[3], body=NEGATIVE)
        run = runs.run()
        assert (run["newest"], run["days"]["validation"]) == (DAYS[2], [DAYS[2]])

    def test_is_rejected_if_too_few_days_are_left(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS[:2], body=GOOD)
        runs.pipeline.put(DAYS[1], body=NEGATIVE)
        quality = runs.run()["quality"]
        assert (quality["decision"], quality["skipped"]) == ("Rejected", [])
        assert "too few days: 1 day has data" in quality["reason"]

    def test_does_not_train_on_the_same_data_twice(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS[:3], body=GOOD)
        runs.deploy()
        runs.pipeline.put(DAYS[3], body=NEGATIVE)
        for _ in range(2):
            run = runs.run()
            assert run["quality"]["decision"] == "Rejected"
            assert "nothing new: the newest data in the window" in run["quality"]["reason"]
        assert runs.run(force=True)["quality"]["decision"] == "Accepted"
        assert runs.run(train_only=True)["quality"]["decision"] == "Accepted"
        runs.pipeline.put(DAYS[3], body=GOOD)
        assert runs.run()["newest"] == DAYS[3]

    @pytest.mark.parametrize("retrain_on", ["new_day", "any_change"])
    def test_a_repaired_day_starts_a_new_run(self, runs: Runs, retrain_on: str) -> None:
        runs.pipeline.settings["retrain_on"] = retrain_on
        runs.pipeline.put(*DAYS, body=GOOD)
        runs.pipeline.put(DAYS[1], body=NEGATIVE)
        runs.deploy()
        assert runs.check_data()[0]["outcome"] == "NoNewData"
        runs.pipeline.put(DAYS[1], body=b"0,2\n")
        run = runs.deploy()
        assert run["reason"].endswith("; corrected: 2026-11-20")
        assert run["quality"]["skipped"] == []
        assert runs.check_data()[0]["outcome"] == "NoNewData"

    @pytest.mark.parametrize("retrain_on", ["new_day", "any_change"])
    def test_a_day_that_was_left_out_may_be_deleted_without_another_run(self, runs: Runs, retrain_on: str) -> None:
        runs.pipeline.settings["retrain_on"] = retrain_on
        runs.pipeline.put(*DAYS, body=GOOD)
        runs.pipeline.put(DAYS[1], body=NEGATIVE)
        runs.deploy()
        clients.s3().delete_object(Bucket=runs.pipeline.bucket, Key=runs.key(DAYS[1]))
        assert runs.check_data()[0]["outcome"] == "NoNewData"

    def test_a_day_that_is_still_bad_after_its_repair_is_rejected(self, runs: Runs) -> None:
        runs.pipeline.put(*DAYS, body=GOOD)
        runs.pipeline.put(DAYS[1], body=NEGATIVE)
        runs.deploy()
        runs.pipeline.put(DAYS[1], body=b"-8,2\n")
        assert runs.run()["quality"]["decision"] == "Rejected"
