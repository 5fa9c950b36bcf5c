"""The environment variables of a process that emulates an ML instance."""

from __future__ import annotations

import os

# Variables of this process that Python needs; credentials are not among them.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
AWS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION")


def own(*, credentials: bool = False) -> dict[str, str]:
    """The base environment; with `credentials` also this process's AWS credentials, region and endpoint."""
    names = (*INHERITED, *AWS, "AWS_ENDPOINT_URL") if credentials else INHERITED
    return {
        **{name: os.environ[name] for name in names if name in os.environ},
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # An instance must not use all cores of this machine.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
