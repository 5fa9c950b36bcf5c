"""What `refit trigger` is about to start: a plan of one commit, for what changed in it or for who is named."""

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
    asked_at: datetime | None = None,
) -> Plan:
    """The plan to trigger, of the commit `head`, not of the working tree.

    For the changes since `base`, for the pipelines called `names`, or, with both, for those of `names` that changed.
    `window` (both days included) replaces the pipelines' own. A change trains in any case; a pipeline that is only
    named trains when there is new data, or with `force`. What a person asks for by name is of the day of `asked_at`, if
    the commit is older; a merge is dated by its commit, so that its runs have the names that were announced. AWS is not
    asked. Raises RefitError for a revision that this clone does not have, PipelineNotFound for a name that no pipeline
    of the commit has.
    """
    git = Git(project.root)
    commit = git.commit(head)
    at = commit.committed_at
    if base is None and asked_at is not None and asked_at.date() > at.date():
        at = asked_at
    override = Window.inclusive(*map(date.isoformat, window)) if window else None
    if base is not None:
        found = compare(project, base, commit.sha, today=at.date())
        changed = {change.key: change for change in found.changes}
        keys = _keys(project, names, {*found.pipelines, *changed}) if names else list(changed)
        planner = Planner(project, commit, at, live=False, window=override)
        chosen = [changed.get(key) or _unchanged(key, found.base) for key in keys]
        pipelines = (planner.planned(one, found.after.get(one.key), found.before.get(one.key)) for one in chosen)
        return Plan(found.base, commit, at, tuple(pipelines), found.reformatted, found.machinery, found.upgrade)
    files = committed(project, commit)
    side = parsed(project, {key: files[key] for key in _keys(project, names, files.keys())}, at.date())
    planner = Planner(project, commit, at, live=False, force=force, window=override)
    return Plan(None, commit, at, tuple(planner.planned(_named(key, said), said) for key, said in side.items()))


def _named(key: str, said: object) -> Change:
    problems = said if isinstance(said, tuple) else ()
    return Change(key, Kind.NAMED, Action.NONE if problems else Action.RETRAIN, problems=problems)


def _unchanged(key: str, base: Commit | None) -> Change:
    since = base.short if base else "the beginning"
    return Change(key, Kind.NAMED, Action.NONE, remarks=(f"It has not changed since {since}.",))


def _keys(project: Project, names: Sequence[str], known: Set[str]) -> list[str]:
    """The keys that people's names for pipelines mean, in order, each once. Raises PipelineNotFound."""
    keys: dict[str, None] = {}
    for name in names:
        matching = sorted(key for key in known if _means(project, name, key))
        if len(matching) == 1:
            keys[matching[0]] = None
        elif matching:
            raise PipelineNotFound(f"{name} is in more than one environment", f"write {' or '.join(matching)}")
        else:
            choices = ", ".join(sorted(known)) or "none"
            message = f"there is no pipeline {name} in this commit"
            raise PipelineNotFound(message, f"the pipelines are: {choices}; commit a new file first")
    return list(keys)


def _means(project: Project, name: str, key: str) -> bool:
    """Whether a person who writes `name` (a key, a bare name, or a file's path) means the pipeline `key`."""
    if name.endswith(".tfvars"):
        return Path(name).resolve() == ref_of(project, key).path
    return name in (key, key.partition("/")[2])
