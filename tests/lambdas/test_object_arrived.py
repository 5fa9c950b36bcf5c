"""ObjectArrived, with a real EventBridge Scheduler: one schedule for the many objects of a day."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from lambdas.arrival import start_schedule
from lambdas.aws import clients
from lambdas.object_arrived import RetryLater, handler
from refit.domain.errors import Throttled
from tests.support.lambdas.schedules import Schedule, refuse
from tests.support.lambdas.stage import Context

MINUTE = timedelta(minutes=1)
ROLE = "arn:aws:iam::000000000000:role/refit-homes-schedule"
MACHINE = "arn:aws:states:us-west-2:000000000000:stateMachine:refit-homes"
DAY = "data/train/2026-11-22"


@pytest.fixture
def schedule(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Schedule]:
    group = f"refit-{uuid.uuid4().hex[:8]}"
    clients.scheduler().create_schedule_group(Name=group)
    for name, value in {
        "PIPELINE": "homes",
        "STATE_MACHINE_ARN": MACHINE,
        "SCHEDULE": f"{group}-arrival",
        "SCHEDULE_GROUP": group,
        "SCHEDULE_ROLE_ARN": ROLE,
        "PREFIX": "data/train/",
        "QUIET_MINUTES": "15",
        "MAX_WAIT_MINUTES": "120",
    }.items():
        monkeypatch.setenv(name, value)
    yield Schedule(group)
    clients.scheduler().delete_schedule_group(Name=group)


def minute(moment: datetime) -> datetime:
    """The end of its minute."""
    return (moment + MINUTE - timedelta(microseconds=1)).replace(second=0, microsecond=0)


def arrive(key: str = f"{DAY}/part-1.csv", size: int = 120, at: datetime | None = None) -> dict[str, str]:
    """The handler's result for an event of S3; its time is now by default."""
    moment = at or datetime.now(UTC)
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "000000000000",
        "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "us-west-2",
        "resources": ["arn:aws:s3:::homes"],
        "detail": {
            "version": "0",
            "bucket": {"name": "homes"},
            "object": {"key": key, "size": size, "etag": "b1946ac92492d2347c6235b4d2611184", "sequencer": "00617F08"},
            "reason": "PutObject",
        },
    }
    return handler(event, Context())


class TestTheFirstObjectOfADay:
    def test_plans_a_start_after_the_time_of_quiet(self, schedule: Schedule) -> None:
        now = datetime.now(UTC)
        said = arrive(at=now)
        assert said["outcome"] == "Planned"
        assert schedule.start == minute(now.replace(microsecond=0)) + 15 * MINUTE
        assert said["start"] == schedule.start.strftime("%Y-%m-%dT%H:%M:%SZ")

    def test_makes_a_schedule_that_fires_once_and_is_then_gone(self, schedule: Schedule) -> None:
        arrive()
        made = schedule.get()
        assert made["ScheduleExpressionTimezone"] == "UTC"
        assert made["FlexibleTimeWindow"] == {"Mode": "OFF"}
        assert made["ActionAfterCompletion"] == "DELETE"
        assert made["Description"] == "Starts a run of homes on the data that has arrived."

    def test_has_the_state_machine_started_with_an_event_of_the_schedules_time(self, schedule: Schedule) -> None:
        arrive()
        target = schedule.get()["Target"]
        assert (target["Arn"], target["RoleArn"]) == (MACHINE, ROLE)
        assert json.loads(target["Input"]) == {
            "source": "refit.arrival",
            "time": "<aws.scheduler.scheduled-time>",
            "detail": {},
        }

    def test_says_what_became_of_it_in_one_line(self, schedule: Schedule, capsys: pytest.CaptureFixture[str]) -> None:
        arrive()
        line = json.loads(capsys.readouterr().out)
        assert (line["state"], line["outcome"]) == ("ObjectArrived", "Planned")


class TestWhatIsNoData:
    @pytest.mark.parametrize(
        ("key", "size"),
        [
            (f"{DAY}.csv", 0),
            (f"{DAY}/", 120),
            (f"{DAY}/_SUCCESS", 120),
            (f"{DAY}/_temporary/0/_temporary/attempt_1/part-1.csv", 120),
            (f"{DAY}/manifest", 120),
            ("data/train/notes.txt", 120),
            ("data/train/2026-02-30.csv", 120),
            ("other/2026-11-22.csv", 120),
        ],
    )
    def test_asks_for_nothing(self, key: str, size: int, schedule: Schedule) -> None:
        assert arrive(key, size) == {"outcome": "NoData"}
        assert schedule.sent == []


class TestALayout:
    @pytest.fixture(autouse=True)
    def layout(self, schedule: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LAYOUT", "dt=%Y-%m-%d/")

    def test_decides_what_is_data(self, schedule: Schedule) -> None:
        assert arrive(f"{DAY}.csv") == {"outcome": "NoData"}
        assert arrive("data/train/dt=2026-11-22/part-0.csv")["outcome"] == "Planned"

    def test_with_a_marker_waits_for_it(self, schedule: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("READY", "_SUCCESS")
        assert arrive("data/train/dt=2026-11-22/part-0.csv") == {"outcome": "NoData"}
        assert arrive("data/train/dt=2026-11-22/eu/_SUCCESS", 0) == {"outcome": "NoData"}
        assert arrive("data/train/dt=2026-11-22/_SUCCESS", 0)["outcome"] == "Planned"


class TestMoreObjects:
    def test_of_the_same_minutes_only_look(self, schedule: Schedule) -> None:
        ahead = minute(datetime.now(UTC)) + 16 * MINUTE
        schedule.put(ahead)
        assert [arrive(f"{DAY}/part-{part}.csv")["outcome"] for part in range(20)] == ["Unmoved"] * 20
        assert schedule.sent == ["GetSchedule"] * 20

    def test_put_the_start_off(self, schedule: Schedule) -> None:
        soon = minute(datetime.now(UTC)) + MINUTE
        schedule.put(soon)
        assert arrive()["outcome"] == "Moved"
        assert schedule.sent == ["GetSchedule", "UpdateSchedule"]
        assert soon + 13 * MINUTE <= schedule.start <= soon + 15 * MINUTE
        assert schedule.get()["ActionAfterCompletion"] == "DELETE"
        assert schedule.get()["Target"]["Arn"] == MACHINE

    def test_do_not_put_it_off_beyond_the_longest_wait(
        self, schedule: Schedule, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MAX_WAIT_MINUTES", "15")
        arrive()
        for later in (5, 10, 15):
            arrive(at=datetime.now(UTC) + later * MINUTE)
        assert schedule.start == minute(schedule.get()["CreationDate"]) + 15 * MINUTE

    def test_whose_events_are_late_do_not_move_it_back(self, schedule: Schedule) -> None:
        ahead = minute(datetime.now(UTC)) + 15 * MINUTE
        schedule.put(ahead)
        assert arrive(at=datetime.now(UTC) - 60 * MINUTE)["outcome"] == "Unmoved"
        assert schedule.start == ahead

    def test_whose_events_come_together_create_one_schedule(self, schedule: Schedule) -> None:
        now = datetime.now(UTC)
        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(lambda part: arrive(f"{DAY}/part-{part}.csv", at=now), range(40)))
        assert Counter(each["outcome"] for each in said) == {"Planned": 1, "Unmoved": 39}
        assert len({each["start"] for each in said}) == 1


class TestAnObjectThatComesWhenTheScheduleChanges:
    def test_joins_what_another_has_just_planned(self, schedule: Schedule) -> None:
        ahead = minute(datetime.now(UTC)) + 20 * MINUTE
        schedule.meanwhile("CreateSchedule", lambda: start_schedule.create(ahead))
        assert arrive()["outcome"] == "Unmoved"
        assert schedule.start == ahead

    def test_creates_a_new_schedule_when_the_old_one_has_just_fired(self, schedule: Schedule) -> None:
        schedule.put(minute(datetime.now(UTC)) + MINUTE)
        schedule.meanwhile("UpdateSchedule", lambda: clients.scheduler().delete_schedule(**schedule.key))
        assert arrive()["outcome"] == "Planned"

    def test_leaves_a_start_alone_whose_minute_has_come_and_asks_again(self, schedule: Schedule) -> None:
        due = minute(datetime.now(UTC)) - MINUTE
        schedule.put(due)
        with pytest.raises(RetryLater, match="a run has been starting since"):
            arrive()
        assert schedule.start == due
        assert arrive(at=due - MINUTE)["outcome"] == "Seen"

    def test_takes_over_a_schedule_that_was_not_deleted(self, schedule: Schedule) -> None:
        schedule.put(minute(datetime.now(UTC)) - 10 * MINUTE)
        assert arrive()["outcome"] == "Moved"
        assert schedule.start > datetime.now(UTC)


class TestAnEventThatComesLate:
    def test_plans_a_start_in_the_next_minutes(self, schedule: Schedule) -> None:
        before = datetime.now(UTC)
        assert arrive(at=before - timedelta(hours=3))["outcome"] == "Planned"
        assert before + MINUTE <= schedule.start <= datetime.now(UTC) + 2 * MINUTE


class TestARunThatFindsAnotherRunWorking:
    EVENT = staticmethod(lambda moment: {"source": "refit.arrival", "time": moment.strftime("%Y-%m-%dT%H:%M:%S.123Z")})

    def test_plans_another_start(self, schedule: Schedule) -> None:
        now = datetime.now(UTC)
        assert handler(self.EVENT(now), Context())["outcome"] == "Planned"
        assert schedule.start >= minute(now.replace(microsecond=0)) + 15 * MINUTE

    def test_leaves_the_start_alone_that_new_data_has_planned(self, schedule: Schedule) -> None:
        ahead = minute(datetime.now(UTC)) + 16 * MINUTE
        schedule.put(ahead)
        assert handler(self.EVENT(datetime.now(UTC)), Context())["outcome"] == "Unmoved"
        assert schedule.start == ahead

    def test_asks_again_while_its_own_schedule_still_exists(self, schedule: Schedule) -> None:
        schedule.put(minute(datetime.now(UTC)) - MINUTE)
        with pytest.raises(RetryLater):
            handler(self.EVENT(datetime.now(UTC)), Context())


class TestTrouble:
    def test_of_load_is_left_to_lambda_which_asks_again(self, schedule: Schedule) -> None:
        refuse(429, "ThrottlingException")
        with pytest.raises(Throttled):
            arrive()

    def test_that_stays_is_not_taken_for_a_schedule_that_is_missing(self, schedule: Schedule) -> None:
        refuse(403, "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDeniedException"):
            arrive()
        assert set(schedule.sent) == {"GetSchedule"}

    def test_of_a_missing_group_is_an_error(self, schedule: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SCHEDULE_GROUP", "no-such-group")
        with pytest.raises(ClientError, match="no-such-group"):
            arrive()
