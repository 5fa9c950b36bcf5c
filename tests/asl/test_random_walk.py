"""Thousands of seeded executions of both orchestrations, whose tasks answer whatever AWS's models allow.

`REFIT_WALKS=100000` makes more of them; `REFIT_WALK_SEED=42` makes only that one.
"""

from __future__ import annotations

import os

import pytest

from refit.artifacts.graph import edges
from tests.support.random_walk.promises import broken
from tests.support.random_walk.walks import Walk, machines, transitions, walk

WALKS = {"polling": 1000, "direct": 1000}
"""How many executions a test run makes: about ten seconds of one processor each."""
MOST = 5000
"""How many it makes at most while a transition has not been taken yet."""
HANDLED = {"polling": 800, "direct": 400}
"""How many of them call the handlers of the functions."""
UNREACHED = {("RedriveBranch", "PreconditionFailed", "")}
"""For arguments that fail without a redrive: none do. A Choice needs a Default."""
OPTIONAL = ("NotifySlack", "CleanUp", "WriteRecord")
"""The tasks that never change the outcome of a run."""

both = pytest.mark.parametrize("orchestration", WALKS)


@both
def test_every_execution_ends_in_a_named_state_and_keeps_its_promises(orchestration: str) -> None:
    missing, made = ways(orchestration), seeds(WALKS[orchestration])
    for seed in made:
        missing.difference_update(transitions(walked(orchestration, seed)))
    more = iter(range(len(made), MOST if len(made) > 1 else 0))
    while missing and (seed := next(more, 0)):
        missing.difference_update(transitions(walked(orchestration, seed)))
    assert len(made) == 1 or missing == set(), "dead states, or answers that the walk does not give"


@both
def test_the_handlers_themselves_bear_whatever_aws_answers(orchestration: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    for seed in seeds(HANDLED[orchestration]):
        walked(orchestration, seed, real=True)


@both
@pytest.mark.parametrize("task", OPTIONAL)
def test_a_report_that_fails_changes_nothing_else(orchestration: str, task: str) -> None:
    for seed in range(80):
        works, fails = (walk(orchestration, seed, {task: fixed}) for fixed in (False, True))
        assert done(works, task) == done(fails, task), str(fails)
        assert works.path[-1] == fails.path[-1], str(fails)


def test_a_seed_repeats_its_execution() -> None:
    for seed in range(10):
        assert str(walk("direct", seed)) == str(walk("direct", seed))


def seeds(count: int) -> range:
    """The seeds from 0, `count` or as many as the environment says, or the only one that it says."""
    if only := os.environ.get("REFIT_WALK_SEED"):
        return range(int(only), int(only) + 1)
    return range(int(os.environ.get("REFIT_WALKS", count)))


def walked(orchestration: str, seed: int, real: bool = False) -> Walk:
    """The execution of a seed, which has kept its promises."""
    one = walk(orchestration, seed, real=real)
    found = sorted(set(broken(one)))
    assert found == [], f"{found}\n{one}"
    return one


def ways(orchestration: str) -> set[tuple[str, str, str]]:
    """Every transition of every structure, as `transitions` names them."""
    found = (edge for machine in machines(orchestration).values() for edge in edges(machine["States"]))
    return {(edge.source, edge.target, "error" if edge.label == "error" else "") for edge in found} - UNREACHED


def done(one: Walk, without: str) -> list[tuple[str, object]]:
    """What an execution asked of others, and their answers, without those of one state."""
    return [(asked.state, str(asked.answer)) for asked in one.asked if asked.state != without]
