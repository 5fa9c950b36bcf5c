"""The packages that the program of a processing job can import: those of its image, if they are installed here.

A package that is not certain to be in an image is not provided. The lists are those of the images' Dockerfiles:
https://github.com/aws/sagemaker-scikit-learn-container, https://github.com/aws/sagemaker-xgboost-container and
https://github.com/aws/deep-learning-containers
"""

from __future__ import annotations

from pathlib import Path

from refit.embedded_cloud import limited_imports

_DATA = frozenset({"numpy", "scipy", "sklearn", "joblib", "threadpoolctl", "pandas", "pytz", "tzdata"})
PACKAGES = {
    "scikit-learn": _DATA | {"pyarrow"},
    "xgboost": _DATA | {"pyarrow", "xgboost"},
    "pytorch": _DATA | {"torch", "torchvision", "torchaudio"},
    "tensorflow": _DATA | {"tensorflow", "keras"},
    "huggingface": _DATA | {"transformers", "datasets"},
}
"""By a word of the repository's name; one with two words has the packages of both. All images have the SDK."""

_START = """

import os
refit_limit_imports({provided!r}, own=os.environ["PYTHONPATH"].split(os.pathsep))
"""


def of_image(image: str) -> frozenset[str]:
    """The names of the packages in an image, without those of Python's standard library."""
    words = (packages for word, packages in PACKAGES.items() if word in image)
    return limited_imports.REFIT_SDK.union(*words)


def limit(image: str, folder: Path) -> None:
    """Writes a sitecustomize.py into a folder, which must be in PYTHONPATH; every Python imports it when it starts."""
    folder.mkdir()
    code = Path(limited_imports.__file__).read_text(encoding="utf-8")
    start = _START.format(provided=sorted(of_image(image)))
    (folder / "sitecustomize.py").write_text(code + start, encoding="utf-8")
