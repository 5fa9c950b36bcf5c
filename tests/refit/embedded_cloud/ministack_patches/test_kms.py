"""A token that is encrypted with the customer's own key is readable only to those who may use the key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

ACCOUNT, REGION = "000000000000", "us-west-2"
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/teams"
READ = {
    "Effect": "Allow",
    "Action": ["ssm:GetParameter*", "secretsmanager:GetSecretValue"],
    "Resource": "*",
}


@pytest.fixture(scope="module")
def key(client: Callable[..., Any]) -> str:
    """The ARN of the customer's own key, under whose alias a parameter and a secret are encrypted."""
    kms = client("kms")
    created = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/teams", TargetKeyId=created["KeyId"])
    for name in ("/teams/token", "/teams/other"):
        client("ssm").put_parameter(Name=name, Value="xoxb", Type="SecureString", KeyId="alias/teams")
    client("secretsmanager").create_secret(Name="teams/token", SecretString="xoxb", KmsKeyId=created["KeyId"])
    return str(created["Arn"])


def decrypt(key: str, **conditions: str) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": key,
        "Condition": {"StringLike": {f"kms:{name.replace('__', ':')}": value for name, value in conditions.items()}},
    }


def reads(user: Any, key: str, *statements: dict[str, Any]) -> Callable[..., Any]:
    ssm = user(READ, *statements)("ssm")
    return lambda name: ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]


def test_a_parameter_is_denied_without_the_permission_on_its_key(user: Any, refused: Any, key: str) -> None:
    ssm = user(READ)("ssm")
    assert ssm.get_parameter(Name="/teams/token")["Parameter"]["Type"] == "SecureString"
    requests = (
        (ssm.get_parameter, {"Name": "/teams/token"}),
        (ssm.get_parameters, {"Names": ["/teams/token"]}),
        (ssm.get_parameters_by_path, {"Path": "/teams"}),
        (ssm.get_parameter_history, {"Name": "/teams/token"}),
    )
    for call, arguments in requests:
        code, message = refused(call, **arguments, WithDecryption=True)
        assert code == "AccessDeniedException"
        assert message.startswith("The ciphertext refers to a customer master key that does not exist")


def test_the_conditions_of_the_permission_are_the_service_and_what_is_encrypted(
    user: Any, refused: Any, key: str
) -> None:
    read = reads(user, key, decrypt(key, ViaService="ssm.*", EncryptionContext__PARAMETER_ARN=f"{PARAMETER}/token"))
    assert read("/teams/token") == "xoxb"
    assert refused(read, name="/teams/other")[0] == "AccessDeniedException"
    other = reads(user, key, decrypt(key, ViaService="secretsmanager.*"))
    assert refused(other, name="/teams/token")[0] == "AccessDeniedException"


def test_a_secret_is_denied_without_the_permission_on_its_key(user: Any, refused: Any, key: str) -> None:
    denied = user(READ)("secretsmanager")
    assert refused(denied.get_secret_value, SecretId="teams/token") == (
        "AccessDeniedException",
        "Access to KMS is not allowed",
    )
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:teams/token-??????"
    conditions = decrypt(key, ViaService=f"secretsmanager.{REGION}.amazonaws.com*", EncryptionContext__SecretARN=secret)
    allowed = user(READ, conditions)("secretsmanager")
    assert allowed.get_secret_value(SecretId="teams/token")["SecretString"] == "xoxb"


def test_the_services_own_keys_need_no_permission(user: Any, client: Any, key: str) -> None:
    client("ssm").put_parameter(Name="/plain", Value="xoxb", Type="SecureString")
    client("secretsmanager").create_secret(Name="plain", SecretString="xoxb")
    assert reads(user, key)("/plain") == "xoxb"
    assert user(READ)("secretsmanager").get_secret_value(SecretId="plain")["SecretString"] == "xoxb"
