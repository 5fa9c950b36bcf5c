"""Plans what `refit trigger` starts: the runs of the pipelines that changed in a commit, or of named pipelines."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from refit.domain.run_request import event
from refit.domain.window import Window
from refit.errors import PipelineNotFound, RefitError
from refit.git import Commit, Git
from refit.pipeline.files import Source
from refit.plan.actions import Action
from refit.plan.changes import compare
from refit.plan.field_changes import Change, Kind
from refit.plan.pipeline_files import committed, on_disk, parsed, ref_of
from refit.plan.plan import Plan
from refit.plan.planner import Planner
from refit.project import PipelineRef, Project, meant
from refit.runs import execution_names
from refit.runs.launcher import Run


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
    that changed. Local pipelines given by name whose files are not committed are planned from the working tree.
    `window` (both days included) replaces their windows. A changed pipeline always trains; one that is
    only named trains if there is new data, or with `force`. Windows of named pipelines end on the day of
    `requested_at`, if the commit is older; those of a merge end on the day of its commit, so that its runs have the
    names that were announced. Does not call AWS. Raises RefitError for a revision that is not in this clone,
    PipelineNotFound for a name that no pipeline of the commit has.
    """
    if base is None and (local := _uncommitted(project, names, head)):
        return _of_files(project, local, requested_at or datetime.now(UTC), window, force=force)
    git = Git(project.root)
    commit = git.commit(head)
    at = commit.committed_at
    if base is None and requested_at is not None and requested_at.date() > at.date():
        at = requested_at
    override = Window.inclusive(*map(date.isoformat, window)) if window else None
    if base is not None:
        comparison = compare(project, base, commit.sha, now=at)
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
    side = parsed(project, {key: files[key] for key in _keys(project, names, files.keys())}, at)
    planner = Planner(project, commit, at, live=False, force=force, window=override)
    return Plan(None, commit, at, tuple(planner.planned(_named(key, after), after) for key, after in side.items()))


def _uncommitted(project: Project, names: Sequence[str], head: str) -> list[PipelineRef]:
    """The named pipelines if all are local and the file of one is not the one of the commit, or there is no commit."""
    try:
        refs = list({ref.key: ref for ref in map(project.find, names)}.values())
    except PipelineNotFound:
        return []
    if not all(ref.is_local for ref in refs):
        return []
    try:
        files = committed(project, Git(project.root).commit(head)).contents
    except RefitError:
        return refs
    return refs if any(on_disk(ref) != files.get(ref.key) for ref in refs) else []


def _of_files(
    project: Project, refs: Sequence[PipelineRef], at: datetime, days: tuple[date, date] | None, *, force: bool
) -> Plan:
    """Plans runs of local pipelines as their files are on disk: they are tried out before they are committed."""
    override = Window.inclusive(*map(date.isoformat, days)) if days else None
    contents = {ref.key: on_disk(ref) for ref in refs}
    planner = Planner(project, None, at, live=False, force=force, window=override)
    planned = []
    for key, after in parsed(project, contents, at).items():
        one = planner.planned(_named(key, after), after)
        content = contents[key]
        if one.window and isinstance(content, Source):
            name = execution_names.for_file(content.whole, one.window, force=force)
            request = event(at, window=(one.window.start, one.window.last), force=force)
            one = replace(one, run=Run(name, request))
        planned.append(one)
    return Plan(None, None, at, tuple(planned))


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
            close = meant(name, [ref_of(project, key) for key in sorted(known)])
            raise PipelineNotFound(message, f"{close}the pipelines are: {choices}; commit a new file first")
    return list(keys)


def _is_name_of(project: Project, name: str, key: str) -> bool:
    """Whether `name` (a key, a bare name, or the path of a file) stands for the pipeline `key`."""
    if name.endswith(".tfvars"):
        return Path(name).parent.resolve() / Path(name).name == ref_of(project, key).path
    return name in (key, key.partition("/")[2])
