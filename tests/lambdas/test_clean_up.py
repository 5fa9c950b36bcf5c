"""CleanUp, with SageMaker in memory and records in a real S3."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas import clean_up
from lambdas.aws import clients
from refit.domain.errors import LeaseLost, Throttled
from tests.support.lambdas.fakes import Fault
from tests.support.lambdas.fakes_catalogue import Catalogue
from tests.support.lambdas.stage import DEPLOYMENT, Context, Pipeline, hold_lease, run_document

DAYS = 6


@pytest.fixture
def sagemaker(aws: None) -> Catalogue:
    """SageMaker with catalogues, in place of the one of the other tests."""
    fake = Catalogue()
    clients.sagemaker().meta.events.register("before-send.sagemaker", fake)
    return fake


@pytest.fixture
def catalogue(sagemaker: Catalogue) -> Catalogue:
    return sagemaker


def name_of(pipeline: Pipeline, day: int) -> str:
    return f"{pipeline.name}-202611{day:02}-{day:08x}"


def record(pipeline: Pipeline, run: str, body: object) -> None:
    key = f"runs/{pipeline.name}/{run}/record.json"
    clients.s3().put_object(Bucket=pipeline.bucket, Key=key, Body=json.dumps(body).encode())


def deployed(pipeline: Pipeline, catalogue: Catalogue, day: int, end: str | None = "Deployed") -> None:
    """A run of that day, which created a model and a config and ended in `end`; None means that it has no record."""
    name, run = name_of(pipeline, day), f"run-{day}"
    catalogue.model(name, 24 * day, run)
    catalogue.config(name, 24 * day, name, run=run)
    if end is not None:
        record(pipeline, run, {"outcome": "NewData", "end": {"state": end}})


@pytest.fixture
def run(pipeline: Pipeline, catalogue: Catalogue) -> dict[str, Any]:
    """The run of the sixth day, which has just deployed, after a run on each day before."""
    for day in range(1, DAYS):
        deployed(pipeline, catalogue, day)
    deployed(pipeline, catalogue, DAYS, end=None)
    name = name_of(pipeline, DAYS)
    catalogue.endpoint(pipeline.name, name)
    made = run_document(
        pipeline=pipeline.name,
        endpoint=pipeline.name,
        bucket=pipeline.bucket,
        name=name,
        run=f"run-{DAYS}",
        deployment=DEPLOYMENT | {"model": name, "endpoint_config": name, "endpoint": pipeline.name},
    )
    hold_lease(made)
    return made


def clean(run: dict[str, Any], keep: int = 3) -> dict[str, Any]:
    return dict(clean_up.handler({"run": run, "settings": {"keep": keep}}, Context()))


def days(pipeline: Pipeline, *days: int) -> list[str]:
    return [name_of(pipeline, day) for day in days]


def test_what_is_beyond_the_versions_kept_is_deleted_configs_first(
    run: dict[str, Any], pipeline: Pipeline, catalogue: Catalogue
) -> None:
    assert clean(run) == {"endpoint_configs": days(pipeline, 1, 2, 3), "models": days(pipeline, 1, 2, 3)}
    assert sorted(catalogue.configs) == sorted(catalogue.models) == days(pipeline, 4, 5, 6)
    deletions = [operation for operation, _ in catalogue.calls if operation.startswith("Delete")]
    assert deletions == ["DeleteEndpointConfig"] * 3 + ["DeleteModel"] * 3


def test_a_second_time_there_is_nothing_left(run: dict[str, Any]) -> None:
    clean(run)
    assert clean(run) == {"endpoint_configs": [], "models": []}


def test_runs_that_ended_otherwise_leave_nothing_and_do_not_count(
    run: dict[str, Any], pipeline: Pipeline, catalogue: Catalogue
) -> None:
    record(pipeline, "run-5", {"end": {"state": "DeploymentFailed"}})
    assert clean(run)["models"] == days(pipeline, 1, 2, 5)
    assert sorted(catalogue.configs) == days(pipeline, 3, 4, 6)


@pytest.mark.parametrize("body", [{"end": {}}, {"end": None}, [], "text", 7])
def test_a_record_that_does_not_say_how_the_run_ended_says_nothing(
    run: dict[str, Any], pipeline: Pipeline, body: object
) -> None:
    record(pipeline, "run-5", body)
    assert clean(run)["models"] == days(pipeline, 1, 2)


def test_what_a_run_without_a_record_made_stays_and_does_not_count(
    run: dict[str, Any], pipeline: Pipeline, catalogue: Catalogue
) -> None:
    clients.s3().delete_object(Bucket=pipeline.bucket, Key=f"runs/{pipeline.name}/run-5/record.json")
    catalogue.configs[name_of(pipeline, 4)]["Tags"] = []
    assert clean(run)["models"] == days(pipeline, 1)


def test_what_no_run_of_this_pipeline_made_stays(run: dict[str, Any], pipeline: Pipeline, catalogue: Catalogue) -> None:
    others = [f"{pipeline.name}-by-hand", f"eu-{name_of(pipeline, 1)}", f"{pipeline.name}-eu-20261101-00000001"]
    for other in others:
        catalogue.model(other, 1)
        catalogue.config(other, 1, other)
    clean(run)
    assert set(others) <= set(catalogue.models)
    assert set(others) <= set(catalogue.configs)


class TestWhatIsInUse:
    def test_stays_with_its_model(self, run: dict[str, Any], pipeline: Pipeline, catalogue: Catalogue) -> None:
        catalogue.endpoint(pipeline.name, name_of(pipeline, 1), towards=name_of(pipeline, 2))
        assert clean(run) == {"endpoint_configs": days(pipeline, 3), "models": days(pipeline, 3)}

    def test_may_be_a_config_that_no_run_made(
        self, run: dict[str, Any], pipeline: Pipeline, catalogue: Catalogue
    ) -> None:
        catalogue.config("by-hand", 200, name_of(pipeline, 1))
        catalogue.configs["by-hand"]["ShadowProductionVariants"] = [
            {"VariantName": "S", "ModelName": name_of(pipeline, 2)}
        ]
        catalogue.endpoint(pipeline.name, "by-hand")
        assert clean(run)["models"] == days(pipeline, 3)

    def test_may_be_a_config_that_was_deleted_and_then_no_model_goes(
        self, run: dict[str, Any], pipeline: Pipeline, catalogue: Catalogue
    ) -> None:
        catalogue.endpoint(pipeline.name, "by-hand")
        assert clean(run) == {"endpoint_configs": days(pipeline, 1, 2, 3), "models": []}

    def test_is_nothing_once_the_endpoint_was_deleted(
        self, run: dict[str, Any], pipeline: Pipeline, catalogue: Catalogue
    ) -> None:
        catalogue.endpoints.clear()
        assert clean(run)["models"] == days(pipeline, 1, 2, 3)

    def test_a_model_that_was_brought_back_stays_while_a_config_names_it(
        self, run: dict[str, Any], pipeline: Pipeline, catalogue: Catalogue
    ) -> None:
        rollback = f"{pipeline.name}-20261101-ffffffff"
        catalogue.config(rollback, 24 * 5 + 1, name_of(pipeline, 1), run="run-5b")
        record(pipeline, "run-5b", {"outcome": "Rollback", "end": {"state": "Deployed"}})
        assert clean(run) == {"endpoint_configs": days(pipeline, 1, 2, 3, 4), "models": days(pipeline, 2, 3, 4)}
        assert rollback in catalogue.configs


class TestBounds:
    def test_a_run_deletes_so_much_and_the_next_the_rest(
        self, run: dict[str, Any], pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clean_up, "MOST_DELETED", 2)
        assert clean(run) == {"endpoint_configs": days(pipeline, 1, 2), "models": []}
        assert clean(run) == {"endpoint_configs": days(pipeline, 3), "models": days(pipeline, 1)}
        assert clean(run) == {"endpoint_configs": [], "models": days(pipeline, 2, 3)}

    def test_no_more_is_asked_of_what_goes_anyway(self, run: dict[str, Any], catalogue: Catalogue) -> None:
        clean(run, keep=2)
        assert len(catalogue.called("ListTags")) == 1

    def test_lists_are_read_page_by_page(self, run: dict[str, Any], catalogue: Catalogue) -> None:
        clean(run)
        assert len(catalogue.called("ListModels")) == len(catalogue.called("ListEndpointConfigs")) == 2


class TestTrouble:
    def test_a_run_that_lost_the_lease_deletes_nothing(self, run: dict[str, Any], catalogue: Catalogue) -> None:
        hold_lease(run | {"execution_arn": "arn:of-another"})
        with pytest.raises(LeaseLost):
            clean(run)
        assert catalogue.calls == []

    @pytest.mark.parametrize(
        ("operation", "kind", "left"),
        [
            ("DeleteEndpointConfig", "endpoint configuration", "endpoint_configs"),
            ("DeleteModel", "model", "models"),
        ],
    )
    def test_what_others_deleted_meanwhile_is_skipped_and_not_named(
        self, run: dict[str, Any], pipeline: Pipeline, operation: str, kind: str, left: str
    ) -> None:
        missing = f'Could not find {kind} "arn:aws:sagemaker:us-west-2:123456789012:any/{name_of(pipeline, 1)}".'
        Fault(clients.sagemaker(), operation, "ValidationException", message=missing, times=1)
        assert clean(run)[left] == days(pipeline, 2, 3)

    @pytest.mark.parametrize("operation", ["ListModels", "ListEndpointConfigs", "ListTags", "DeleteModel"])
    def test_errors_keep_their_names_and_throttling_is_throttled(self, run: dict[str, Any], operation: str) -> None:
        Fault(clients.sagemaker(), operation, "ThrottlingException", times=3)
        with pytest.raises(Throttled, match="ThrottlingException"):
            clean(run)
        for code in ("AccessDeniedException", "ValidationException"):
            Fault(clients.sagemaker(), operation, code, times=1)
            with pytest.raises(ClientError, match=code):
                clean(run)
