"""Schedules fire at the same times and with the same input as on AWS, and invalid requests are rejected."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from refit.embedded_cloud.ministack_patches import scheduler as schedules
from tests.support.waiting import until

ACCOUNT, REGION = "000000000000", "us-west-2"


class TestASchedule:
    @pytest.fixture
    def schedule(self, client, role) -> Iterator[Callable[..., None]]:
        scheduler, made = client("scheduler"), []

        def make(expression: str, target: str, document: str, role_arn: str | None = None, **fields: Any) -> None:
            made.append(f"schedule-{uuid.uuid4().hex[:8]}")
            able = role_arn or role("scheduler", ("states:StartExecution", target))
            scheduler.create_schedule(
                Name=made[-1],
                ScheduleExpression=expression,
                FlexibleTimeWindow={"Mode": "OFF"},
                Target={"Arn": target, "RoleArn": able, "Input": document},
                **fields,
            )

        yield make
        left = {each["Name"] for each in scheduler.list_schedules()["Schedules"]}
        for name in left & set(made):
            scheduler.delete_schedule(Name=name)

    @pytest.fixture
    def done(self, machine) -> str:
        return machine({"Done": {"Type": "Succeed"}})

    @pytest.fixture
    def inputs(self, sfn) -> Callable[[str], list[dict[str, Any]]]:
        """Reads the inputs of the executions of a state machine, once it has one."""

        def read(target: str) -> list[dict[str, Any]]:
            found = until(lambda: sfn.list_executions(stateMachineArn=target)["executions"])
            return [json.loads(sfn.describe_execution(executionArn=each["executionArn"])["input"]) for each in found]

        return read

    @pytest.fixture
    def count_after_a_tick(self, sfn, schedule, machine, inputs) -> Callable[[str], int]:
        """Counts the executions of a state machine after the scheduler has checked every existing schedule."""

        def count(target: str) -> int:
            last = machine({"Done": {"Type": "Succeed"}})
            schedule("rate(1 day)", last, "{}")
            inputs(last)
            return len(sfn.list_executions(stateMachineArn=target)["executions"])

        return count

    def test_is_made_once_however_often_the_same_request_comes(self, client, role, done):
        scheduler, name = client("scheduler"), f"schedule-{uuid.uuid4().hex[:8]}"
        request = {
            "Name": name,
            "ScheduleExpression": "rate(1 day)",
            "State": "DISABLED",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": done, "RoleArn": role("scheduler", ("states:StartExecution", done))},
        }
        try:
            first = scheduler.create_schedule(ClientToken="one", **request)["ScheduleArn"]
            assert scheduler.create_schedule(ClientToken="one", **request)["ScheduleArn"] == first
            with pytest.raises(scheduler.exceptions.ConflictException):
                scheduler.create_schedule(ClientToken="another", **request)
        finally:
            scheduler.delete_schedule(Name=name)

    def test_of_a_rate_starts_its_state_machine_as_soon_as_it_exists(self, schedule, done, inputs):
        before = datetime.now(UTC)
        schedule("rate(1 day)", done, '{"time": "<aws.scheduler.scheduled-time>"}')
        after = datetime.now(UTC)
        (received,) = inputs(done)
        assert before - timedelta(seconds=1) <= time_of(received) <= after

    def test_passes_its_context_attributes_to_its_target(self, schedule, done, inputs):
        names = ("schedule-arn", "execution-id", "attempt-number")
        schedule("rate(1 hour)", done, json.dumps({name: f"<aws.scheduler.{name}>" for name in names}))
        (received,) = inputs(done)
        assert received["schedule-arn"].startswith(f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/schedule-")
        assert received["attempt-number"] == "1"
        assert len(received["execution-id"]) == 16

    def test_waits_for_its_start_date(self, schedule, done, count_after_a_tick):
        schedule("rate(1 minute)", done, "{}", StartDate=datetime.now(UTC) + timedelta(hours=1))
        assert count_after_a_tick(done) == 0

    def test_of_one_moment_reads_it_in_its_time_zone_and_fires_once(
        self, schedule, done, role, inputs, count_after_a_tick
    ):
        zone, able = "Asia/Kolkata", role("scheduler", ("states:StartExecution", done))
        moment = datetime.now(ZoneInfo(zone)).replace(microsecond=0, tzinfo=None) + timedelta(seconds=6)
        document = '{"time": "<aws.scheduler.scheduled-time>"}'
        schedule(f"at({moment.isoformat()})", done, document, able, ScheduleExpressionTimezone=zone)
        (received,) = inputs(done)
        assert time_of(received) == moment.replace(tzinfo=ZoneInfo(zone))
        assert count_after_a_tick(done) == 1

    def test_that_is_deleted_when_it_has_fired_fires_soon_and_is_gone(
        self, client, schedule, done, inputs, count_after_a_tick
    ):
        before = len(client("scheduler").list_schedules()["Schedules"])
        schedule(at(minutes=2), done, '{"time": "<aws.scheduler.scheduled-time>"}', ActionAfterCompletion="DELETE")
        after = datetime.now(UTC)
        (received,) = inputs(done)
        assert time_of(received) < after + timedelta(minutes=1)
        assert len(client("scheduler").list_schedules()["Schedules"]) == before
        assert count_after_a_tick(done) == 1

    def test_that_is_moved_fires_at_the_later_moment_alone(self, client, schedule, done, inputs, count_after_a_tick):
        # 15 minutes are 9 seconds here: enough to move it twice on any machine.
        schedule(at(minutes=15), done, '{"wave": 1}', ActionAfterCompletion="DELETE")
        name = client("scheduler").list_schedules()["Schedules"][-1]["Name"]
        found = client("scheduler").get_schedule(Name=name)
        for wave in (2, 3):
            moved = datetime.now(UTC)
            client("scheduler").update_schedule(
                Name=name,
                ScheduleExpression=at(minutes=15 + wave),
                FlexibleTimeWindow=found["FlexibleTimeWindow"],
                Target={**found["Target"], "Input": f'{{"wave": {wave}, "time": "<aws.scheduler.scheduled-time>"}}'},
                ActionAfterCompletion="DELETE",
            )
        assert client("scheduler").get_schedule(Name=name)["CreationDate"] == found["CreationDate"]
        (received,) = inputs(done)
        assert received["wave"] == 3
        assert time_of(received) >= moved.replace(microsecond=0) + timedelta(seconds=10)
        assert count_after_a_tick(done) == 1

    def test_does_not_start_what_its_role_may_not(self, schedule, done, role, count_after_a_tick):
        schedule("rate(1 minute)", done, "{}", role("scheduler", ("states:StartExecution", f"{done}-other")))
        assert count_after_a_tick(done) == 0

    def test_that_is_disabled_does_not_fire(self, schedule, done, count_after_a_tick):
        schedule("rate(1 minute)", done, "{}", State="DISABLED")
        assert count_after_a_tick(done) == 0


class TestARequestForASchedule:
    @pytest.fixture
    def request_of(self, role) -> dict[str, Any]:
        return {
            "Name": f"schedule-{uuid.uuid4().hex[:8]}",
            "ScheduleExpression": at(minutes=60),
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:any", "RoleArn": role("scheduler")},
        }

    @pytest.mark.parametrize("expression", ["at(2026-01-01T00:00:00)", "at(2026-13-01T00:00:00)", "at(tomorrow)"])
    def test_of_one_moment_is_refused_unless_that_is_to_come(self, expression, client, refused, request_of):
        changed = {**request_of, "ScheduleExpression": expression}
        assert refused(client("scheduler").create_schedule, **changed)[0] == "ValidationException"
        client("scheduler").create_schedule(**request_of)
        assert refused(client("scheduler").update_schedule, **changed)[0] == "ValidationException"
        client("scheduler").delete_schedule(Name=request_of["Name"])

    def test_needs_the_right_to_pass_its_role_to_the_scheduler(self, client, user, refused, request_of):
        own = {"Effect": "Allow", "Action": "scheduler:*", "Resource": "*"}
        code, message = refused(user(own)("scheduler").create_schedule, **request_of)
        assert (code, "iam:PassRole" in message) == ("AccessDeniedException", True)
        for service, wanted in (("states", "AccessDeniedException"), ("scheduler", None)):
            only = {"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}}
            passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": request_of["Target"]["RoleArn"]}
            scheduler = user(own, {**passing, "Condition": only})("scheduler")
            if wanted:
                assert refused(scheduler.create_schedule, **request_of)[0] == wanted
            else:
                scheduler.create_schedule(**request_of)
                scheduler.update_schedule(**request_of)
        client("scheduler").delete_schedule(Name=request_of["Name"])


def time_of(received: dict[str, Any]) -> datetime:
    """The scheduled time in an execution's input, with a time zone."""
    return datetime.strptime(received["time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def at(minutes: int) -> str:
    """The at() expression of a moment `minutes` from now, in UTC."""
    return f"at({datetime.now(UTC) + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%S})"


class TestTheMomentAtWhichAScheduleIsDue:
    def due(
        self, expression: str, since: str, now: str, zone: str = "UTC", created: str = "2026-01-01T00:00:30Z"
    ) -> str | None:
        schedule = {
            "ScheduleExpression": expression,
            "ScheduleExpressionTimezone": zone,
            "CreationDate": datetime.fromisoformat(created).timestamp(),
        }
        moments = [datetime.fromisoformat(each).timestamp() for each in (since, now)]
        moment = schedules._latest(schedule, *moments)
        return moment if moment is None else datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def test_of_a_cron_expression_is_in_its_time_zone_in_summer_and_winter(self):
        at_six = {"expression": "cron(0 6 * * ? *)", "zone": "Europe/Berlin"}
        assert self.due(**at_six, since="2026-11-22T04:00:00Z", now="2026-11-22T05:00:01Z") == "2026-11-22T05:00:00Z"
        assert self.due(**at_six, since="2026-07-22T03:00:00Z", now="2026-07-22T05:00:01Z") == "2026-07-22T04:00:00Z"
        assert self.due(**at_six, since="2026-11-22T04:00:00Z", now="2026-11-22T04:59:59Z") is None

    def test_that_the_clocks_skip_does_not_come_and_one_that_they_repeat_comes_once(self):
        at_half_past_two = {"expression": "cron(30 2 * * ? *)", "zone": "Europe/Berlin"}
        spring = {"since": "2026-03-28T12:00:00Z", "now": "2026-03-29T12:00:00Z"}
        assert self.due(**at_half_past_two, **spring) is None
        autumn = {"since": "2026-10-24T12:00:00Z", "now": "2026-10-25T12:00:00Z"}
        assert self.due(**at_half_past_two, **autumn) == "2026-10-25T00:30:00Z"

    def test_of_a_rate_counts_from_its_creation_and_what_came_before_is_past(self):
        daily = {"expression": "rate(1 day)", "created": "2026-11-20T12:00:30Z"}
        assert self.due(**daily, since="2026-11-20T12:00:30Z", now="2026-11-20T12:00:31Z") == "2026-11-20T12:00:30Z"
        assert self.due(**daily, since="2026-11-22T13:00:00Z", now="2026-11-23T12:00:00Z") is None
        assert self.due(**daily, since="2026-11-22T13:00:00Z", now="2026-11-23T12:01:00Z") == "2026-11-23T12:00:30Z"
