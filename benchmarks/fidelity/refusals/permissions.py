"""IAM and Lambda: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html and
https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from __future__ import annotations

import io
import json
import zipfile

from benchmarks.fidelity.refusals.refusal import ACCOUNT, NAME, REGION, ROLE, STRANGER, Refusal

ARCHIVE = io.BytesIO()
with zipfile.ZipFile(ARCHIVE, "w") as packed:
    packed.writestr("main.py", "def handler(event, context):\n    return event\n")
PACKAGE = ARCHIVE.getvalue()


def _policy(*statements: object, version: str = "2012-10-17") -> str:
    return json.dumps({"Version": version, "Statement": list(statements)})


TRUST = _policy({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"})
ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
MALFORMED, ABSENT = "MalformedPolicyDocument", "NoSuchEntity"
INLINE = {"RoleName": "worker", "PolicyName": "new"}


def _inline(title: str, words: str, document: str, code: str = MALFORMED) -> Refusal:
    return Refusal(title, "put_role_policy", {**INLINE, "PolicyDocument": document}, code, words)


IAM = (
    Refusal(
        "role name in use",
        "create_role",
        {"RoleName": "worker", "AssumeRolePolicyDocument": TRUST},
        "EntityAlreadyExists",
        "Role with name worker already exists.",
    ),
    Refusal(
        "role that does not exist",
        "get_role",
        {"RoleName": "nothing"},
        ABSENT,
        "The role with name nothing cannot be found.",
    ),
    Refusal(
        "role name with a space",
        "create_role",
        {"RoleName": "a b", "AssumeRolePolicyDocument": TRUST},
        "ValidationError",
        "The specified value for roleName is invalid.",
    ),
    Refusal(
        "trust of what does not exist",
        "create_role",
        {
            "RoleName": "new",
            "AssumeRolePolicyDocument": _policy(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/nothing"},
                    "Action": "sts:AssumeRole",
                }
            ),
        },
        MALFORMED,
        "Invalid principal in policy",
    ),
    Refusal(
        "trust without a principal",
        "create_role",
        {"RoleName": "new", "AssumeRolePolicyDocument": _policy({"Effect": "Allow", "Action": "sts:AssumeRole"})},
        MALFORMED,
        "",
    ),
    Refusal(
        "trust that is no JSON",
        "create_role",
        {"RoleName": "new", "AssumeRolePolicyDocument": "{"},
        MALFORMED,
        "This policy contains invalid Json",
    ),
    Refusal(
        "managed policy that does not exist",
        "attach_role_policy",
        {"RoleName": "worker", "PolicyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAcess"},
        ABSENT,
        "Policy arn:aws:iam::aws:policy/AmazonS3ReadOnlyAcess does not exist or is not attachable.",
    ),
    Refusal(
        "deletion of a role with policies",
        "delete_role",
        {"RoleName": "worker"},
        "DeleteConflict",
        "Cannot delete entity, must delete policies first.",
    ),
    Refusal(
        "inline policy that does not exist",
        "get_role_policy",
        {"RoleName": "worker", "PolicyName": "nothing"},
        ABSENT,
        "The role policy with name nothing cannot be found.",
    ),
    _inline("policy of an unknown version", "", _policy(ALLOW, version="2020-01-01")),
    _inline("action without a service", "", _policy({**ALLOW, "Action": "GetObject"})),
    _inline("statement without a resource", "", _policy({"Effect": "Allow", "Action": "s3:GetObject"})),
    _inline("resource that is no ARN", "", _policy({**ALLOW, "Resource": "homes"})),
    _inline(
        "inline policies of 10,241 characters",
        "Maximum policy size of 10240 bytes exceeded for role worker",
        _policy({**ALLOW, "Resource": [f"arn:aws:s3:::{'b' * 60}/{n:04}" for n in range(150)]}),
        "LimitExceeded",
    ),
)
ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function"
FUNCTION = {
    "FunctionName": "new",
    "Runtime": "python3.12",
    "Handler": "main.handler",
    "Role": ROLE,
    "Code": {"ZipFile": PACKAGE},
}
WRONG = "InvalidParameterValueException"


def _function(title: str, code: str, words: str, **changes: object) -> Refusal:
    return Refusal(title, "create_function", {**FUNCTION, **changes}, code, words)


LAMBDA = (
    Refusal(
        "function that does not exist",
        "get_function",
        {"FunctionName": "nothing"},
        "ResourceNotFoundException",
        f"Function not found: {ARN}:nothing",
    ),
    Refusal(
        "invocation of a function that does not exist",
        "invoke",
        {"FunctionName": "nothing"},
        "ResourceNotFoundException",
        f"Function not found: {ARN}:nothing",
    ),
    Refusal(
        "invocation with what is no JSON",
        "invoke",
        {"FunctionName": NAME, "Payload": b"{"},
        "InvalidRequestContentException",
        "Could not parse request body into json",
    ),
    Refusal(
        "payload of more than 6 MB",
        "invoke",
        {"FunctionName": NAME, "Payload": json.dumps("x" * 6 * 1024 * 1024).encode()},
        "RequestEntityTooLargeException",
        "byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)",
    ),
    _function(
        "function name in use", "ResourceConflictException", f"Function already exist: {NAME}", FunctionName=NAME
    ),
    _function(
        "role of a function that cannot be assumed",
        WRONG,
        "The role defined for the function cannot be assumed by Lambda.",
        Role=STRANGER,
    ),
    _function(
        "timeout of 901 seconds", "ValidationException", "Member must have value less than or equal to 900", Timeout=901
    ),
    _function(
        "memory of 100 MB", "ValidationException", "Member must have value greater than or equal to 128", MemorySize=100
    ),
    _function(
        "environment of more than 4 KB", WRONG, "exceeded the 4KB limit", Environment={"Variables": {"AB": "x" * 4097}}
    ),
    _function(
        "variable of Lambda",
        WRONG,
        "supported for modification. Reserved keys used in this request: AWS_REGION",
        Environment={"Variables": {"AWS_REGION": "x"}},
    ),
    _function(
        "archive that is none",
        WRONG,
        "Could not unzip uploaded file. Please check your file, then try to upload again.",
        Code={"ZipFile": b"nothing"},
    ),
    _function(
        "unknown runtime",
        WRONG,
        "Value python2.1 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set",
        Runtime="python2.1",
    ),
    _function(
        "function without a handler",
        WRONG,
        "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
        Handler=None,
    ),
    _function("function name with a space", "ValidationException", "", FunctionName="a b"),
    Refusal(
        "permission twice",
        "add_permission",
        {
            "FunctionName": NAME,
            "StatementId": "one",
            "Action": "lambda:InvokeFunction",
            "Principal": "events.amazonaws.com",
        },
        "ResourceConflictException",
        "The statement id (one) provided already exists.",
    ),
)
