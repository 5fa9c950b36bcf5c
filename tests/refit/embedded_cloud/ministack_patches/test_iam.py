"""IAM is enforced for SageMaker, functions, buckets, and what a deployment creates."""

from __future__ import annotations

import json

ACCOUNT, REGION = "000000000000", "us-west-2"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
DENIES = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
NOBODY = json.dumps({"Version": "2012-10-17", "Statement": [DENIES]})
LISTS = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [LISTS]})


class TestPermissions:
    def test_of_sagemaker_are_checked_on_the_resource_that_is_named(self, user, refused):
        sagemaker = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
        own = {"Effect": "Allow", "Action": "sagemaker:Describe*", "Resource": f"{sagemaker}:endpoint/mine"}
        client = user(own)("sagemaker")
        assert refused(client.describe_endpoint, EndpointName="mine")[0] == "ValidationException"
        assert refused(client.describe_endpoint, EndpointName="other")[0] == "AccessDeniedException"
        assert refused(client.describe_model, ModelName="mine")[0] == "AccessDeniedException"
        runtime = user({**own, "Action": "sagemaker:InvokeEndpoint"})("sagemaker-runtime")
        assert refused(runtime.invoke_endpoint, EndpointName="mine", Body=b"1")[0] != "AccessDeniedException"
        assert refused(runtime.invoke_endpoint, EndpointName="other", Body=b"1")[0] == "AccessDeniedException"

    def test_of_sagemaker_are_those_of_the_operation_whatever_its_name(self, user, refused):
        own = {"Effect": "Allow", "Resource": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/mine"}
        client = user({**own, "Action": "sagemaker:UpdateEndpointWeightsAndCapacities"})("sagemaker")
        scale = {"DesiredWeightsAndCapacities": [{"VariantName": "A", "DesiredWeight": 1}]}
        update = client.update_endpoint_weights_and_capacities
        assert refused(update, EndpointName="mine", **scale)[0] == "ValidationException"
        assert refused(update, EndpointName="other", **scale)[0] == "AccessDeniedException"
        runtime = user({**own, "Action": "sagemaker:InvokeEndpointAsync"})("sagemaker-runtime")
        assert refused(runtime.invoke_endpoint_async, EndpointName="mine", Body=b"1")[0] == "ValidationError"
        assert refused(runtime.invoke_endpoint_async, EndpointName="other", Body=b"1")[0] == "AccessDeniedException"
        assert refused(runtime.invoke_endpoint, EndpointName="mine", Body=b"1")[0] == "AccessDeniedException"

    def test_of_processing_jobs_are_checked_on_the_job_that_is_named(self, user, refused):
        own = {"Effect": "Allow", "Resource": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:processing-job/mine"}
        client = user({**own, "Action": ["sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob"]})(
            "sagemaker"
        )
        for call in (client.describe_processing_job, client.stop_processing_job):
            assert refused(call, ProcessingJobName="mine")[0] == "ValidationException"
            assert refused(call, ProcessingJobName="other")[0] == "AccessDeniedException"
        assert refused(client.list_processing_jobs)[0] == "AccessDeniedException"

    def test_to_make_an_endpoint_are_needed_for_its_config_too(self, user, refused):
        endpoint = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/mine"
        client = user({"Effect": "Allow", "Action": "sagemaker:CreateEndpoint", "Resource": endpoint})("sagemaker")
        code, message = refused(client.create_endpoint, EndpointName="mine", EndpointConfigName="config")
        assert code == "AccessDeniedException"
        assert "endpoint-config/config" in message

    def test_to_pass_a_role_and_to_tag_are_required(self, user, role, refused):
        create = {"Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": "*"}
        passed = role("sagemaker")
        model = {"ModelName": "mine", "ExecutionRoleArn": passed}
        code, message = refused(user(create)("sagemaker").create_model, **model)
        assert (code, "iam:PassRole" in message) == ("AccessDeniedException", True)
        only = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
        able = user(create, {"Effect": "Allow", "Action": "iam:PassRole", "Resource": passed, "Condition": only})
        tags = [{"Key": "refit:pipeline", "Value": "home-prices"}]
        code, message = refused(able("sagemaker").create_model, **model, Tags=tags)
        assert (code, "sagemaker:AddTags" in message) == ("AccessDeniedException", True)

    def test_of_parameters_are_checked_on_each(self, client, user, refused):
        parameter = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/models/mine"
        for name in ("/models/mine/one", "/models/mine/two", "/models/other"):
            client("ssm").put_parameter(Name=name, Value="never", Type="String")
        ssm = user({"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": [f"{parameter}/*"]})("ssm")
        both = ssm.get_parameters(Names=["/models/mine/one", "/models/mine/two"])["Parameters"]
        assert [each["Value"] for each in both] == ["never", "never"]
        for names in (["/models/other", "/models/mine/one"], ["/models/mine/one", "/models/other"]):
            assert refused(ssm.get_parameters, Names=names)[0] == "AccessDeniedException"

    def test_of_a_schedule_are_checked_in_its_group(self, client, user, role, refused):
        schedule = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule"
        group = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/mine"
        client("scheduler").create_schedule_group(Name="mine", Tags=[{"Key": "team", "Value": "pricing"}])
        passed = role("scheduler")
        scheduler = user(
            {"Effect": "Allow", "Action": "scheduler:*Schedule", "Resource": f"{schedule}/mine/one"},
            {"Effect": "Allow", "Action": "scheduler:ListTagsForResource", "Resource": group},
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": passed},
        )("scheduler")
        one = {
            "Name": "one",
            "ScheduleExpression": "at(2999-01-01T00:00:00)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:any", "RoleArn": passed},
        }
        assert refused(scheduler.create_schedule, **one)[0] == "AccessDeniedException"
        scheduler.create_schedule(GroupName="mine", **one)
        scheduler.update_schedule(GroupName="mine", **one)
        assert scheduler.get_schedule(GroupName="mine", Name="one")["GroupName"] == "mine"
        assert refused(scheduler.get_schedule, Name="one")[0] == "AccessDeniedException"
        assert refused(scheduler.delete_schedule, Name="one")[0] == "AccessDeniedException"
        assert scheduler.list_tags_for_resource(ResourceArn=group)["Tags"] == [{"Key": "team", "Value": "pricing"}]
        other = group.replace("mine", "other")
        assert refused(scheduler.list_tags_for_resource, ResourceArn=other)[0] == "AccessDeniedException"

    def test_of_a_rule_on_the_default_bus_name_no_bus(self, user, refused):
        rule = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/mine"
        events = user({"Effect": "Allow", "Action": ["events:Put*", "events:ListTagsForResource"], "Resource": rule})(
            "events"
        )
        assert events.put_rule(Name="mine", ScheduleExpression="rate(1 day)")["RuleArn"] == rule
        assert events.list_tags_for_resource(ResourceARN=rule)["Tags"] == []
        targets = [{"Id": "one", "Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:any"}]
        assert events.put_targets(Rule="mine", Targets=targets)["FailedEntryCount"] == 0
        assert refused(events.put_targets, Rule="other", Targets=targets)[0] == "AccessDeniedException"
        assert refused(events.put_rule, Name="other", ScheduleExpression="rate(1 day)")[0] == "AccessDeniedException"

    def test_of_a_function_are_those_of_its_role(self, client, function, role):
        source = (
            "import boto3\n"
            "def handler(event, context):\n"
            "    answer = boto3.client('ssm').get_parameter(Name=event['name'], WithDecryption=True)\n"
            "    return answer['Parameter']['Value']\n"
        )
        allowed = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/refit/slack-token"
        arn = function(source, role("lambda", ("ssm:GetParameter", allowed)))
        own = client("lambda").invoke(FunctionName=arn, Payload=json.dumps({"name": "/refit/slack-token"}))
        assert json.loads(own["Payload"].read()) == "xoxb-embedded-cloud"
        other = client("lambda").invoke(FunctionName=arn, Payload=json.dumps({"name": "/models/other"}))
        assert json.loads(other["Payload"].read())["errorType"] == "AccessDeniedException"

    def test_of_a_bucket_that_demands_tls_let_the_machine_itself_in(self, client, user):
        s3 = client("s3")
        s3.create_bucket(Bucket="secure", CreateBucketConfiguration={"LocationConstraint": REGION})
        objects = "arn:aws:s3:::secure/*"
        insecure = {"Bool": {"aws:SecureTransport": "false"}}
        deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": objects, "Condition": insecure}
        s3.put_bucket_policy(Bucket="secure", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
        own = user({"Effect": "Allow", "Action": "s3:PutObject", "Resource": objects})("s3")
        assert own.put_object(Bucket="secure", Key="key", Body=b"1")["ETag"]


class TestDeployments:
    def test_of_a_function_are_checked_on_its_name(self, user, role, refused):
        functions, passed = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:mine-*", role("lambda")
        client = user(
            {"Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": functions},
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": passed},
        )("lambda")
        code = {"Runtime": "python3.12", "Handler": "main.handler", "Code": {"ZipFile": b"no zip"}}
        assert refused(client.create_function, FunctionName="other", Role=passed, **code)[0] == "AccessDeniedException"
        assert refused(client.create_function, FunctionName="mine-1", Role=passed, **code)[0] != "AccessDeniedException"

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

    def test_of_the_trust_and_the_end_of_a_role_do_not_include_its_boundary(self, client, user, refused):
        client("iam").create_policy(PolicyName="limit", PolicyDocument=POLICY)
        limit = BOUNDARY.replace("boundary", "limit")
        client("iam").create_role(RoleName="limited", AssumeRolePolicyDocument=NOBODY, PermissionsBoundary=limit)
        client("iam").create_role(RoleName="unlimited", AssumeRolePolicyDocument=NOBODY)
        bounded = {"StringEquals": {"iam:PermissionsBoundary": limit}}
        actions = ["iam:DeleteRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"]
        iam = user({"Effect": "Allow", "Action": actions, "Resource": "*", "Condition": bounded})("iam")
        for call, arguments in (
            (iam.update_assume_role_policy, {"PolicyDocument": NOBODY}),
            (iam.update_role, {"Description": "mine"}),
            (iam.update_role_description, {"Description": "mine"}),
            (iam.delete_role, {}),
        ):
            assert refused(call, RoleName="unlimited", **arguments)[0] == "AccessDenied"
            assert refused(call, RoleName="limited", **arguments)[0] == "AccessDenied"

    def test_of_a_function_are_checked_on_whom_it_lets_in(self, user, function, role, refused):
        arn = function("def handler(event, context): return 1\n", role("lambda"))
        rules = {"StringEquals": {"lambda:Principal": "events.amazonaws.com"}}
        add = {"Effect": "Allow", "Action": "lambda:AddPermission", "Resource": arn, "Condition": rules}
        client = user(add)("lambda")
        invoke = {"FunctionName": arn, "Action": "lambda:InvokeFunction"}
        client.add_permission(**invoke, StatementId="rule", Principal="events.amazonaws.com")
        for principal in (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", "s3.amazonaws.com", "*"):
            denied = refused(client.add_permission, **invoke, StatementId="other", Principal=principal)
            assert denied[0] == "AccessDeniedException"

    def test_of_a_rule_are_checked_on_its_targets(self, user, refused):
        functions = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:mine-*"
        mine = {"ForAllValues:ArnLike": {"events:TargetArn": functions}}
        events = user(
            {"Effect": "Allow", "Action": "events:PutRule", "Resource": "*"},
            {"Effect": "Allow", "Action": "events:PutTargets", "Resource": "*", "Condition": mine},
        )("events")
        events.put_rule(Name="targets", ScheduleExpression="rate(1 day)")
        own = {"Id": "own", "Arn": functions.replace("*", "one")}
        other = {"Id": "other", "Arn": f"arn:aws:events:{REGION}:999999999999:event-bus/theirs"}
        assert events.put_targets(Rule="targets", Targets=[own])["FailedEntryCount"] == 0
        assert refused(events.put_targets, Rule="targets", Targets=[own, other])[0] == "AccessDeniedException"

    def test_of_tags_are_checked_on_what_has_them(self, user, machine, refused):
        own = machine({"End": {"Type": "Succeed"}})
        able = user({"Effect": "Allow", "Action": "states:ListTagsForResource", "Resource": own})("stepfunctions")
        assert able.list_tags_for_resource(resourceArn=own)["tags"] == []
        assert refused(able.list_tags_for_resource, resourceArn=f"{own}-not")[0] == "AccessDeniedException"
