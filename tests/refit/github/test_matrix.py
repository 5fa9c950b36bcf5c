"""The outputs that the workflows build their job matrix from."""

from __future__ import annotations

import json

from refit import github


def test_the_matrix_names_each_pipeline_to_apply_and_its_environment() -> None:
    written = github.pipeline_outputs(["prod/home-prices", "dev/churn"], ["dev/churn"])
    assert json.loads(written["pipelines"]) == ["dev/churn", "prod/home-prices"]
    assert json.loads(written["changed"]) == ["dev/churn"]
    assert json.loads(written["matrix"]) == [
        {"pipeline": "dev/churn", "environment": "dev"},
        {"pipeline": "prod/home-prices", "environment": "prod"},
    ]


def test_without_a_list_of_their_own_what_is_to_apply_counts_as_changed() -> None:
    assert json.loads(github.pipeline_outputs(["prod/churn"])["changed"]) == ["prod/churn"]


def test_no_workflow_is_sent_to_the_embedded_cloud() -> None:
    written = github.pipeline_outputs(["local/home-prices", "prod/home-prices"], ["local/home-prices"])
    assert json.loads(written["pipelines"]) == ["prod/home-prices"]
    assert json.loads(written["changed"]) == []
    assert [entry["environment"] for entry in json.loads(written["matrix"])] == ["prod"]


def test_no_pipeline_is_the_empty_list_that_the_workflows_compare_with() -> None:
    assert set(github.pipeline_outputs([]).values()) == {"[]"}
