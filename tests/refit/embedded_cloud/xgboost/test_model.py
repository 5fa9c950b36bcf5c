"""A served XGBoost model: it runs in its own process, with the answers and errors of the booster."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

import pytest

from refit.embedded_cloud import xgboost
from refit.embedded_cloud.instance.algorithm import CannotLoad, ModelError, Payload
from tests.support.embedded_cloud.xgboost_job import SQUARED, Job

TRAIN = "".join(f"{3 * n},{n},{n % 3}\n" for n in range(60))
ROWS = Payload(b"10,1\n20,2", "text/csv", "application/json")


def test_its_process_answers_as_the_booster_does_and_is_started_again(job: Job) -> None:
    job.channel("train", TRAIN).train(SQUARED)
    model = job.model
    expected = job.booster.predict(ROWS)
    assert model.predict(ROWS) == expected
    with pytest.raises(ModelError, match="application/json is not an accepted ContentType") as refused:
        model.predict(Payload(b"{}", "application/json", ""))
    assert refused.value.status == 415

    os.kill(model.process_id, signal.SIGKILL)
    with contextlib.suppress(ModelError):  # unless its end was seen before
        model.predict(ROWS)
    assert model.predict(ROWS) == expected


def test_a_model_that_is_none_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(CannotLoad, match="does not contain xgboost-model"):
        xgboost.load(tmp_path)
    (tmp_path / "xgboost-model").write_bytes(b"no model")
    with pytest.raises(CannotLoad, match="Model at xgboost-model cannot be loaded"):
        xgboost.load(tmp_path)
