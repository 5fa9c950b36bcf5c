"""The layer of the function CheckQuality."""

from __future__ import annotations

import json

from tests.support.terraform.planner import Plan, Planner
from tests.terraform.conftest import LAYER

DATA = {"prefix": "data/home-prices/train/", "feature_dim": 1, "schema": [{"name": "price"}, {"name": "rooms"}]}
PUBLIC = "arn:aws:lambda:us-west-2:336392948345:layer:AWSSDKPandas-Python312:19"


def layers(planned: Plan) -> dict[str, list[str]]:
    functions = planned.resources("aws_lambda_function").values()
    return {function["handler"]: function["layers"] for function in functions if function["layers"]}


def test_it_alone_has_the_layer_of_the_pipeline_file(whole: Plan, plan: Plan) -> None:
    assert layers(whole) == {"lambdas.check_quality.handler": [LAYER]}
    assert layers(plan) == {}


def test_by_default_it_has_the_public_layer(planner: Planner) -> None:
    assert layers(planner.plan(data=DATA)) == {"lambdas.check_quality.handler": [PUBLIC]}


def test_columns_in_a_file_are_a_contract_as_columns_in_the_pipeline_file_are(planner: Planner) -> None:
    lake = {"bucket": "company-lake", "bucket_owner": "111122223333", "prefix": "sales/", "feature_dim": 1}
    columns = planner.ref.path.with_name("sales.schema.json")
    columns.write_text(json.dumps(DATA["schema"]))
    inline = planner.plan(data={**lake, "schema": DATA["schema"]})
    in_file = planner.plan(data={**lake, "schema_file": columns.name})
    assert layers(in_file) == layers(inline) == {"lambdas.check_quality.handler": [PUBLIC]}
    assert "-check-quality" in str(in_file.output.outputs)
    assert in_file.output.outputs == inline.output.outputs
