"""EvaluateModel, with a real S3, and SageMaker and its runtime in memory."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.decisions import manifest
from lambdas.evaluate_model import handler
from refit.domain.days import DataObject
from refit.domain.errors import MetricMissing, Throttled, UnknownStatus
from tests.support.lambdas.fakes import Fault, SageMaker
from tests.support.lambdas.fakes_runtime import Refusal, Runtime
from tests.support.lambdas.stage import JOB_COMPLETED, Context, Pipeline, run_document

KEY = "data/train/2026-11-22.csv"
PLENTY = Context(60)
# Label, then two features. The in-memory model predicts the first feature, which is always off by 2: its mse is 4.
ROWS = b"".join(b"%d,%d,0\n" % (label, label + 2) for label in range(250))
GATE = {"metric": "validation:mse", "max": None, "min": None, "max_regression": 0.1, "sample_rows": 1000}
LAST = {"made": 6, "most": 6}  # the state's last attempt


@pytest.fixture
def runtime(aws: None) -> Runtime:
    return Runtime()


@pytest.fixture
def run(pipeline: Pipeline, sagemaker: SageMaker, runtime: Runtime) -> dict[str, Any]:
    """A run that held out 250 rows, and whose model has an mse of 4.2, while an older model is live."""
    listed = manifest.render(pipeline.bucket, "data/train/", [DataObject(KEY, "", 1)])
    clients.s3().put_object(Bucket=pipeline.bucket, Key=KEY, Body=ROWS)
    clients.s3().put_object(Bucket=pipeline.bucket, Key="validation.json", Body=listed)
    old = f"{pipeline.name}-20261121-ffffffff"
    sagemaker.configs[old] = {"EndpointConfigName": old, "ProductionVariants": [{"VariantName": "A", "ModelName": old}]}
    sagemaker.endpoints[pipeline.name] = {
        "EndpointName": pipeline.name,
        "EndpointConfigName": old,
        "EndpointStatus": "InService",
    }
    return run_document(
        pipeline=pipeline.name,
        endpoint=pipeline.name,
        bucket=pipeline.bucket,
        validation=f"s3://{pipeline.bucket}/validation.json",
        watermark="2026-11-21",
        status=reporting(**{"validation:mse": 4.2, "train:mse": 1.0}),
    )


def reporting(**metrics: float) -> dict[str, Any]:
    return JOB_COMPLETED | {"metrics": metrics}


def evaluate(
    run: dict[str, Any], context: Context = PLENTY, retries: dict[str, int] | None = None, **gate: Any
) -> dict[str, Any]:
    settings = {"gate": GATE | gate, "feature_dim": 2}
    return dict(handler({"run": run, "settings": settings, "retries": retries or {"made": 0, "most": 6}}, context))


def test_a_challenger_nearly_as_good_as_the_champion_is_accepted(run: dict[str, Any], runtime: Runtime) -> None:
    champion = f"{run['pipeline']}-20261121-ffffffff"
    assert evaluate(run, max=60) == {
        "decision": "Accepted",
        "reason": "validation:mse is 4.2: meets max = 60; not worse than 4.4, the limit for max_regression = 0.1: "
        f"the live model {champion} has 4 on all 250 held-out rows",
        "metric": "validation:mse",
        "challenger": 4.2,
        "champion": 4.0,
        "champion_model": champion,
        "rows": 250,
        "incomparable": None,
    }
    assert {endpoint for endpoint, _ in runtime.asked} == {run["endpoint"]}
    assert sorted(runtime.rows) == sorted(f"{label + 2},0" for label in range(250))


def test_one_that_is_worse_is_rejected_with_both_numbers(run: dict[str, Any]) -> None:
    answer = evaluate(run | {"status": reporting(**{"validation:mse": 4.5})})
    assert (answer["decision"], answer["challenger"], answer["champion"]) == ("Rejected", 4.5, 4.0)
    assert answer["reason"].startswith("validation:mse is 4.5: worse than 4.4, the limit for max_regression = 0.1")


def test_a_sample_says_of_how_many_rows_it_is(run: dict[str, Any], runtime: Runtime) -> None:
    answer = evaluate(run, sample_rows=100)
    assert answer["rows"] == len(runtime.rows) == 100
    assert answer["reason"].endswith("has 4 on 100 held-out rows")


def test_every_attempt_asks_about_the_same_rows(run: dict[str, Any], runtime: Runtime) -> None:
    evaluate(run, sample_rows=100)
    evaluate(run, sample_rows=100)
    assert runtime.rows[:100] == runtime.rows[100:]


def test_lines_that_are_not_rows_are_counted_in_the_reason(run: dict[str, Any]) -> None:
    clients.s3().put_object(Bucket=run["bucket"], Key=KEY, Body=b"price,rooms,age\n" + ROWS)
    assert evaluate(run)["reason"].endswith(
        "has 4 on all 250 held-out rows (skipped 1 line without a label and 2 features as numbers)"
    )


def test_rows_that_there_was_no_time_for_are_mentioned_in_the_reason(
    run: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter([60_000, 29_000])
    monkeypatch.setattr(Context, "get_remaining_time_in_millis", lambda _: next(left))
    answer = evaluate(run)
    assert answer["rows"] == 100
    assert answer["reason"].endswith("has 4 on 100 held-out rows (there was not enough time for all 250 sampled rows)")


def test_no_time_at_all_is_throttled(run: dict[str, Any]) -> None:
    with pytest.raises(Throttled, match="there was no time left"):
        evaluate(run, Context(10))


class TestClassification:
    def test_goes_by_the_predicted_label(self, run: dict[str, Any], runtime: Runtime) -> None:
        runtime.model = lambda row: {"score": [0.1, 0.9], "predicted_label": 0 if row[0] < 52 else 1}
        clients.s3().put_object(
            Bucket=run["bucket"], Key=KEY, Body=b"".join(b"%d,%d,0\n" % (n >= 100, n) for n in range(200))
        )
        accurate = run | {"status": reporting(**{"validation:binary_classification_accuracy": 0.6})}
        answer = evaluate(accurate, metric="validation:binary_classification_accuracy", max_regression=0.1)
        assert (answer["champion"], answer["decision"]) == (0.76, "Rejected")
        assert "worse than 0.684, the limit for max_regression = 0.1" in answer["reason"]

    def test_takes_the_plain_numbers_of_an_own_image(self, run: dict[str, Any], runtime: Runtime) -> None:
        runtime.model, runtime.write = (lambda row: row[1] / 10), (lambda numbers: "\n".join(map(str, numbers)))
        clients.s3().put_object(Bucket=run["bucket"], Key=KEY, Body=b"0,1,2\n1,1,9\n1,1,4\n0,1,3\n")
        accurate = run | {"status": reporting(**{"validation:accuracy": 0.6})}
        assert evaluate(accurate, metric="validation:accuracy")["champion"] == 0.75


class TestThatCannotBeCompared:
    def test_a_model_that_refuses_the_rows_is_named(self, run: dict[str, Any], runtime: Runtime) -> None:
        Refusal(424, "ModelError", OriginalStatusCode=400, OriginalMessage="the model expects 13 features")
        for declared, decision in (("reject", "Rejected"), ("accept", "Accepted")):
            answer = evaluate(run, max=60, on_incomparable=declared)
            assert (answer["decision"], answer["champion"], answer["rows"]) == (decision, None, 0)
            assert answer["champion_model"] == f"{run['pipeline']}-20261121-ffffffff"
            assert answer["incomparable"] == "the live model rejected the rows (400): the model expects 13 features"
            assert answer["reason"].endswith(f'on_incomparable = "{declared}": {answer["incomparable"]}')

    @pytest.mark.parametrize("said", ["[NaN]", '{"predictions": [{"score": Infinity}]}', "<html>", "[1, 2]"])
    def test_a_model_whose_response_is_no_finite_number_for_each_row(
        self, run: dict[str, Any], runtime: Runtime, said: str
    ) -> None:
        runtime.write = lambda _: said
        clients.s3().put_object(Bucket=run["bucket"], Key=KEY, Body=b"1,2,3\n")
        answer = evaluate(run)
        assert (answer["decision"], answer["champion"]) == ("Rejected", None)
        assert answer["incomparable"]
        json.dumps(answer, allow_nan=False)

    def test_a_holdout_without_a_row(self, run: dict[str, Any]) -> None:
        clients.s3().put_object(Bucket=run["bucket"], Key=KEY, Body=b"price,rooms,age\n")
        answer = evaluate(run)
        assert (answer["decision"], answer["incomparable"][-25:]) == ("Rejected", "column 1 is text: 'price'")

    @pytest.mark.parametrize(
        ("status", "name"), [(400, "ThrottlingException"), (429, "ModelNotReadyException"), (503, "ServiceUnavailable")]
    )
    def test_an_endpoint_that_is_overloaded_in_the_last_attempt(
        self, run: dict[str, Any], status: int, name: str
    ) -> None:
        Refusal(status, name)
        for declared, decision in (("reject", "Rejected"), ("accept", "Accepted")):
            answer = evaluate(run, retries=LAST, on_incomparable=declared)
            assert (answer["decision"], name in answer["incomparable"]) == (decision, True)
            assert answer["incomparable"].startswith("no predictions after 7 attempts: ")

    def test_a_last_attempt_without_time(self, run: dict[str, Any]) -> None:
        answer = evaluate(run, Context(10), retries=LAST)
        assert "no predictions after 7 attempts: there was no time left" in answer["reason"]

    def test_but_what_aws_answers_about_anything_else_remains_an_error(self, run: dict[str, Any]) -> None:
        Fault(clients.sagemaker(), "DescribeEndpoint", "ThrottlingException", times=3)
        with pytest.raises(Throttled):
            evaluate(run, retries=LAST, on_incomparable="accept")
        Refusal(403, "AccessDeniedException", times=1)
        with pytest.raises(ClientError, match="AccessDeniedException"):
            evaluate(run, retries=LAST, on_incomparable="accept")


class TestWithoutAChampion:
    def test_the_absolute_limit_alone_decides_without_max_regression(
        self, run: dict[str, Any], sagemaker: SageMaker, runtime: Runtime
    ) -> None:
        assert evaluate(run, max=4, max_regression=None)["decision"] == "Rejected"
        assert (sagemaker.calls, runtime.asked) == ([], [])

    def test_so_it_does_at_the_first_deployment(self, run: dict[str, Any], sagemaker: SageMaker) -> None:
        sagemaker.endpoints.clear()
        answer = evaluate(run | {"watermark": None}, max=4)
        assert (answer["decision"], answer["champion"], answer["champion_model"]) == ("Rejected", None, None)
        assert answer["reason"] == (
            "validation:mse is 4.2: above max = 4; not compared with a live model: no model has served yet"
        )

    def test_and_without_limit_the_challenger_is_accepted(self, run: dict[str, Any], sagemaker: SageMaker) -> None:
        sagemaker.endpoints[run["endpoint"]]["EndpointStatus"] = "OutOfService"
        answer = evaluate(run)
        assert (answer["decision"], answer["incomparable"]) == ("Accepted", None)
        assert answer["reason"].endswith(f"the endpoint {run['endpoint']} is OutOfService")


class TestTrouble:
    def test_a_metric_that_the_job_did_not_report_is_missing(self, run: dict[str, Any]) -> None:
        with pytest.raises(MetricMissing, match=r"no finite validation:mae; its metrics: train:mse, validation:mse$"):
            evaluate(run, metric="validation:mae")
        for status in (JOB_COMPLETED | {"metrics": {}}, {"state": "JobCompleted"}):
            with pytest.raises(MetricMissing, match="its metrics: none"):
                evaluate(run | {"status": status})
        with pytest.raises(MetricMissing, match="no finite validation:mse"):
            evaluate(run | {"status": reporting(**{"validation:mse": float("nan")})})

    def test_load_and_passing_faults_of_the_endpoint_are_throttled(self, run: dict[str, Any]) -> None:
        Refusal(429, "ModelNotReadyException")
        with pytest.raises(Throttled, match="ModelNotReadyException"):
            evaluate(run)

    def test_so_are_those_of_sagemaker_and_s3(self, run: dict[str, Any]) -> None:
        Fault(clients.sagemaker(), "DescribeEndpoint", "ThrottlingException", times=3)
        with pytest.raises(Throttled):
            evaluate(run)
        Fault(clients.s3(), "GetObject", "SlowDown", status=503, times=3)
        with pytest.raises(Throttled):
            evaluate(run)
        assert evaluate(run)["decision"] == "Accepted"

    def test_errors_keep_their_names(self, run: dict[str, Any], sagemaker: SageMaker) -> None:
        Refusal(403, "AccessDeniedException", times=1)
        with pytest.raises(ClientError, match="AccessDeniedException"):
            evaluate(run)
        sagemaker.endpoints[run["endpoint"]]["EndpointStatus"] = "Hibernating"
        with pytest.raises(UnknownStatus, match="Hibernating"):
            evaluate(run)

    def test_nothing_is_changed(self, run: dict[str, Any], sagemaker: SageMaker) -> None:
        evaluate(run)
        assert {operation for operation, _ in sagemaker.calls} == {"DescribeEndpoint", "DescribeEndpointConfig"}
