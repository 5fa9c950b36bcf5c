"""Finding the champion, and getting its predictions, with SageMaker and its runtime in memory."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from lambdas.aws import clients
from lambdas.aws.errors import is_transient
from lambdas.evaluation import champion
from lambdas.evaluation.champion import (
    BATCH_BYTES,
    BATCH_ROWS,
    IDLE,
    LONGEST_CALL_SECONDS,
    SERVING,
    NoChampion,
    live,
    predict,
)
from refit.domain.errors import Throttled, UnknownStatus
from refit.domain.metrics import NotComparable
from refit.domain.predictions import Prediction
from refit.domain.run_document import Run
from tests.support.lambdas.fakes import Fault, SageMaker
from tests.support.lambdas.fakes_runtime import Refusal, Runtime
from tests.support.lambdas.stage import run_document

OLD = "home-prices-20261121-ffffffff"
GONE = "Endpoint home-prices of account 123456789012 not found."


@pytest.fixture
def runtime(aws: None) -> Runtime:
    return Runtime()


def serve(sagemaker: SageMaker, status: str = "InService", config: str = OLD, models: tuple[str, ...] = (OLD,)) -> None:
    variants = [{"VariantName": f"V{number}", "ModelName": model} for number, model in enumerate(models)]
    sagemaker.configs[config] = {"EndpointConfigName": config, "ProductionVariants": variants}
    sagemaker.endpoints["home-prices"] = {
        "EndpointName": "home-prices",
        "EndpointConfigName": config,
        "EndpointStatus": status,
    }


def run(**changes: Any) -> Run:
    return run_document(**{"watermark": "2026-11-21", **changes})  # type: ignore[return-value]


def plenty() -> float:
    return 60


class TestWhatServes:
    @pytest.mark.parametrize("watermark", [None, "2026-11-21"])
    @pytest.mark.parametrize("status", sorted(champion.ON_ONE_CONFIG))
    def test_is_the_model_of_the_endpoints_config(
        self, sagemaker: SageMaker, status: str, watermark: str | None
    ) -> None:
        serve(sagemaker, status)
        assert live(run(watermark=watermark)) == ("home-prices", OLD)

    @pytest.mark.parametrize("status", sorted(SERVING - champion.ON_ONE_CONFIG))
    def test_is_unknown_while_the_endpoint_may_switch_between_two(self, sagemaker: SageMaker, status: str) -> None:
        serve(sagemaker, status)
        assert live(run()) == ("home-prices", None)

    def test_is_unknown_with_several_variants_or_a_deleted_config(self, sagemaker: SageMaker) -> None:
        serve(sagemaker, models=(OLD, "another"))
        assert live(run()).model is None
        del sagemaker.configs[OLD]
        assert live(run()).model is None

    def test_may_have_been_put_there_by_hand_once_the_pipeline_has_taken_the_endpoint_over(
        self, sagemaker: SageMaker
    ) -> None:
        serve(sagemaker, config="by-hand", models=("mine",))
        assert live(run()).model is None  # the role may read only the configs of this pipeline's runs
        with pytest.raises(NoChampion, match="is on by-hand, which no run of home-prices created"):
            live(run(watermark=None))

    def test_is_nothing_before_the_first_deployment(self, sagemaker: SageMaker) -> None:
        with pytest.raises(NoChampion, match=r"^no model has served yet$"):
            live(run(watermark=None))
        with pytest.raises(NoChampion, match=r"^the endpoint home-prices does not exist$"):
            live(run())

    @pytest.mark.parametrize("status", sorted(IDLE))
    def test_is_nothing_while_the_endpoint_is_idle(self, sagemaker: SageMaker, status: str) -> None:
        serve(sagemaker, status)
        with pytest.raises(NoChampion, match=f"^the endpoint home-prices is {status}$"):
            live(run())
        with pytest.raises(NoChampion, match=f"is {status} and has never served$"):
            live(run(watermark=None))

    def test_an_unknown_status_is_an_error(self, sagemaker: SageMaker) -> None:
        serve(sagemaker, "Hibernating")
        with pytest.raises(UnknownStatus, match="home-prices has the unknown status Hibernating"):
            live(run())

    def test_an_endpoint_that_cannot_be_seen_is_not_missing(self, sagemaker: SageMaker) -> None:
        Fault(clients.sagemaker(), "DescribeEndpoint", "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDenied"):
            live(run())

    def test_no_status_of_the_service_model_is_left_out(self) -> None:
        model = boto3.client("sagemaker", region_name="us-west-2").meta.service_model
        assert set(model.shape_for("EndpointStatus").enum) == SERVING | IDLE
        assert not SERVING & IDLE


class TestAsking:
    def test_answers_come_in_the_order_of_the_rows(self, runtime: Runtime) -> None:
        rows = [f"{number},0" for number in range(2 * BATCH_ROWS + 1)]
        assert predict("home-prices", rows, plenty) == [Prediction(float(number), None) for number in range(len(rows))]
        assert runtime.rows == rows
        assert [len(body.splitlines()) for _, body in runtime.asked] == [BATCH_ROWS, BATCH_ROWS, 1]
        assert {endpoint for endpoint, _ in runtime.asked} == {"home-prices"}

    def test_without_rows_nothing_is_sent(self, runtime: Runtime) -> None:
        assert predict("home-prices", [], plenty) == []
        assert runtime.asked == []

    def test_it_stops_asking_when_a_call_might_not_end_in_time(self, runtime: Runtime) -> None:
        rows = ["1,2"] * (3 * BATCH_ROWS)
        left = iter([LONGEST_CALL_SECONDS + 1, LONGEST_CALL_SECONDS, LONGEST_CALL_SECONDS - 0.1])
        assert len(predict("home-prices", rows, lambda: next(left))) == 2 * BATCH_ROWS

    def test_no_time_for_a_single_row_is_throttled(self, runtime: Runtime) -> None:
        with pytest.raises(Throttled, match="there was no time left"):
            predict("home-prices", ["1,2"], lambda: LONGEST_CALL_SECONDS - 0.1)
        assert runtime.asked == []

    def test_the_longest_call_is_what_the_client_allows(self) -> None:
        attempts = clients.INFERENCE_CONFIG.retries["total_max_attempts"]
        backoff = 1  # at most, before the second attempt
        longest = (
            attempts * (clients.INFERENCE_CONFIG.connect_timeout + clients.INFERENCE_CONFIG.read_timeout) + backoff
        )
        assert longest <= LONGEST_CALL_SECONDS

    @pytest.mark.parametrize("said", ["[1, 2]", '{"predictions": []}', ""])
    def test_another_number_of_predictions_than_rows_cannot_be_compared(self, runtime: Runtime, said: str) -> None:
        runtime.write = lambda _: said
        with pytest.raises(NotComparable, match=r"returned \d predictions for 1 row"):
            predict("home-prices", ["1,2"], plenty)

    def test_a_batch_is_within_what_a_request_may_hold(self) -> None:
        model = boto3.client("sagemaker-runtime", region_name="us-west-2").meta.service_model
        assert model.shape_for("BodyBlob").metadata["max"] > BATCH_BYTES


class TestRefusals:
    def test_a_model_that_refuses_the_rows_cannot_be_compared(self, runtime: Runtime) -> None:
        Refusal(424, "ModelError", "Received client error", OriginalStatusCode=400, OriginalMessage="13 features")
        with pytest.raises(NotComparable, match=r"^the live model rejected the rows \(400\): 13 features$"):
            predict("home-prices", ["1,2"], plenty)

    def test_neither_can_one_that_fails_on_them(self, runtime: Runtime) -> None:
        refusal = Refusal(424, "ModelError", "x" * 1000, OriginalStatusCode=500, OriginalMessage="")
        with pytest.raises(NotComparable) as refused:
            predict("home-prices", ["1,2"], plenty)
        assert len(str(refused.value)) < 400
        assert refusal.struck == 1

    def test_rows_that_sagemaker_does_not_pass_on_cannot_be_compared(self, runtime: Runtime) -> None:
        Refusal(400, "ValidationError", "Invalid payload")
        with pytest.raises(NotComparable, match="Invalid payload"):
            predict("home-prices", ["1,2"], plenty)

    def test_an_endpoint_that_was_there_a_moment_ago_is_asked_for_again(self, runtime: Runtime) -> None:
        Refusal(400, "ValidationError", GONE)
        with pytest.raises(Throttled, match="not found"):
            predict("home-prices", ["1,2"], plenty)

    @pytest.mark.parametrize(
        ("status", "name"),
        [
            (400, "ThrottlingException"),
            (429, "ModelNotReadyException"),
            (500, "InternalFailure"),
            (503, "ServiceUnavailable"),
            (530, "InternalDependencyException"),
        ],
    )
    def test_load_and_passing_faults_pass(self, runtime: Runtime, status: int, name: str) -> None:
        Refusal(status, name)
        with pytest.raises(ClientError) as refused:
            predict("home-prices", ["1,2"], plenty)
        assert is_transient(refused.value)

    @pytest.mark.parametrize(
        "trouble", [EndpointConnectionError(endpoint_url="…"), ReadTimeoutError(endpoint_url="…")], ids=str
    )
    def test_so_does_the_network(self, runtime: Runtime, trouble: Exception) -> None:
        Fault(clients.sagemaker_runtime(), "InvokeEndpoint", trouble)
        with pytest.raises(type(trouble)) as broken:
            predict("home-prices", ["1,2"], plenty)
        assert is_transient(broken.value)

    def test_one_throttled_call_is_tried_again_at_once(self, runtime: Runtime) -> None:
        refusal = Refusal(400, "ThrottlingException", times=1)
        assert predict("home-prices", ["1,2"], plenty) == [Prediction(1.0, None)]
        assert refusal.struck == 1

    def test_an_endpoint_that_may_not_be_asked_is_an_error(self, runtime: Runtime) -> None:
        Refusal(403, "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDenied") as refused:
            predict("home-prices", ["1,2"], plenty)
        assert not is_transient(refused.value)

    def test_the_runtime_in_memory_speaks_as_linear_learner_does(self, runtime: Runtime) -> None:
        answer = clients.sagemaker_runtime().invoke_endpoint(
            EndpointName="e", ContentType="text/csv", Accept="application/json", Body=b"3,4"
        )
        assert json.loads(answer["Body"].read()) == {"predictions": [{"score": 3.0}]}
