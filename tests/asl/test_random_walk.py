"""Thousands of seeded executions of both orchestrations, whose tasks answer whatever AWS's models allow.

`REFIT_WALKS=100000` makes more of them; `REFIT_WALK_SEED=42` makes only that one.
"""

from __future__ import annotations

import os

import pytest

from refit.artifacts.graph import edges
from tests.support.random_walk.promises import broken
from tests.support.random_walk.walks import Walk, machines, transitions, walk

WALKS = {"polling": 2400, "direct": 1600}
"""How many executions a test run makes: about half a minute of one processor each.

As many again, twice, if a transition has not been taken yet.
"""
OPTIONAL = ("NotifySlack", "CleanUp", "WriteRecord")
"""The tasks that never change the outcome of a run."""

both = pytest.mark.parametrize("orchestration", WALKS)


@both
def test_every_execution_ends_in_a_named_state_and_keeps_its_promises(orchestration: str) -> None:
    if only := os.environ.get("REFIT_WALK_SEED"):
        walked(orchestration, int(only))
        return
    count = int(os.environ.get("REFIT_WALKS", WALKS[orchestration]))
    missing = ways(orchestration)
    for seed in range(3 * count):
        if seed >= count and not missing:
            break
        missing.difference_update(transitions(walked(orchestration, seed)))
    assert missing == set(), "never walked: states that no run can reach, or answers that the walk does not give"


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


def walked(orchestration: str, seed: int) -> Walk:
    """The execution of a seed, which has kept its promises."""
    one = walk(orchestration, seed)
    found = sorted(set(broken(one)))
    assert found == [], f"{found}\n{one}"
    return one


def ways(orchestration: str) -> set[tuple[str, str, str]]:
    """Every transition of every structure, as `transitions` names them."""
    found = (edge for machine in machines(orchestration).values() for edge in edges(machine["States"]))
    return {(edge.source, edge.target, "error" if edge.label == "error" else "") for edge in found}


def done(one: Walk, without: str) -> list[tuple[str, object]]:
    """What an execution asked of others, and their answers, without those of one state."""
    return [(asked.state, str(asked.answer)) for asked in one.asked if asked.state != without]
