"""What the Lambda functions of the state machine can answer, by the name of their state.

Most answers are such that a run goes on; the free text in them is odd. Rarely a word is one of a newer version of the
functions: an execution keeps the definition that it started with, not the code.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from refit.domain import outcomes, resource_names
from refit.domain.run_document import (
    Approval,
    Cleanup,
    Deployment,
    Evaluation,
    Parameters,
    Quality,
    Run,
    Status,
    Training,
)
from refit.domain.window import parse_instant
from tests.support.random_walk.shapes import TEXTS, of_type

NEWER = "Sideways"
"""A word of a newer version."""
NEWER_RATE = 0.02
DAYS = ("2025-12-30", "2025-12-31")

Answer = Callable[[Mapping[str, Any], random.Random], Any]
"""The arguments of the task → its result."""


def check_data(asked: Mapping[str, Any], rng: random.Random) -> Any:
    settings, execution = asked["settings"], asked["execution"]
    outcome = rng.choice(
        (
            *[outcomes.NEW_DATA] * 14,
            *[outcomes.REDEPLOY, outcomes.ROLLBACK] * 2,
            *outcomes.NOTHING_DONE,
            outcomes.NO_NEW_DATA,
        )
    )
    trains, deploys = outcome == outcomes.NEW_DATA, outcome in (outcomes.REDEPLOY, outcomes.ROLLBACK)
    newest = rng.choice(DAYS) if trains else rng.choice((None, *DAYS))
    name = resource_names.of_run(settings["pipeline"], newest or DAYS[0], execution["arn"], execution["started_at"])
    kept = f"s3://{settings['bucket']}/runs/{settings['pipeline']}/{execution['name']}"
    run: Any = of_type(Run, rng) | {
        "outcome": _word(outcome, rng),
        "pipeline": settings["pipeline"],
        "run": execution["name"],
        "execution_arn": execution["arn"],
        "train_only": not deploys and rng.random() < 0.1,
        "bucket": settings["bucket"],
        "newest": None if deploys else newest,
        "watermark": rng.choice((None, None, *DAYS, "2026-01-01")),
        "stale": rng.choice((None, None, *TEXTS)) if outcome == outcomes.NO_NEW_DATA else None,
        "manifest": f"{kept}/manifest.json" if trains else None,
        "validation": f"{kept}/validation.json" if trains and settings["window"]["holdout_days"] else None,
        "source": f"{kept}/source.tar.gz" if trains and settings["source"] else None,
        "name": name,
        "endpoint": settings["endpoint"],
        "image": settings["image"] or "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1",
        "tags": [{"Key": f"refit:{n}", "Value": rng.choice(TEXTS)[:256]} for n in range(rng.choice((0, 1, 4)))],
    }
    added = (
        "model",
        "quality",
        "training",
        "status",
        "evaluation",
        "approval",
        "deployment",
        "parameters",
        "cleanup",
        "slack",
    )
    run = {name: value for name, value in run.items() if name not in (*added, "end", "failed")}
    if deploys:
        run["model"] = resource_names.of_run(settings["pipeline"], DAYS[0], "arn:another", execution["started_at"])
    return run


def check_quality(asked: Mapping[str, Any], rng: random.Random) -> Any:
    """The run document with the result, and with other days and manifests if a bad day was left out."""
    run = dict(asked["run"])
    decision = rng.choices((outcomes.ACCEPTED, outcomes.REJECTED), (3, 1))[0]
    quality = of_type(Quality, rng) | {"decision": _word(decision, rng), "skipped": []}
    if quality["decision"] == outcomes.ACCEPTED and rng.random() < 0.3:
        quality["skipped"] = [DAYS[1]]
        run |= {"newest": DAYS[0], "manifest": run["manifest"].replace("manifest", "checked_manifest")}
    return run | {"quality": quality}


def start_training_job(asked: Mapping[str, Any], rng: random.Random) -> Any:
    return of_type(Training, rng) | {"job": asked["run"]["name"], "asked_at": asked["now"]}


def get_status(asked: Mapping[str, Any], rng: random.Random) -> Any:
    """The status of the job or of the deployment; the function itself limits how long it is in progress."""
    run, settings = asked["run"], asked["settings"]
    if "deployment" in run:
        states = (outcomes.IN_PROGRESS, outcomes.DEPLOYMENT_COMPLETED, outcomes.DEPLOYMENT_FAILED)
        began, minutes = run["deployment"]["started_at"], settings["deployment_timeout_minutes"]
    else:
        states = (outcomes.IN_PROGRESS, outcomes.JOB_COMPLETED, outcomes.JOB_FAILED)
        began, minutes = run["training"]["asked_at"], settings["training_timeout_minutes"]
    late = parse_instant(asked["now"]) - parse_instant(began) > timedelta(minutes=minutes)
    state = rng.choices(states, (0 if late else 4, 6, 1))[0]
    return of_type(Status, rng) | {"state": _word(state, rng)}


def evaluate_model(asked: Mapping[str, Any], rng: random.Random) -> Any:
    decision = rng.choices((outcomes.ACCEPTED, outcomes.REJECTED), (3, 1))[0]
    limits = {"metric": asked["settings"]["gate"]["metric"], "decision": _word(decision, rng)}
    return {"challenger": None, "champion": None, "champion_model": None, "rows": 0} | of_type(Evaluation, rng) | limits


def deploy_model(asked: Mapping[str, Any], rng: random.Random) -> Any:
    run = asked["run"]
    named = {"endpoint_config": run["name"], "endpoint": run["endpoint"], "started_at": asked["now"]}
    return of_type(Deployment, rng) | named


def update_parameters(asked: Mapping[str, Any], rng: random.Random) -> Any:
    return of_type(Parameters, rng)


def clean_up(asked: Mapping[str, Any], rng: random.Random) -> Any:
    return of_type(Cleanup, rng)


def notify_slack(asked: Mapping[str, Any], rng: random.Random) -> Any:
    """The forms of lambdas/slack/thread.py: with a thread, or without one."""
    result: dict[str, object] = {"posted": rng.random() < 0.5, "reason": rng.choice(TEXTS)}
    return result | ({"channel": "C1", "ts": "1.2"} if rng.random() < 0.7 else {})


def approval(rng: random.Random) -> Any:
    """What SendTaskSuccess reports: mostly the answer of `refit approve`, else any JSON."""
    if rng.random() < 0.7:
        return of_type(Approval, rng) | {"approved": rng.random() < 0.7}
    answer: Any = rng.choice((None, {}, [], [{}], "yes", 1, True, {"approved": None}, {"approved": "true"}))
    return rng.choice((answer, {"approved": True}, [{"approved": True, "by": "a"}], {"approved": [True]}, {"by": {}}))


ANSWERS: Mapping[str, Answer] = {
    "CheckData": check_data,
    "CheckQuality": check_quality,
    "StartTrainingJob": start_training_job,
    "GetStatus": get_status,
    "EvaluateModel": evaluate_model,
    "DeployModel": deploy_model,
    "UpdateParameters": update_parameters,
    "CleanUp": clean_up,
    "NotifySlack": notify_slack,
}


def _word(word: str, rng: random.Random) -> str:
    return NEWER if rng.random() < NEWER_RATE else word
