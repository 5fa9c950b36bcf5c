"""A pipeline → its state machine, in Amazon States Language. The only importer of jinja2.

Reads the templates in `asl/` and nothing else. The definition still holds `${…}` for Terraform, which alone knows ARNs;
no value of a pipeline file can become such a placeholder.
"""

from __future__ import annotations

import json
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from refit.artifacts import deployment_config
from refit.domain.formatting import counted
from refit.errors import BuildError
from refit.pipeline.model import Pipeline
from refit.project import stack_dir

TEMPLATES = stack_dir() / "asl"
MAIN = "state_machine.asl.json.j2"

# Stand for the first character of "${" and "%{" in values until the definition is laid out. No text that a pipeline
# file can hold has a lone surrogate, so nothing else is ever taken for them.
DOLLAR, PERCENT = "\udc24", "\udc25"


def render(pipeline: Pipeline) -> str:
    """The definition of the pipeline's state machine: indented JSON, the same bytes for the same pipeline.

    Raises BuildError when the templates are broken.
    """
    try:
        definition = json.loads(
            _environment()
            .get_template(MAIN)
            .render(pipeline=pipeline, deployment_config=deployment_config.of(pipeline))
        )
    except (TemplateError, json.JSONDecodeError) as error:
        raise BuildError(f"asl/{MAIN} does not render to JSON: {error}", "mend the template") from error
    text = json.dumps(definition, indent=2, ensure_ascii=False) + "\n"
    return text.replace(DOLLAR, "\\u0024").replace(PERCENT, "\\u0025")


def to_json(value: object) -> str:
    """`value` as JSON in which Terraform's `templatefile` finds nothing to fill in.

    "${" and "%{" begin a template there; JSON reads `\\u0024{` and `\\u0025{` as the same text.
    """
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("${", f"{DOLLAR}{{").replace("%{", f"{PERCENT}{{")


def to_jsonata(expression: str) -> str:
    """The JSON string of a field in which Step Functions evaluates the JSONata `expression`.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    return to_json(f"{{% {' '.join(expression.split())} %}}")


def to_literal(value: str) -> str:
    """A text for a JSONata state: one that would be taken for an expression becomes an expression of itself."""
    is_expression = value.startswith("{%") or value.endswith("%}")
    return to_jsonata(json.dumps(value)) if is_expression else to_json(value)


@cache
def _environment() -> Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"tojson": to_json, "jsonata": to_jsonata, "literal": to_literal, "counted": counted}
    return environment
