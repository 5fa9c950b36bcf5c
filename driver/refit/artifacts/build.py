"""Builds the artifacts of a pipeline in build/<environment>/<pipeline>/, for Terraform to deploy (`refit build`).

Writes all artifacts or none: `build.json`, which Terraform compares with the pipeline file, is written last.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from refit.artifacts import definition_checks, lambdas_zip, source_archive, state_machine
from refit.domain import handlers
from refit.errors import BuildError
from refit.pipeline import files as pipeline
from refit.pipeline import source_folder
from refit.pipeline.model import Pipeline
from refit.pipeline.validate import validate_all
from refit.project import PipelineRef, Project
from refit.version import VERSION

LAMBDAS, DEFINITION, SOURCE, BUILD = "lambdas.zip", "state_machine.asl.json", "source.tar.gz", "build.json"


@dataclass(frozen=True)
class Build:
    """A finished build: its files are in `directory`. Hashes are SHA-256 in hex, sizes in bytes.

    `schema_sha256` is None for a pipeline without data.schema_file, `source_sha256` for one without custom code.
    """

    pipeline: str
    directory: Path
    states: int
    lambdas_size: int
    pipeline_sha256: str
    definition_sha256: str
    lambdas_sha256: str
    schema_sha256: str | None
    source_sha256: str | None


def build(ref: PipelineRef) -> Build:
    """Builds one pipeline. If anything fails, the previous build is kept.

    Raises InvalidPipeline, also if the folder with the custom code or its entry point is missing, and BuildError if an
    artifact cannot be built or written.
    """
    read = pipeline.read(ref)
    parsed = pipeline.parse(read, ref)
    code = source_folder.find(ref, parsed.training, read.text)
    text = state_machine.render(parsed)
    if defects := definition_checks.check(text):
        listed = "\n".join(defects)
        raise BuildError(f"the state machine of {ref.key} is not valid:\n{listed}", "fix the templates in asl/")
    target = ref.build_dir
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".build.", dir=target, ignore_cleanup_errors=True) as draft:
            built = _write(Path(draft), ref, read, parsed, text, code)
            for name in (LAMBDAS, DEFINITION, SOURCE, BUILD):
                if name == SOURCE and code is None:
                    (target / name).unlink(missing_ok=True)
                else:
                    (Path(draft) / name).replace(target / name)
    except OSError as error:
        raise BuildError(f"{ref.key} cannot be built in {target}: {error.strerror}") from error
    return built


def build_all(project: Project) -> list[Build]:
    """Builds every pipeline of the project; builds none unless all are valid and do not conflict with each other."""
    refs = project.pipelines()
    validate_all(refs)
    return [build(ref) for ref in refs]


def _write(
    draft: Path, ref: PipelineRef, read: pipeline.Source, parsed: Pipeline, text: str, code: Path | None
) -> Build:
    """Writes the artifacts into the folder `draft`. Terraform reads build.json (terraform/build.tf)."""
    hashes = {
        "pipeline_sha256": _sha256(read.text),
        "definition_sha256": _sha256(text.encode()),
        "lambdas_sha256": lambdas_zip.package(draft / LAMBDAS, parsed.window.timezone),
    }
    schema_file = read.json_files.get(parsed.data.schema_file or "")
    schema_sha256 = _sha256(schema_file) if isinstance(schema_file, bytes) else None
    source_sha256 = None if code is None else source_archive.pack(code, draft / SOURCE)
    (draft / DEFINITION).write_text(text, encoding="utf-8", newline="\n")
    functions = {handler: asdict(handlers.limits(handler)) for handler in parsed.handlers}
    record = {
        **hashes,
        "schema_sha256": schema_sha256,
        "source_sha256": source_sha256,
        "refit_version": VERSION,
        "handlers": functions,
    }
    (draft / BUILD).write_text(json.dumps(record, indent=2) + "\n")
    return Build(
        pipeline=ref.key,
        directory=ref.build_dir,
        states=len(json.loads(text)["States"]),
        lambdas_size=(draft / LAMBDAS).stat().st_size,
        schema_sha256=schema_sha256,
        source_sha256=source_sha256,
        **hashes,
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
