"""Who deploys is checked on what is made: a new function, a role within its boundary, what has the tags."""

from __future__ import annotations

import json

ACCOUNT, REGION = "000000000000", "us-west-2"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
NOBODY = json.dumps({"Version": "2012-10-17", "Statement": []})
LISTS = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [LISTS]})


class TestDeployments:
    def test_of_a_function_are_checked_on_its_name(self, user, refused):
        functions = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:mine-*"
        client = user({"Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": functions})("lambda")
        code = {"Runtime": "python3.12", "Handler": "main.handler", "Code": {"ZipFile": b"no zip"}}
        role = f"arn:aws:iam::{ACCOUNT}:role/any"
        assert refused(client.create_function, FunctionName="other", Role=role, **code)[0] == "AccessDeniedException"
        assert refused(client.create_function, FunctionName="mine-1", Role=role, **code)[0] != "AccessDeniedException"

    def test_of_a_role_are_checked_on_its_boundary(self, client, user, refused):
        client("iam").create_policy(PolicyName="boundary", PolicyDocument=POLICY)
        bounded = {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}
        actions = ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]
        iam = user({"Effect": "Allow", "Action": actions, "Resource": "*", "Condition": bounded})("iam")
        assert refused(iam.create_role, RoleName="free", AssumeRolePolicyDocument=NOBODY)[0] == "AccessDenied"
        iam.create_role(RoleName="bound", AssumeRolePolicyDocument=NOBODY, PermissionsBoundary=BOUNDARY)
        iam.put_role_policy(RoleName="bound", PolicyName="policy", PolicyDocument=POLICY)
        client("iam").create_role(RoleName="older", AssumeRolePolicyDocument=NOBODY)
        policy = {"RoleName": "older", "PolicyName": "policy", "PolicyDocument": POLICY}
        assert refused(iam.put_role_policy, **policy)[0] == "AccessDenied"
        iam.put_role_permissions_boundary(RoleName="older", PermissionsBoundary=BOUNDARY)
        iam.put_role_policy(**policy)

    def test_of_tags_are_checked_on_what_has_them(self, user, machine, refused):
        own = machine({"End": {"Type": "Succeed"}})
        able = user({"Effect": "Allow", "Action": "states:ListTagsForResource", "Resource": own})("stepfunctions")
        assert able.list_tags_for_resource(resourceArn=own)["tags"] == []
        assert refused(able.list_tags_for_resource, resourceArn=f"{own}-not")[0] == "AccessDeniedException"
