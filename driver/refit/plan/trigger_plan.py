"""Plans what `refit trigger` starts: the runs of the pipelines that changed in a commit, or of named pipelines."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date, datetime
from pathlib import Path

from refit.domain.window import Window
from refit.errors import PipelineNotFound
from refit.git import Commit, Git
from refit.plan.actions import Action
from refit.plan.changes import compare
from refit.plan.field_changes import Change, Kind
from refit.plan.pipeline_files import committed, parsed, ref_of
from refit.plan.plan import Plan
from refit.plan.planner import Planner
from refit.project import Project


def announced(
    project: Project,
    base: str | None,
    names: Sequence[str] = (),
    *,
    head: str = "HEAD",
    window: tuple[date, date] | None = None,
    force: bool = False,
    requested_at: datetime | None = None,
) -> Plan:
    """Plans the runs to start, from the commit `head`, not from the working tree.

    The pipelines are those that changed since `base`, those with the given `names`, or, with both, those of `names`
    that changed. `window` (both days included) replaces their windows. A changed pipeline always trains; one that is
    only named trains if there is new data, or with `force`. Windows of named pipelines end on the day of
    `requested_at`, if the commit is older; those of a merge end on the day of its commit, so that its runs have the
    names that were announced. Does not call AWS. Raises RefitError for a revision that is not in this clone,
    PipelineNotFound for a name that no pipeline of the commit has.
    """
    git = Git(project.root)
    commit = git.commit(head)
    at = commit.committed_at
    if base is None and requested_at is not None and requested_at.date() > at.date():
        at = requested_at
    override = Window.inclusive(*map(date.isoformat, window)) if window else None
    if base is not None:
        comparison = compare(project, base, commit.sha, today=at.date())
        changed = {change.key: change for change in comparison.changes}
        keys = _keys(project, names, {*comparison.pipelines, *changed}) if names else list(changed)
        planner = Planner(project, commit, at, live=False, window=override)
        chosen = [changed.get(key) or _unchanged(key, comparison.base) for key in keys]
        pipelines = (
            planner.planned(one, comparison.after.get(one.key), comparison.before.get(one.key)) for one in chosen
        )
        return Plan(
            comparison.base,
            commit,
            at,
            tuple(pipelines),
            comparison.reformatted,
            comparison.machinery,
            comparison.upgrade,
        )
    files = committed(project, commit).contents
    side = parsed(project, {key: files[key] for key in _keys(project, names, files.keys())}, at.date())
    planner = Planner(project, commit, at, live=False, force=force, window=override)
    return Plan(None, commit, at, tuple(planner.planned(_named(key, after), after) for key, after in side.items()))


def _named(key: str, after: object) -> Change:
    problems = after if isinstance(after, tuple) else ()
    return Change(key, Kind.NAMED, Action.NONE if problems else Action.RETRAIN, problems=problems)


def _unchanged(key: str, base: Commit | None) -> Change:
    since = base.short if base else "the beginning"
    return Change(key, Kind.NAMED, Action.NONE, remarks=(f"It has not changed since {since}.",))


def _keys(project: Project, names: Sequence[str], known: Set[str]) -> list[str]:
    """The keys of the pipelines with these names, in order and without duplicates. Raises PipelineNotFound."""
    keys: dict[str, None] = {}
    for name in names:
        matching = sorted(key for key in known if _is_name_of(project, name, key))
        if len(matching) == 1:
            keys[matching[0]] = None
        elif matching:
            raise PipelineNotFound(f"{name} is in more than one environment", f"write {' or '.join(matching)}")
        else:
            choices = ", ".join(sorted(known)) or "none"
            message = f"this commit has no pipeline {name}"
            raise PipelineNotFound(message, f"the pipelines are: {choices}; commit a new file first")
    return list(keys)


def _is_name_of(project: Project, name: str, key: str) -> bool:
    """Whether `name` (a key, a bare name, or the path of a file) stands for the pipeline `key`."""
    if name.endswith(".tfvars"):
        return Path(name).parent.resolve() / Path(name).name == ref_of(project, key).path
    return name in (key, key.partition("/")[2])
