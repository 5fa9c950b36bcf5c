"""Checks the project: its folder, refit.toml, and the pipeline file."""

from __future__ import annotations

from datetime import UTC, datetime

from refit.doctor.results import Check, failed, not_checked, not_ok, ok
from refit.errors import InvalidPipeline, RefitError
from refit.pipeline import files
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef, Project, to_version
from refit.refit_toml import FILE, InvalidSettings
from refit.version import VERSION


def find() -> tuple[Check, Project | None]:
    """The project of the working directory, regardless of the version of Refit that it pins."""
    try:
        project = Project.here(any_version=True)
    except InvalidSettings as error:
        return not_ok(FILE, str(error), f"fix {FILE}"), None
    except RefitError as error:
        return failed("project", error, "refit init"), None
    return ok("project", str(project.root)), project


def pinned_version(project: Project) -> Check:
    """Whether refit.toml pins the version of Refit that is installed."""
    pinned = project.settings.version
    if pinned is None:
        return not_checked(FILE, f"no version is pinned; this is Refit {VERSION}")
    if pinned != VERSION:
        return not_ok(FILE, f"pins version {pinned}; this is Refit {VERSION}", to_version(pinned, project.root))
    return ok(FILE, f"pins version {pinned}, which is installed")


def pipeline_file(ref: PipelineRef) -> tuple[Check, Pipeline | None]:
    """The pipeline, if its file is valid."""
    try:
        pipeline = files.load(ref, datetime.now(UTC))
    except InvalidPipeline as error:
        return not_ok("pipeline file", str(error), f"fix the file, then: refit validate {ref.key}"), None
    except RefitError as error:
        return failed("pipeline file", error, f"refit validate {ref.key}"), None
    return ok("pipeline file", ref.display_path), pipeline
