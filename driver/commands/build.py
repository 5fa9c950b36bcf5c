"""`refit build`: pipeline file → build/<environment>/<pipeline>/, what Terraform deploys.

Writes all artefacts or none: `build.json`, which Terraform compares with the pipeline file, is written last.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from driver import asl, definition, explain, hcl, package, pipeline, source
from driver.codes import Code
from driver.errors import BuildError, InvalidPipeline
from driver.pipeline import Pipeline
from driver.project import PipelineRef, Project
from driver.schema.finding import Finding

LAMBDAS, DEFINITION, SOURCE, BUILD = "lambdas.zip", "state_machine.asl.json", "source.tar.gz", "build.json"


@dataclass(frozen=True)
class Build:
    """What was built: files in `directory`, SHA-256 in hex, sizes in bytes; null for the code that there is none of."""

    pipeline: str
    directory: Path
    states: int
    lambdas_size: int
    pipeline_sha256: str
    definition_sha256: str
    lambdas_sha256: str
    source_sha256: str | None


def build(ref: PipelineRef) -> Build:
    """Builds one pipeline; what was built before stays when anything fails.

    Raises InvalidPipeline, also when the folder with the code is not as the file says, or BuildError when the artefacts
    cannot be made or written.
    """
    read = pipeline.read(ref)
    parsed = pipeline.parse(read, ref)
    code = _code(ref, parsed, read)
    text = asl.render(parsed)
    if defects := definition.check(text):
        listed = "\n".join(defects)
        raise BuildError(f"the state machine of {ref.key} is not sound:\n{listed}", "mend the templates in asl/")
    target = ref.build_dir
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".build.", dir=target, ignore_cleanup_errors=True) as draft:
            built = _write(Path(draft), ref, read, text, code)
            for name in (LAMBDAS, DEFINITION, SOURCE, BUILD):
                if name == SOURCE and code is None:
                    (target / name).unlink(missing_ok=True)
                else:
                    (Path(draft) / name).replace(target / name)
    except OSError as error:
        raise BuildError(f"{ref.key} cannot be built in {target}: {error.strerror}") from error
    return built


def build_all(project: Project) -> list[Build]:
    """Builds every pipeline of the checkout, and nothing at all unless all of them are valid and get along."""
    refs = project.pipelines()
    pipeline.validate_all(refs)
    return [build(ref) for ref in refs]


def _code(ref: PipelineRef, parsed: Pipeline, read: bytes) -> Path | None:
    """The folder with an own algorithm's code, if the pipeline has one. Raises InvalidPipeline when it is not there."""
    training = parsed.training
    if training.source is None:
        return None
    folder = ref.project.root / training.source
    if not folder.is_dir() or not folder.resolve().is_relative_to(ref.project.root.resolve()):
        message = f'training.source must be a folder of the repository, and "{training.source}" is none'
        finding = Finding(("source",), Code.SOURCE_MISSING, message, "write a path from the top of the repository")
    elif not (folder / training.entry_point).is_file():
        message = f'training.entry_point must be a file in {training.source}, and "{training.entry_point}" is none'
        names = ", ".join(sorted(path.name for path in folder.glob("*.py"))) or "no Python file"
        finding = Finding(("entry_point",), Code.SOURCE_MISSING, message, f"the folder has {names}")
    else:
        return folder
    root = hcl.parse(read, ref.display_path).root
    raise InvalidPipeline([explain.broken(root, ("training",), finding, ref.display_path)])


def _write(draft: Path, ref: PipelineRef, read: bytes, text: str, code: Path | None) -> Build:
    """Writes the files into `draft`."""
    hashes = {
        "pipeline_sha256": _sha256(read),
        "definition_sha256": _sha256(text.encode()),
        "lambdas_sha256": package.package(draft / LAMBDAS),
    }
    source_sha256 = None if code is None else source.pack(code, draft / SOURCE)
    (draft / DEFINITION).write_text(text, encoding="utf-8", newline="\n")
    (draft / BUILD).write_text(json.dumps({**hashes, "source_sha256": source_sha256}, indent=2) + "\n")
    return Build(
        pipeline=ref.key,
        directory=ref.build_dir,
        states=len(json.loads(text)["States"]),
        lambdas_size=(draft / LAMBDAS).stat().st_size,
        source_sha256=source_sha256,
        **hashes,
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
