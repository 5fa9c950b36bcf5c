"""Maps the paths of a processing container, /opt/ml/…, to the volume of an emulated instance. Pure.

There is no container here, so a program must be given its folders: by its arguments, its environment or the
configuration files, in which the paths are replaced. A path that is written in the program itself does not exist.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

ROOT = "/opt/ml"
DATA = f"{ROOT}/processing/"
_ROOT = re.compile(r"(?<![\w./-])/opt/ml(?![\w.-])")


def is_allowed(local_path: str) -> bool:
    """Whether an input or output may have this LocalPath: absolute, and below /opt/ml/processing/.

    https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-input-and-output.html
    """
    return local_path.startswith(DATA) and ".." not in PurePosixPath(local_path).parts and "\0" not in local_path


def on_volume(volume: Path, local_path: str) -> Path:
    """The folder on the volume that stands for a path below /opt/ml."""
    return volume / PurePosixPath(local_path).relative_to(ROOT)


def mapped(value: Any, volume: Path) -> Any:
    """A JSON value with the volume's paths in its texts, as in `--input=/opt/ml/processing/input`; names are kept."""
    if isinstance(value, dict):
        return {name: mapped(each, volume) for name, each in value.items()}
    if isinstance(value, list):
        return [mapped(each, volume) for each in value]
    return _ROOT.sub(lambda _: str(volume), value) if isinstance(value, str) else value
