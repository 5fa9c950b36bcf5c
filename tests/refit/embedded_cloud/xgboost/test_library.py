"""The library is an extra: without it, jobs and models are refused with the command that installs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from refit.embedded_cloud import xgboost
from refit.embedded_cloud.instance import images
from refit.embedded_cloud.instance.algorithm import CannotLoad, CustomerError
from refit.embedded_cloud.xgboost import library

IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1"


def test_without_the_library_a_job_and_a_model_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(library, "find_spec", lambda name: None)
    with pytest.raises(CustomerError, match=r"pip install 'refit-sagemaker\[local,xgboost\]'"):
        images.trainer({"AlgorithmSpecification": {"TrainingImage": IMAGE}, "HyperParameters": {"num_round": "1"}})
    with pytest.raises(CannotLoad, match="install the extra `xgboost`"):
        xgboost.load(tmp_path)


def test_the_library_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, refit.embedded_cloud.instance.images; print('xgboost' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"


def test_a_warning_is_logged_once_and_on_one_line() -> None:
    import warnings

    lines: list[str] = []
    with library.logged(lines.append):
        for _ in range(2):
            warnings.warn("Parameters: { a }\n are not used.\n", stacklevel=1)
    assert lines == ["Parameters: { a } are not used."]
