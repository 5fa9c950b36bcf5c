"""KMS: reading a parameter or secret that is encrypted with the customer's own key requires kms:Decrypt on that key.

ministack decrypts it for everyone who may read it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import error_response_json, get_region
from ministack.core.router import extract_access_key_id
from ministack.services import kms, secretsmanager, ssm

from refit.embedded_cloud.ministack_patches.iam import Handler
from refit.embedded_cloud.ministack_patches.patching import lookup

# The customer's own key, and the encryption context of what it encrypts.
Encrypted = tuple[str, dict[str, str]]

lookup("ministack.services.kms", "_resolve_key")
lookup("ministack.services.ssm", "_lookup_parameter")
lookup("ministack.services.secretsmanager", "_resolve")


@dataclass(frozen=True)
class Service:
    """A service that decrypts for its caller: what a request reads, and the message for one who may not use the key."""

    name: str
    find: Callable[[str, Mapping[str, Any]], Iterator[Encrypted]]
    denied: str

    def check(self, caller: str, action: str, document: Mapping[str, Any]) -> Any:
        """The error response for a caller who may not use the key; or None.

        https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
        """
        via = {"kms:ViaService": f"{self.name}.{get_region()}.amazonaws.com"}
        for key_id, encryption in self.find(action, document):
            context = via | {f"kms:EncryptionContext:{name}": value for name, value in encryption.items()}
            key = kms._resolve_key(key_id)
            if not key or iam_evaluator.enforce(caller, "kms:Decrypt", "kms", get_region(), key["Arn"], context):
                return error_response_json("AccessDeniedException", self.denied, 400)
        return None


def _parameters(action: str, document: Mapping[str, Any]) -> Iterator[Encrypted]:
    """https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html"""
    if not (action.startswith("GetParameter") and document.get("WithDecryption")):
        return
    names = [document["Name"]] if "Name" in document else list(document.get("Names") or ())
    if path := document.get("Path"):
        names = [name for name in ssm._parameters if name.startswith(f"{path.rstrip('/')}/")]
    for name in names:
        _, found = ssm._lookup_parameter(str(name), allow_arn_region=True, flexible_name=True)
        if found and found.get("KeyId") and found["KeyId"] != "alias/aws/ssm":
            yield found["KeyId"], {"PARAMETER_ARN": found["ARN"]}


def _secrets(action: str, document: Mapping[str, Any]) -> Iterator[Encrypted]:
    """https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html"""
    if action not in ("GetSecretValue", "BatchGetSecretValue"):
        return
    for secret_id in [document.get("SecretId"), *(document.get("SecretIdList") or ())]:
        _, secret = secretsmanager._resolve(secret_id)
        if secret and secret.get("KmsKeyId") and secret["KmsKeyId"] != "alias/aws/secretsmanager":
            yield secret["KmsKeyId"], {"SecretARN": secret["ARN"]}


SERVICES = (
    Service(
        "ssm",
        _parameters,
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are "
        "not allowed to access.",
    ),
    Service("secretsmanager", _secrets, "Access to KMS is not allowed"),
)


def _checking(service: Service, handle: Handler) -> Handler:
    async def checking(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Any:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if app.AUTH and action:
            try:
                document = json.loads(body or b"{}")
            except (ValueError, RecursionError):
                document = {}
            caller = extract_access_key_id(headers, query)
            refused = service.check(caller, action, document) if isinstance(document, dict) else None
            if refused:
                return refused
        return await handle(method, path, headers, body, query)

    return checking


for each in SERVICES:
    app.SERVICE_HANDLERS[each.name] = _checking(each, app.SERVICE_HANDLERS[each.name])
