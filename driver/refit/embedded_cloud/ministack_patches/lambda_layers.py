"""Lambda: layers of other accounts are refused, except the public one that a pipeline's functions may use.

ministack accepts every layer of an account that it does not hold, runs the function without it, and asks for no
permission.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_region
from ministack.core.router import extract_access_key_id
from ministack.services import lambda_svc

from refit.embedded_cloud.iam_roles import denial_message
from refit.embedded_cloud.ministack_patches.patching import patch

FUNCTION = re.compile(r"/2015-03-31/functions(?:/[^/]+/configuration)?/?")
ACTION = "lambda:GetLayerVersion"
PUBLIC = re.compile(r"arn:aws:lambda:[a-z0-9-]+:336392948345:layer:AWSSDKPandas-Python3\d+(-Arm64)?:[1-9]\d*")
"""AWS SDK for pandas, which its account shares with all others.

https://aws-sdk-pandas.readthedocs.io/en/stable/layers.html
"""
USABLE = re.compile(r".*:layer:AWSSDKPandas-Python312:\d+")
"""The layers whose compiled packages fit the functions of a stack: python3.12 on x86_64."""
PROVIDES = "refit-provides.txt"
"""The file of the layer that lambda_imports.py reads; importing that module would limit this process."""
PACKAGES = ("numpy", "packaging", "pandas", "pyarrow", "pytz", "tzdata")
"""Those of the layer's packages that the embedded cloud brings if they are installed in its environment."""


@patch("services.lambda_svc", "_resolve_cross_account_layer")
def refuse_unshared(resolve: Any, arn: str, spec: Any, version: Any) -> Any:
    """A layer of another account must be shared by its policy, which only AWS knows of accounts that are not emulated.

    https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html
    """
    held = lambda_svc._layers.get_scoped(spec.account_id, spec.region, version[0]) is not None
    return resolve(arn, spec, version) if held or PUBLIC.fullmatch(arn) else lambda_svc._layer_access_denied(arn)


@patch("services.lambda_svc", "_resolve_layer_zip")
def bring_packages(resolve: Any, attachment: Any) -> Any:
    """The public layer's content: the names of the packages, which the function imports from this environment.

    https://docs.aws.amazon.com/lambda/latest/dg/python-layers.html
    """
    arn = attachment if isinstance(attachment, str) else str((attachment or {}).get("Arn", ""))
    if not PUBLIC.fullmatch(arn):
        return resolve(attachment)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(PROVIDES, "\n".join(PACKAGES) if USABLE.fullmatch(arn) else "")
    return content.getvalue()


@patch("services.lambda_svc", "handle_request")
async def require_permission(handle: Any, method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
    """Whoever gives a function a layer must be allowed to get it, as from the function's own account.

    https://docs.aws.amazon.com/lambda/latest/dg/permissions-user-function.html
    """
    if app.AUTH and method in ("POST", "PUT") and FUNCTION.fullmatch(path):
        for arn in _layers(json.loads(body or b"{}")):
            denied = iam_evaluator.enforce(extract_access_key_id(headers, query), ACTION, "lambda", get_region(), arn)
            if denied:
                caller = getattr(denied, "principal_arn", "")
                message = denial_message(caller, ACTION, arn, denied)
                return iam_actions.access_denied_response("lambda", ACTION, caller, "", message=message)
    return await handle(method, path, headers, body, query)


def _layers(request: Mapping[str, Any]) -> list[str]:
    return [layer for layer in request.get("Layers") or () if isinstance(layer, str)]
