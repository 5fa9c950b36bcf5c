"""The names that state machines and executions may have.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import re

from refit.embedded_cloud.step_functions.errors import invalid_name

# White space, brackets, wildcards, special characters and control characters. Other alphabets are allowed.
FORBIDDEN = re.compile(r"""[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe\uffff\U00010000-\U0010ffff]""")


def check(name: str) -> str:
    """Returns the name. Raises ApiError InvalidName; its length is checked by the service model."""
    if FORBIDDEN.search(name):
        raise invalid_name(name)
    return name
