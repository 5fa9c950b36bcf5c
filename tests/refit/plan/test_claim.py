"""`refit claim`: an older commit never replaces a newer one, and an unknown order is an error."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

import pytest

from refit.aws.commit_claim import CommitClaim
from refit.errors import RefitError
from refit.git import Git
from refit.plan.claim import ClaimResult, claim, is_superseded
from refit.plan.trigger_results import PipelineResult
from refit.runs.launcher import NOT_STARTED
from tests.support.checkout import Checkout
from tests.support.triggers import DEPLOYS, Stacks, result


@dataclass(frozen=True)
class Deployed:
    """A stack that no commit has claimed yet. Its name is its own, because state machines are deleted slowly."""

    stacks: Stacks
    name: str

    @property
    def parameter(self) -> str:
        return f"/models/{self.name}/train/commit"

    def write(self, value: str) -> None:
        self.stacks.aws.ssm.put_parameter(Name=self.parameter, Value=value, Type="String", Overwrite=True)

    def stored(self) -> Any:
        return json.loads(self.stacks.aws.ssm.get_parameter(Name=self.parameter)["Parameter"]["Value"])

    def commit(self, *lines: str) -> str:
        self.stacks.checkout.pipeline(f"local/{self.name}", *lines)
        return self.stacks.merge()

    def checkout(self, commit: str) -> None:
        self.stacks.checkout.git("checkout", "--quiet", commit)

    def claim(self, *, force: bool = False) -> ClaimResult:
        base = self.stacks.checkout.git("rev-parse", "HEAD~1")
        return claim(self.stacks.checkout.project.find(f"local/{self.name}"), base, force=force)

    def trigger(self, base: str | None = None) -> PipelineResult:
        return result(self.stacks.trigger(base=base), self.name)

    def executions(self) -> list[str]:
        return self.stacks.executions(self.name)


@pytest.fixture
def stack(stacks: Stacks, request: pytest.FixtureRequest) -> Deployed:
    deployed = Deployed(stacks, f"claim-{zlib.crc32(request.node.name.encode())}")
    stacks.add(deployed.name, DEPLOYS)
    deployed.write("never")
    return deployed


def test_a_commit_claims_the_pipeline_and_is_recorded_again_when_its_run_starts(stack: Deployed) -> None:
    head = stack.commit()
    assert stack.claim().document() == {
        "pipeline": f"local/{stack.name}",
        "commit": head,
        "newer": "",
        "applied": True,
        "superseded": False,
    }
    assert stack.stored() == {"claimed": head, "started": ""}
    assert stack.trigger().how == "started"
    assert stack.stored() == {"claimed": head, "started": head}


def test_an_older_commit_finds_the_claim_of_the_newer_one_and_starts_nothing(stack: Deployed) -> None:
    older, newer = stack.commit(), stack.commit("window = { days = 6 }")
    stack.claim()
    stack.trigger(older)
    before = stack.executions()

    stack.checkout(older)
    claimed = stack.claim()
    assert (claimed.superseded, claimed.newer) == (True, newer)
    # Someone who has applied the older commit in spite of that has undone the newer one.
    found = stack.trigger()
    assert (found.how, found.failed) == (NOT_STARTED, True)
    assert found.reason == (
        f"{newer[:12]}, which is newer than {older[:12]}, has claimed the pipeline; "
        f"if {older[:12]} has been applied since, deploy {newer[:12]} again"
    )
    assert stack.executions() == before
    assert stack.stored() == {"claimed": newer, "started": newer}

    assert not stack.claim(force=True).superseded
    assert stack.trigger().how == "started"
    assert stack.stored() == {"claimed": older, "started": older}


def test_of_two_merges_that_overtake_each_other_the_newer_one_stays(stack: Deployed) -> None:
    older = stack.commit()
    stack.claim()
    newer = stack.commit("window = { days = 6 }")
    stack.claim()

    stack.checkout(older)
    found = stack.trigger()
    assert (found.how, found.failed) == (NOT_STARTED, False)
    stack.checkout(newer)
    assert stack.trigger(older).how == "started"
    assert stack.stored() == {"claimed": newer, "started": newer}


def test_a_stack_that_is_not_applied_yet_is_not_claimed(stack: Deployed) -> None:
    stack.commit()
    stack.stacks.aws.ssm.delete_parameter(Name=stack.parameter)
    claimed = stack.claim()
    assert (claimed.applied, claimed.superseded) == (False, False)
    assert stack.trigger().how == "started"


def test_a_value_that_is_not_a_claim_is_an_error(stack: Deployed) -> None:
    stack.commit()
    for value in (
        "?",
        "[]",
        "null",
        '{"claimed": "main", "started": ""}',
        '{"claimed": ""}',
        '{"claimed": 1, "started": 2}',
    ):
        stack.write(value)
        with pytest.raises(RefitError, match=f"{stack.parameter} does not contain the deployed commit") as raised:
            stack.claim()
        hint = f"reset it: aws ssm put-parameter --name {stack.parameter} --value never --overwrite"
        assert raised.value.hint == hint


class History:
    """Which of two commits of a pipeline is newer, in one environment."""

    def __init__(self, checkout: Checkout, environment: str = "prod") -> None:
        checkout.pipeline(f"{environment}/home-prices")
        self.git = Git(checkout.root)
        self.ref = checkout.project.find(f"{environment}/home-prices")

    def superseded(self, claimed: str, commit: str, base: str | None = None) -> bool:
        replaced = self.git.commit(base) if base else None
        return is_superseded(self.ref, self.git, CommitClaim(claimed), self.git.commit(commit), replaced)


def diverged(checkout: Checkout) -> tuple[str, str]:
    """The head of main before and after a force push."""
    old = checkout.commit(one=b"old")
    checkout.git("reset", "--quiet", "--hard", "HEAD~1")
    return old, checkout.commit(one=b"new")


def test_a_force_push_is_newer_than_the_commit_that_it_replaces_and_not_older_than_another(checkout: Checkout) -> None:
    old, new = diverged(checkout)
    history = History(checkout)
    assert not history.superseded(old, new, base=old)
    assert not history.superseded(old, checkout.base, base=old), "main was set back to an older commit"
    message = f"prod/home-prices was last deployed from {new[:12]}, and neither {new[:12]} nor {old[:12]} contains"
    with pytest.raises(RefitError, match=message) as raised:
        history.superseded(new, old, base=checkout.base)
    assert "refit claim prod/home-prices --force" in (raised.value.hint or "")


def test_a_commit_that_this_clone_does_not_have_is_an_error(checkout: Checkout) -> None:
    head = checkout.commit()
    with pytest.raises(RefitError, match=f"last deployed from {'e' * 12}, which is not in this clone") as raised:
        History(checkout).superseded("e" * 40, head)
    assert "fetch-depth: 0" in (raised.value.hint or "")


def test_a_local_pipeline_may_be_deployed_from_several_branches(checkout: Checkout) -> None:
    old, new = diverged(checkout)
    history = History(checkout, "local")
    assert not history.superseded(old, new)
    assert not history.superseded("e" * 40, new)
    assert history.superseded(new, checkout.base)
