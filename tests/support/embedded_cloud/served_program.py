"""Serves a program in script mode, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from refit.embedded_cloud.instance import artifact
from refit.embedded_cloud.instance.algorithm import Payload, Predictor
from refit.embedded_cloud.script_mode import Program, ScriptServer
from refit.embedded_cloud.script_mode.serving import ScriptPredictor

SOURCE = "s3://bucket/source.tar.gz"
SKLEARN = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
ENVIRONMENT = {"SAGEMAKER_PROGRAM": "train.py", "SAGEMAKER_SUBMIT_DIRECTORY": SOURCE}


SUMS = """
import os
print("imported")

class Model:
    def __init__(self, path):
        self.offset = float(open(path).read())
    def predict(self, rows):
        return rows.reshape(-1, rows.shape[-1]).sum(axis=1) + self.offset

def model_fn(model_dir):
    return Model(os.path.join(model_dir, "offset"))
"""


class Server:
    """Loads programs, each with the model `offset` = 0.5."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, text: str, environment: Mapping[str, str] = ENVIRONMENT, image: str = SKLEARN) -> ScriptPredictor:
        loaded = self.start(text, environment, image)
        assert isinstance(loaded, ScriptPredictor)
        return loaded

    def start(self, text: str, environment: Mapping[str, str], image: str) -> Predictor:
        code, model = self._folder / "code", self._folder / "model"
        for folder in (code, model):
            folder.mkdir(exist_ok=True)
        (code / "train.py").write_text(text)
        (model / "offset").write_text("0.5")
        return ScriptServer(image, Program("train.py", SOURCE), artifact.pack(code), environment).load(model)


def invoke(model: ScriptPredictor, body: str | bytes, content_type: str = "text/csv", accept: str = "") -> str:
    return model.predict(Payload(body.encode() if isinstance(body, str) else body, content_type, accept)).body.decode()
