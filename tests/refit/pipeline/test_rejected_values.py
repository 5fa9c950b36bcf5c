"""Values that AWS or a run could not use are rejected by the schema, each with its code.

Terraform does not check them again: a plan requires the build of the pipeline file (terraform/build.tf).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from refit.errors import InvalidPipeline
from refit.pipeline import files
from tests.support.checkout import NOW, write
from tests.support.rejected_values import REJECTED, pipeline


@pytest.mark.parametrize(("fields", "code"), REJECTED)
def test_what_aws_or_a_run_could_not_use_is_rejected(tmp_path: Path, fields: dict[str, Any], code: str) -> None:
    values = pipeline(**fields)
    text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    ref = write(tmp_path, text, values["pipeline"])

    with pytest.raises(InvalidPipeline) as rejected:
        files.load(ref, NOW)

    assert [str(problem.code) for problem in rejected.value.problems] == [code]
