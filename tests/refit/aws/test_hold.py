"""Holds: set by a rollback before its run, kept until `refit release`, and read as a run reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from refit.aws import hold
from refit.aws.hold import release
from refit.commands import app
from refit.domain.hold import describe, parse
from refit.domain.run_document import Hold
from refit.domain.setting_values import NEVER
from refit.embedded_cloud import faults
from refit.errors import NotFound, RefitError, RunFailed
from refit.live.status import status
from refit.runs.rollback_target import IS_LIVE
from tests.support.embedded_cloud.customer import Customer
from tests.support.rollbacks import MOVES, RollbackStack, back


@pytest.fixture
def stack(customer: Customer, tmp_path: Path, exported: None, ada: None) -> Iterator[RollbackStack]:
    """A pipeline whose third model serves."""
    made = RollbackStack(customer, customer.name("prices"), tmp_path, MOVES)
    for number in (1, 2, 3):
        made.deployed(f"daily-{number}", number, serves=number == 3)
    yield made
    faults.clear(customer.cloud)


def test_a_hold_is_set_before_the_run_and_is_not_set_twice(stack: RollbackStack) -> None:
    done = back(stack, hold=True, reason="flats are off")
    held = json.loads(stack.hold())
    assert (held["by"], held["reason"]) == ("ada", "flats are off")
    assert datetime.fromisoformat(held["since"]).tzinfo is not None
    assert done.hold == held
    again = back(stack, hold=True, reason="another reason")
    assert (again.how, again.hold) == (IS_LIVE, held)
    assert json.loads(stack.hold()) == held


def test_a_hold_stays_when_the_rollback_fails(stack: RollbackStack) -> None:
    faults.set(stack.customer.cloud, {"endpoint": "roll_back"})
    with pytest.raises(RunFailed) as raised:
        back(stack, hold=True, reason="flats are off")
    assert f"refit release {stack.ref.key}" in str(raised.value.hint)
    assert "the pipeline stays held by ada" in str(raised.value.hint)
    assert json.loads(stack.hold())["reason"] == "flats are off"


def test_a_mistake_in_the_file_prevents_no_rollback_no_release_and_no_status(
    stack: RollbackStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = stack.ref.path.read_text()
    stack.ref.path.write_text(f"{text}window = {{ days = 0 }}\n")
    stack.aws.ssm.put_parameter(Name=f"/models/{stack.name}/train/latest", Value=NEVER, Type="String")
    monkeypatch.chdir(stack.ref.project.root)
    warning = f"has 1 problem (refit validate {stack.ref.key}); using its valid fields"
    for command in (["rollback", stack.ref.key, "--hold"], ["release", stack.ref.key]):
        assert CliRunner().invoke(app, command).exit_code == 0
    result = CliRunner().invoke(app, ["release", stack.ref.key])
    assert result.stdout == f"{stack.ref.key}: not held\n"
    assert warning in " ".join(result.stderr.split())
    (found,) = status(stack.ref.project, [stack.ref.key])
    assert (found.known, found.applied, found.differences) == (True, True, ())
    assert warning in found.warning
    assert found.endpoint


def test_a_reason_without_a_hold_is_refused(stack: RollbackStack) -> None:
    with pytest.raises(RefitError, match="--reason"):
        back(stack, reason="because")
    with pytest.raises(RefitError, match="the reason has 501 characters"):
        back(stack, hold=True, reason="x" * 501)
    assert stack.runs() == []


def test_a_release_ends_the_hold_and_returns_it(stack: RollbackStack) -> None:
    back(stack, hold=True, reason="flats are off")
    ended = release(stack.ref)
    assert ended
    assert (ended["by"], ended["reason"]) == ("ada", "flats are off")
    assert stack.hold() == "none"
    assert release(stack.ref) is None


def test_a_stack_without_a_hold_parameter_must_be_applied(stack: RollbackStack) -> None:
    stack.aws.ssm.delete_parameter(Name=stack.hold_parameter)
    for ask in (lambda: release(stack.ref), lambda: back(stack, hold=True)):
        with pytest.raises(NotFound) as raised:
            ask()
        assert raised.value.hint == f"apply the stack: refit terraform apply {stack.ref.key}"
    assert stack.runs() == []


@pytest.mark.parametrize("text", ["stop", "[]"])
def test_an_unreadable_hold_is_a_hold(stack: RollbackStack, text: str) -> None:
    stack.aws.ssm.put_parameter(Name=stack.hold_parameter, Value=text, Overwrite=True)
    found = hold.read(stack.aws, stack.hold_parameter)
    assert found == {"by": "an unknown user", "since": "an unknown time", "reason": text}


def test_an_incomplete_hold_is_read_as_a_run_reads_it(stack: RollbackStack) -> None:
    text = '{"by": "ada", "since": null}'
    stack.aws.ssm.put_parameter(Name=stack.hold_parameter, Value=text, Overwrite=True)
    expected = {"by": "ada", "since": "an unknown time", "reason": "no reason given"}
    assert hold.read(stack.aws, stack.hold_parameter) == parse(text) == expected


def test_a_hold_without_a_reason_reads_the_same_when_it_is_set_and_later(stack: RollbackStack) -> None:
    asked = Hold(by="ada", since="2026-11-22T06:00:00Z", reason="")
    placed = hold.place(stack.aws, stack.hold_parameter, asked)
    assert placed == hold.place(stack.aws, stack.hold_parameter, asked)
    assert describe(placed) == "held by ada since 2026-11-22T06:00:00Z: no reason given"


def test_the_status_shows_a_hold(stack: RollbackStack) -> None:
    stack.aws.ssm.put_parameter(Name=f"/models/{stack.name}/train/latest", Value="never", Type="String")
    hold.place(stack.aws, stack.hold_parameter, Hold(by="ada", since="2026-11-22T06:00:00Z", reason="flats"))
    (told,) = status(stack.ref.project, [stack.ref.key])
    assert told.hold == {"by": "ada", "since": "2026-11-22T06:00:00Z", "reason": "flats"}, told.note
