"""IAM: names of roles, users, groups and policies have the characters and lengths that AWS allows.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import re
from collections.abc import Callable

from refit.embedded_cloud.ministack_patches.iam_requests import Parameters, Reply, check, rejection, value

NAME = re.compile(r"[\w+=,.@-]+", re.ASCII)
# Operation → the parameter with the new name, and its maximum length.
CREATED = {
    "CreateRole": ("RoleName", 64),
    "CreateUser": ("UserName", 64),
    "CreateGroup": ("GroupName", 128),
    "CreatePolicy": ("PolicyName", 128),
    "CreateInstanceProfile": ("InstanceProfileName", 128),
    "PutRolePolicy": ("PolicyName", 128),
    "PutUserPolicy": ("PolicyName", 128),
    "PutGroupPolicy": ("PolicyName", 128),
}


def _check_of(parameter: str, longest: int) -> Callable[[Parameters], Reply | None]:
    def check_name(parameters: Parameters) -> Reply | None:
        name, member = value(parameters, parameter), parameter[0].lower() + parameter[1:]
        if len(name) > longest:
            return rejection(
                400,
                "ValidationError",
                f"1 validation error detected: Value '{name}' at '{member}' failed to satisfy constraint: Member must "
                f"have length less than or equal to {longest}",
            )
        if not NAME.fullmatch(name):
            return rejection(
                400,
                "ValidationError",
                f"The specified value for {member} is invalid. It must contain only alphanumeric characters and/or the "
                "following: +=,.@_-",
            )
        return None

    return check_name


for _operation, (_parameter, _longest) in CREATED.items():
    check(_operation)(_check_of(_parameter, _longest))
