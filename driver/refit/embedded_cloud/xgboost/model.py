"""Serves a trained model from model.tar.gz in its own process (serving_main.py), which a damaged model may end."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import refit
from refit.embedded_cloud.instance import process_environment
from refit.embedded_cloud.instance.algorithm import CannotLoad, CustomerError
from refit.embedded_cloud.script_mode.process_predictor import LOAD_SECONDS, ProcessPredictor
from refit.embedded_cloud.script_mode.serving_process import Worker
from refit.embedded_cloud.xgboost import library
from refit.embedded_cloud.xgboost.training import MODEL_FILE

MODULE = "refit.embedded_cloud.xgboost.serving_main"


class XGBoostModel(ProcessPredictor):
    """A model that the library serves, with a copy of the model's file."""

    def _start(self) -> Worker:
        environment = {**process_environment.own(), "PYTHONPATH": str(Path(refit.__file__).parents[1])}
        worker = Worker(environment, self._home, ("-m", MODULE))
        result = worker.call({"model": str(self._home / "model" / MODEL_FILE)}, LOAD_SECONDS)
        if "failed" in result:
            raise CannotLoad(result["failed"])
        return worker


def load(model_dir: Path) -> XGBoostModel:
    """Starts a process that loads a copy of the only file of an unpacked model.tar.gz. Raises CannotLoad."""
    try:
        library.require()
    except CustomerError as error:
        raise CannotLoad(str(error)) from error
    if not (model_dir / MODEL_FILE).is_file():
        raise CannotLoad(f"model.tar.gz does not contain {MODEL_FILE}")
    home = Path(tempfile.mkdtemp(prefix="refit-serving-"))
    for folder in ("model", "code"):
        (home / folder).mkdir()
    shutil.copyfile(model_dir / MODEL_FILE, home / "model" / MODEL_FILE)
    return XGBoostModel(home)
