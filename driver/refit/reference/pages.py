"""Updates the parts of docs/ that are generated from the code, between the markers of each page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from refit.artifacts import state_machine
from refit.errors import RefitError
from refit.pipeline import files as pipeline
from refit.pipeline.schema.approval import Approval
from refit.pipeline.schema.gate import Gate
from refit.project import Project
from refit.reference import architecture, embedded_cloud
from refit.reference.commands import Command, reference
from refit.reference.diagram import mermaid
from refit.reference.imports import Source
from refit.reference.pipeline_file import fields
from refit.reference.problems import codes
from refit.reference.terraform_variables import FILE, variables

EXAMPLE = "local/home-prices"
WHOLE = ""
"""The part name for a file that is generated as a whole, without markers."""


def docs(project: Project, app: Command) -> list[str]:
    """Writes all generated parts into their files; returns the files that changed, as paths in the checkout.

    `app` is the command line as a typer command. Raises RefitError if a page has no markers.
    """
    changed = []
    for (page, name), generate in parts(project, app).items():
        path = project.root / page
        current = path.read_text(encoding="utf-8")
        updated = replaced(current, name, generate())
        if updated != current:
            path.write_text(updated, encoding="utf-8")
            changed.append(page)
    return list(dict.fromkeys(changed))


def parts(project: Project, app: Command) -> Mapping[tuple[str, str], Callable[[], str]]:
    """The generator of each part, by page and by the name in the markers."""
    source = Source(project.root)
    return {
        ("docs/architecture.md", "packages"): lambda: f"```mermaid\n{architecture.picture(source)}```\n",
        ("docs/architecture.md", "rooms"): lambda: architecture.rooms(source),
        ("docs/cli.md", "commands"): lambda: reference(app),
        ("docs/embedded-cloud.md", "operations"): lambda: embedded_cloud.operations(source),
        ("docs/embedded-cloud.md", "integrations"): lambda: embedded_cloud.integrations(source),
        ("docs/embedded-cloud.md", "members"): lambda: embedded_cloud.members(source),
        ("docs/pipeline-file.md", "fields"): fields,
        ("docs/problems.md", "codes"): codes,
        ("docs/state-machine.md", "direct"): lambda: _picture(project, "direct"),
        ("docs/state-machine.md", "polling"): lambda: _picture(project, "polling"),
        (FILE, WHOLE): variables,
    }


def replaced(page: str, name: str, text: str) -> str:
    """`page` with `text` between `<!-- name -->` and `<!-- /name -->`. Raises RefitError if the markers are missing.

    If `name` is WHOLE, `text` replaces the whole page.
    """
    if name == WHOLE:
        return text
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    found = re.search(f"{re.escape(begin)}(.*?){re.escape(end)}", page, re.DOTALL)
    if not found:
        raise RefitError(f"a page has no markers {begin.strip()} and {end}", "add them again")
    return f"{page[: found.start(1)]}{text}{page[found.end(1) :]}"


def _picture(project: Project, orchestration: str) -> str:
    """The graph of the example pipeline, with all optional steps between training and deployment."""
    declared = pipeline.load(project.find(EXAMPLE)).model_copy(
        update={"orchestration": orchestration, "gate": Gate(metric="validation:mse", max=60), "approval": Approval()}
    )
    return f"```mermaid\n{mermaid(state_machine.render(declared))}```\n"
