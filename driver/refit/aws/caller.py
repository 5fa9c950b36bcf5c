"""The caller's identity, recorded with approvals and holds."""

from __future__ import annotations

import os
from contextlib import suppress

from refit.aws.session import Aws, calling
from refit.errors import RefitError
from refit.git import Git
from refit.project import Project


def identity(project: Project, aws: Aws) -> str:
    """The user's e-mail address in git, else the name in USER, else the ARN of the credentials. Raises AwsError.

    The name is not authenticated. CloudTrail records the calls and their real callers.
    """
    name = os.environ.get("USER")
    with suppress(RefitError):  # git is optional here
        name = Git(project.root).email() or name
    if name:
        return name
    with calling("verify your AWS credentials"):
        return aws.sts.get_caller_identity()["Arn"]
