"""The pages that are made from the code: the part between a page's markers is what the code says now."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from refit.artifacts import state_machine
from refit.errors import RefitError
from refit.pipeline import files as pipeline
from refit.pipeline.schema.approval import Approval
from refit.pipeline.schema.gate import Gate
from refit.project import Project
from refit.reference.commands import Command, reference
from refit.reference.diagram import mermaid
from refit.reference.pipeline_file import fields
from refit.reference.problems import codes

EXAMPLE = "local/home-prices"


def docs(project: Project, app: Command) -> list[str]:
    """Writes what is made from the code into the pages; returns those that have changed, as paths in the checkout.

    `app` is the command that typer makes of the command line. Raises RefitError when a page has lost its markers.
    """
    changed = []
    for (page, name), make in parts(project, app).items():
        path = project.root / page
        written = path.read_text(encoding="utf-8")
        made = replaced(written, name, make())
        if made != written:
            path.write_text(made, encoding="utf-8")
            changed.append(page)
    return list(dict.fromkeys(changed))


def parts(project: Project, app: Command) -> Mapping[tuple[str, str], Callable[[], str]]:
    """What makes each part: by its page, and the name of its markers."""
    return {
        ("docs/cli.md", "commands"): lambda: reference(app),
        ("docs/pipeline-file.md", "fields"): fields,
        ("docs/problems.md", "codes"): codes,
        ("docs/state-machine.md", "direct"): lambda: _picture(project, "direct"),
        ("docs/state-machine.md", "polling"): lambda: _picture(project, "polling"),
    }


def replaced(page: str, name: str, text: str) -> str:
    """`page` with `text` between `<!-- name -->` and `<!-- /name -->`. Raises RefitError without such markers."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    found = re.search(f"{re.escape(begin)}(.*?){re.escape(end)}", page, re.DOTALL)
    if not found:
        raise RefitError(f"a page has lost its markers {begin.strip()} and {end}", "write them again")
    return f"{page[: found.start(1)]}{text}{page[found.end(1) :]}"


def _picture(project: Project, orchestration: str) -> str:
    """The whole graph of the example with everything that a pipeline may declare between training and deployment."""
    declared = pipeline.load(project.find(EXAMPLE)).model_copy(
        update={"orchestration": orchestration, "gate": Gate(metric="validation:mse", max=60), "approval": Approval()}
    )
    return f"```mermaid\n{mermaid(state_machine.render(declared))}```\n"
