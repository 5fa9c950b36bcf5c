"""The tags of the resources that a run creates."""

from __future__ import annotations

from typing import Any

from lambdas.decisions import tags
from tests.support.lambdas.stage import run_document


def of(own: dict[str, str] | None = None, **run: Any) -> dict[str, str]:
    document: Any = run_document(**run)
    return {tag["Key"]: tag["Value"] for tag in tags.of(document, own or {})}


def test_they_tell_the_pipeline_the_run_its_data_and_its_commit() -> None:
    assert of({"team": "homes"}) == {
        "team": "homes",
        "refit:pipeline": "home-prices",
        "refit:run": "run-1",
        "refit:fingerprint": "f" * 64,
        "refit:commit": "0123abc",
    }


def test_what_is_not_known_is_not_a_tag() -> None:
    assert of(commit=None, fingerprint="").keys() == {"refit:pipeline", "refit:run"}


def test_a_tag_of_the_pipeline_never_replaces_one_of_the_run() -> None:
    assert of({"refit:run": "another"})["refit:run"] == "run-1"


def test_they_are_made_of_what_sagemaker_accepts() -> None:
    assert of(run="run 1\t(again)!\n")["refit:run"] == "run 1__again___"
    assert len(of(commit="c" * 300)["refit:commit"]) == 256
