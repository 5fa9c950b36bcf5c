"""The environment of a process that stands for a machine of its own."""

from __future__ import annotations

import os

# What Python needs of this process's environment; none of its credentials.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
AWS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION")


def own(*, credentials: bool = False) -> dict[str, str]:
    """Variables to start from; with `credentials` also who this process acts as, and where AWS is for it."""
    names = (*INHERITED, *AWS, "AWS_ENDPOINT_URL") if credentials else INHERITED
    return {
        **{name: os.environ[name] for name in names if name in os.environ},
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # An instance does not take every core of the machine.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
