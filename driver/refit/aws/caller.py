"""Who asks: the name that stands beside a decision of a person."""

from __future__ import annotations

import os
from contextlib import suppress

from refit.aws.session import Aws, calling
from refit.errors import RefitError
from refit.git import Git
from refit.project import Project


def asker(project: Project, aws: Aws) -> str:
    """The e-mail address that git knows, else the name of the user, else the ARN of the credentials. Raises AwsError.

    A claim and no proof: what was really called, and by whom, is in CloudTrail.
    """
    known = os.environ.get("USER")
    with suppress(RefitError):  # no git: nothing here needs it
        known = Git(project.root).email() or known
    if known:
        return known
    with calling("ask AWS whose credentials these are"):
        return aws.sts.get_caller_identity()["Arn"]
