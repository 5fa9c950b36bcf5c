"""The folder with an own algorithm's code, as `training.source` names it."""

from __future__ import annotations

from pathlib import Path

from refit.errors import InvalidPipeline
from refit.pipeline import problems
from refit.pipeline.hcl import reader as hcl
from refit.pipeline.schema.constraints import Violation
from refit.pipeline.schema.training import Training
from refit.problem_codes import Code
from refit.project import PipelineRef


def find(ref: PipelineRef, training: Training, read: bytes) -> Path | None:
    """The folder in the working tree with the code that `training` names, None when it names none.

    `read` is the pipeline file that it is of. Raises InvalidPipeline, with the field's place, when the folder or the
    entry point is not there.
    """
    if training.source is None:
        return None
    root = ref.project.root
    folder = root / training.source
    if not folder.is_dir() or not folder.resolve().is_relative_to(root.resolve()):
        message = f'training.source must be a folder of the repository, and "{training.source}" is none'
        finding = Violation(("source",), Code.SOURCE_MISSING, message, "write a path from the top of the repository")
    elif not (folder / training.entry_point).is_file():
        message = f'training.entry_point must be a file in {training.source}, and "{training.entry_point}" is none'
        names = ", ".join(sorted(path.name for path in folder.glob("*.py"))) or "no Python file"
        finding = Violation(("entry_point",), Code.SOURCE_MISSING, message, f"the folder has {names}")
    else:
        return folder
    document = hcl.parse(read, ref.display_path)
    raise InvalidPipeline([problems.broken(document.root, ("training",), finding, ref.display_path)])
