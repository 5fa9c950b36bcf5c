"""Renders the state machine of a pipeline in Amazon States Language. Only this module imports jinja2.

Reads the templates in `asl/` and nothing else. The definition still contains `${…}` placeholders for Terraform, which
fills in the ARNs; no value of a pipeline file can become such a placeholder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from refit.artifacts import deployment_config
from refit.artifacts.expressions import Expressions
from refit.artifacts.vocabulary import WORDS
from refit.domain import endpoint_config, resource_names
from refit.domain.formatting import counted
from refit.domain.setting_values import NEVER
from refit.errors import BuildError
from refit.pipeline.model import Pipeline
from refit.project import stack_dir

TEMPLATES = stack_dir() / "asl"
MAIN = "state_machine.asl.json.j2"

# These replace the first character of "${" and "%{" in values until the definition is rendered. No string in a pipeline
# file can contain a lone surrogate, so nothing else can be mistaken for them.
DOLLAR, PERCENT = "\udc24", "\udc25"


def render(pipeline: Pipeline) -> str:
    """The definition of the pipeline's state machine: indented JSON, the same bytes for the same pipeline.

    Raises BuildError if the templates are invalid.
    """
    values = {
        "pipeline": pipeline,
        "direct": pipeline.orchestration == "direct",
        "deployment_config": deployment_config.of(pipeline),
        "constants": constants_of(pipeline),
    }
    try:
        definition = json.loads(_environment().get_template(MAIN).render(values))
    except (TemplateError, json.JSONDecodeError) as error:
        raise BuildError(f"asl/{MAIN} does not render to JSON: {error}", "fix the template") from error
    text = json.dumps(definition, indent=2, ensure_ascii=False) + "\n"
    return text.replace(DOLLAR, "\\u0024").replace(PERCENT, "\\u0025")


def to_json(value: object) -> str:
    """`value` as JSON in which Terraform's `templatefile` has nothing to fill in.

    "${" and "%{" begin a template there; JSON reads `\\u0024{` and `\\u0025{` as the same text.
    """
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("${", f"{DOLLAR}{{").replace("%{", f"{PERCENT}{{")


@pass_context
def to_jsonata(context: Context, expression: str, **values: object) -> str:
    """The JSON string that makes Step Functions evaluate the JSONata `expression`, with its constants filled in.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    return _evaluated(expressions(context["constants"]).fill_in(" ".join(expression.split()), values))


@pass_context
def to_expression(context: Context, name: str, **values: object) -> str:
    """Like `to_jsonata`, for the expression in asl/expressions/`name`.jsonata."""
    return _evaluated(expressions(context["constants"]).source(name, values))


def to_literal(value: str) -> str:
    """A string in a JSONata state. One that looks like an expression becomes an expression of itself."""
    is_expression = value.startswith("{%") or value.endswith("%}")
    return _evaluated(json.dumps(value)) if is_expression else to_json(value)


def _evaluated(expression: str) -> str:
    return to_json(f"{{% {expression} %}}")


def expressions(constants: Mapping[str, object]) -> Expressions:
    """The JSONata files of the state machine, with the values of a pipeline that they use."""
    return Expressions(TEMPLATES / "expressions", constants)


def constants_of(pipeline: Pipeline) -> dict[str, object]:
    """The values of a pipeline that any expression may use."""
    return {
        "PIPELINE": pipeline.pipeline,
        "ENDPOINT": pipeline.endpoint_name,
        "POLL_INTERVAL_SECONDS": pipeline.poll_interval_seconds,
        "RUN_NAME": resource_names.run_name_pattern(pipeline.pipeline),
        "AWAITED_METRICS": pipeline.awaited_metrics,
        "NEVER": NEVER,
        "REQUESTED_VARIANT": endpoint_config.variant("", vars(pipeline.endpoint)),
    }


@cache
def _environment() -> Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"tojson": to_json, "jsonata": to_jsonata, "literal": to_literal, "counted": counted}
    environment.globals |= {**WORDS, "expression": to_expression}
    return environment
