"""Finds the folder in `training.source`, which contains a custom algorithm's code."""

from __future__ import annotations

from pathlib import Path

from refit.errors import InvalidPipeline
from refit.pipeline import problems
from refit.pipeline.hcl import reader as hcl
from refit.pipeline.schema.constraints import Violation
from refit.pipeline.schema.training import Training
from refit.problem_codes import Code
from refit.project import PipelineRef


def find(ref: PipelineRef, training: Training, text: bytes) -> Path | None:
    """The folder in `training.source`, in the working tree; None if the field is omitted.

    `text` is the content of the pipeline file, for the location of a problem. Raises InvalidPipeline if the folder or
    the entry point does not exist.
    """
    if training.source is None:
        return None
    root = ref.project.root
    folder = root / training.source
    if not folder.is_dir() or not folder.resolve().is_relative_to(root.resolve()):
        message = f'training.source must be a folder in the repository, got "{training.source}"'
        violation = Violation(
            ("source",), Code.SOURCE_MISSING, message, "write a path relative to the root of the repository"
        )
    elif not (folder / training.entry_point).is_file():
        message = f'training.entry_point must be a file in {training.source}, got "{training.entry_point}"'
        names = ", ".join(sorted(path.name for path in folder.glob("*.py"))) or "no Python file"
        violation = Violation(("entry_point",), Code.SOURCE_MISSING, message, f"the folder contains {names}")
    else:
        return folder
    document = hcl.parse(text, ref.display_path)
    raise InvalidPipeline([problems.of_violation(document.root, ("training",), violation, ref.display_path)])
