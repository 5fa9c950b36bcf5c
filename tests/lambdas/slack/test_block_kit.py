"""How a run's message is laid out in Slack."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from lambdas.slack.block_kit import MAX_FIELD, MAX_HEADER, MAX_TEXT, blocks
from lambdas.slack.message import message
from refit.domain.console_links import Link
from refit.embedded_cloud.slack.block_kit import problems
from tests.support.lambdas.stage import DEPLOYMENT, JOB_COMPLETED, TRAINING, redeployment_document, run_document

ARN = run_document()["execution_arn"]
NAME = run_document()["name"]
SETTINGS = {"pipeline": "home-prices", "environment": "prod", "region": "us-west-2", "approval": None}
LINKS = [Link("Execution", "https://console.example/?a=1&b=2")]
EVALUATION = {
    "decision": "Accepted",
    "reason": "validation:mse is 21.4: meets max = 60",
    "metric": "validation:mse",
    "challenger": 21.4,
    "champion": 22.918,
    "champion_model": "home-prices-20261121-ffffffff",
    "rows": 1000,
}
APPROVAL = {"approved": True, "by": "alice", "at": "2026-11-22T07:00:00Z", "reason": ""}
PARAMETERS = {"watermark": "2026-11-22", "previous": "2026-11-21", "advanced": True}


def laid_out(run: dict[str, Any]) -> list[dict[str, Any]]:
    made = message(run, ARN, SETTINGS, datetime(2026, 11, 22, tzinfo=UTC)).blocks
    assert problems(made) == []
    return made


def fields(run: dict[str, Any]) -> dict[str, str]:
    """The labels and values of the fields, as users read them."""
    found = [block["fields"] for block in laid_out(run) if "fields" in block]
    pairs = [field["text"].split("*\n", 1) for section in found for field in section]
    return {label.removeprefix("*"): value for label, value in pairs}


def pages(run: dict[str, Any]) -> list[str]:
    (context,) = laid_out(run)[-1]["elements"]
    return [link.partition("|")[2].removesuffix(">") for link in context["text"].split(" · ")]


def test_a_message_has_a_header_the_news_the_figures_and_links() -> None:
    header, news, figures, links = laid_out(run_document(training=TRAINING))
    assert header["text"] == {"type": "plain_text", "text": "prod/home-prices: training started", "emoji": False}
    assert news["text"]["text"].split("\n")[1] == "No data for 2026-11-19."
    assert len(figures["fields"]) == 5
    (element,) = links["elements"]
    assert element["text"].startswith("<https://us-west-2.console.aws.amazon.com/states/home?region=us-west-2#/v2/exec")
    assert element["text"].endswith(f"#/jobs/{NAME}|Training job>")


def test_the_figures_of_a_run_that_has_just_begun() -> None:
    assert fields(run_document(training=TRAINING)) == {
        "Window": "2026-11-16 to 2026-11-22",
        "Days": "5 trained on, 1 held out, 1 without data",
        "Data": "12 objects, 1.2 MB",
        "Model": NAME,
        "Watermark": "never",
    }


def test_the_figures_of_a_run_with_everything_are_as_many_as_slack_shows() -> None:
    sections = {"training": TRAINING, "status": JOB_COMPLETED, "evaluation": EVALUATION, "approval": APPROVAL}
    assert fields(run_document(**sections, deployment=DEPLOYMENT, parameters=PARAMETERS)) == {
        "Window": "2026-11-16 to 2026-11-22",
        "Days": "5 trained on, 1 held out, 1 without data",
        "Data": "12 objects, 1.2 MB",
        "On the held-out days": "mse 21.4",
        "Challenger": "mse 21.4",
        "Champion": "mse 22.92 (home-prices-20261121-ffffffff)",
        "Rows evaluated": "1,000",
        "Model": NAME,
        "Watermark": "2026-11-22",
        "Approved by": "alice",
    }


def test_a_model_that_a_person_rejected_says_who() -> None:
    evaluation = {"decision": "Rejected", "reason": "rejected by bob"}
    run = run_document(training=TRAINING, status=JOB_COMPLETED, evaluation=evaluation)
    assert fields(run | {"approval": APPROVAL | {"approved": False, "by": "bob"}})["Rejected by"] == "bob"
    assert "Rejected by" not in fields(run | {"approval": APPROVAL | {"approved": False, "by": None}})


def test_a_redeployment_is_about_its_model_alone() -> None:
    run = redeployment_document(deployment=DEPLOYMENT)
    assert fields(run) == {"Model": "home-prices-20261121-ffffffff", "Watermark": "2026-11-21"}
    assert pages(run) == ["Execution", "Endpoint"]


@pytest.mark.parametrize(
    ("sections", "linked"),
    [
        ({}, ["Execution", "Training job"]),
        ({"watermark": "2026-11-21"}, ["Execution", "Training job", "Endpoint"]),
        ({"deployment": DEPLOYMENT}, ["Execution", "Training job", "Endpoint"]),
        ({"outcome": "NoNewData", "stale": "x", "watermark": "2026-11-21"}, ["Execution", "Endpoint"]),
    ],
)
def test_links_lead_to_what_there_is(sections: dict[str, Any], linked: list[str]) -> None:
    assert pages(run_document(**sections)) == linked


def test_a_check_that_failed_has_no_figures() -> None:
    event = {"event": {"time": "soon"}, "failed": {"CheckData": {"Error": "InvalidEvent", "Cause": "time: soon"}}}
    header, news, _ = laid_out(event)
    assert header["text"]["text"] == "prod/home-prices: CheckData failed"
    assert news["text"]["text"] == "InvalidEvent: time: soon"
    assert pages(event) == ["Execution"]


def test_nothing_that_a_run_meets_can_speak_slacks_markup() -> None:
    _, news, figures, links = blocks("x", ["<!channel> & co"], {"<b>": "<@U1>"}, LINKS)
    assert news["text"]["text"] == "&lt;!channel&gt; &amp; co"
    assert figures["fields"][0]["text"] == "*&lt;b&gt;*\n&lt;@U1&gt;"
    assert links["elements"][0]["text"] == "<https://console.example/?a=1&amp;b=2|Execution>"
    assert {news["text"]["verbatim"], figures["fields"][0]["verbatim"]} == {True}


def test_what_is_too_long_for_slack_is_cut() -> None:
    many = {f"field {number}": "<" * MAX_FIELD for number in range(12)}
    made = blocks("x" * 200, ["a" + "&" * MAX_TEXT], many, LINKS)
    assert problems(made) == []
    header, news, figures, _ = made
    assert (len(header["text"]["text"]), len(figures["fields"])) == (MAX_HEADER, 10)
    assert news["text"]["text"].endswith("&amp;…")
    assert figures["fields"][0]["text"].endswith("&lt;…")
