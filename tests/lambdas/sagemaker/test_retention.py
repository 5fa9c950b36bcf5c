"""The endpoint configs and models that may be deleted, for generated histories of a pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from lambdas.sagemaker.retention import Deletable, InUse, Queries, Resource, deletable

NOTHING = InUse(frozenset(), frozenset())
START = datetime(2026, 11, 1, tzinfo=UTC)


class Run(NamedTuple):
    """A past run: the model that it deployed or tried to deploy, and whether its record says Deployed."""

    model: str
    deployed: bool | None
    config_left: bool


class Past(NamedTuple):
    """Runs, the oldest first; `own` is the index of the run that cleans up, and those after it are newer."""

    runs: Sequence[Run]
    own: int
    keep: int
    in_use: InUse

    @property
    def configs(self) -> list[Resource]:
        return [made(f"config-{number}", number) for number, run in enumerate(self.runs) if run.config_left]

    @property
    def models(self) -> list[Resource]:
        first = {run.model: number for number, run in reversed(list(enumerate(self.runs)))}
        return [made(name, number) for name, number in first.items()]

    @property
    def queries(self) -> Queries:
        return Queries(
            deployed=lambda item: self.runs[int(item.arn)].deployed,
            models_of=lambda name: frozenset({self.runs[int(name.removeprefix("config-"))].model}),
        )

    def deletable(self) -> Deletable:
        return deletable(self.configs, self.models, f"config-{self.own}", self.in_use, self.keep, self.queries)


def made(name: str, number: int) -> Resource:
    return Resource(name, str(number), START + timedelta(hours=number))


def past(*runs: tuple[str, bool | None], keep: int = 2, newer: int = 0) -> Past:
    """Runs whose configs all exist; the last one before the `newer` ones cleans up."""
    return Past([Run(*run, config_left=True) for run in runs], len(runs) - 1 - newer, keep, NOTHING)


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    verdicts = st.sampled_from([True, True, False, None])
    names = st.sampled_from([f"model-{letter}" for letter in "abcdefgh"])
    runs = draw(st.lists(st.builds(Run, names, verdicts, st.booleans()), min_size=1, max_size=14))
    own = draw(st.integers(0, len(runs) - 1))
    runs[own] = runs[own]._replace(config_left=True, deployed=None)
    numbers = draw(st.frozensets(st.integers(0, len(runs) - 1), max_size=2))
    models = draw(st.sampled_from([None, frozenset(runs[number].model for number in numbers)]))
    in_use = InUse(frozenset(f"config-{number}" for number in numbers), models)
    return Past(runs, own, draw(st.integers(1, 5)), in_use)


class TestExamples:
    def test_the_newest_versions_stay_with_their_models(self) -> None:
        found = past(("a", True), ("b", True), ("c", True), ("d", True)).deletable()
        assert found == (["config-0", "config-1"], ["a", "b"])

    def test_what_was_never_deployed_goes_and_does_not_count(self) -> None:
        found = past(("a", True), ("b", True), ("c", False), ("d", False), ("e", True)).deletable()
        assert found == (["config-0", "config-2", "config-3"], ["a", "c", "d"])

    def test_what_served_just_before_stays_although_it_is_an_old_model_that_was_brought_back(self) -> None:
        found = past(("a", True), ("b", True), ("c", True), ("a", True), ("d", True)).deletable()
        assert found == (["config-0", "config-1", "config-2"], ["b", "c"])

    def test_a_redeployment_again_and_again_pushes_no_version_out(self) -> None:
        found = past(("a", True), ("b", True), ("b", True), ("b", True)).deletable()
        assert found == (["config-1", "config-2"], [])

    def test_a_row_of_stopped_runs_pushes_no_version_out(self) -> None:
        found = past(("a", True), ("b", None), ("c", None), ("d", None), ("e", True)).deletable()
        assert found == (["config-1"], ["b"])

    def test_without_records_as_much_stays_as_is_kept_beside_this_run(self) -> None:
        found = past(("a", None), ("b", None), ("c", None), ("d", None)).deletable()
        assert found == (["config-0"], ["a"])

    def test_of_one_model_one_config_stays_records_or_not(self) -> None:
        found = past(("a", None), ("a", None), ("a", None), ("b", True), keep=5).deletable()
        assert found == (["config-0", "config-1"], [])

    def test_a_failed_roll_back_leaves_the_old_model_alone(self) -> None:
        found = past(("a", True), ("a", False), ("b", True)).deletable()
        assert found == (["config-1"], [])

    def test_what_is_newer_than_this_run_stays(self) -> None:
        found = past(("a", True), ("b", True), ("c", True), ("d", False), newer=1).deletable()
        assert found == (["config-0"], ["a"])

    def test_the_model_of_a_version_with_a_deleted_config_stays_while_there_is_room(self) -> None:
        runs = [Run("a", True, False), Run("b", False, False), Run("c", True, True)]
        assert Past(runs, 2, 2, NOTHING).deletable() == ([], ["b"])
        assert Past(runs, 2, 1, NOTHING).deletable() == ([], ["a", "b"])

    def test_a_list_that_does_not_know_this_run_is_not_believed(self) -> None:
        known = past(("a", True), ("b", True), ("c", True))
        assert deletable(known.configs, known.models, "config-9", NOTHING, 2, known.queries) == ([], [])

    def test_without_knowing_which_model_serves_no_model_goes(self) -> None:
        unclear = past(("a", True), ("b", True), ("c", True))._replace(in_use=InUse(frozenset({"by-hand"}), None))
        assert unclear.deletable() == (["config-0"], [])


class TestRules:
    @given(pasts())
    def test_nothing_goes_that_is_in_use_or_not_older_than_this_run(self, past: Past) -> None:
        found = past.deletable()
        older = {item.name for item in [*past.configs, *past.models] if int(item.arn) < past.own}
        assert {*found.configs, *found.models} <= older
        assert not past.in_use.configs & set(found.configs)
        assert past.in_use.models is not None or found.models == []
        assert not (past.in_use.models or frozenset()) & set(found.models)

    @given(pasts())
    def test_no_config_that_stays_loses_its_model(self, past: Past) -> None:
        found = past.deletable()
        staying = [item for item in past.configs if item.name not in found.configs]
        assert not {past.runs[int(item.arn)].model for item in staying} & set(found.models)

    @given(pasts())
    def test_the_newest_versions_stay_and_can_be_deployed_again(self, past: Past) -> None:
        found = past.deletable()
        versions = [past.runs[past.own].model]
        for number in range(past.own - 1, -1, -1):
            run = past.runs[number]
            if run.deployed and run.config_left and run.model not in versions and len(versions) < past.keep:
                versions.append(run.model)
                assert f"config-{number}" not in found.configs
        assert not set(versions) & set(found.models)

    @given(pasts())
    def test_little_stays(self, past: Past) -> None:
        found = past.deletable()
        older = [item for item in past.configs if int(item.arn) < past.own and item.name not in past.in_use.configs]
        staying = [item for item in older if item.name not in found.configs]
        assert len(staying) <= 2 * past.keep - 1
        assert not [item for item in staying if past.runs[int(item.arn)].deployed is False]

    @given(pasts())
    def test_a_second_look_finds_nothing_more(self, past: Past) -> None:
        first = past.deletable()
        configs = [item for item in past.configs if item.name not in first.configs]
        models = [item for item in past.models if item.name not in first.models]
        own = f"config-{past.own}"
        assert deletable(configs, models, own, past.in_use, past.keep, past.queries) == ([], [])

    @given(pasts())
    def test_the_oldest_go_first(self, past: Past) -> None:
        numbers = {item.name: int(item.arn) for item in [*past.configs, *past.models]}
        for going in past.deletable():
            assert going == sorted(going, key=numbers.__getitem__)
