"""Says how to install pyarrow, which reads the data for a contract, if it is missing. A plain installation lacks it."""

from __future__ import annotations

from importlib.util import find_spec

from refit.errors import NotInstalled

EXTRA = "check"
"""The extra of the distribution that brings pyarrow."""


def require_pyarrow() -> None:
    """Raises NotInstalled with the command that installs what reads the data."""
    if find_spec("pyarrow") is None:
        install = f'pip install "refit-sagemaker[{EXTRA}]"'
        raise NotInstalled("pyarrow, which reads the data, is not installed", f"run: {install}")
