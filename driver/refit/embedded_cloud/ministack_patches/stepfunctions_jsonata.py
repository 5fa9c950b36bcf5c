"""Step Functions: JSONata states in a state machine whose other states use JSONPath.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from typing import Any

from ministack.services import stepfunctions

from refit.embedded_cloud.ministack_patches.patching import patch

MODULE = "services.stepfunctions"


@patch(MODULE, "_execute_choice")
def use_the_states_language_in_choices(choose: Any, state: Any, raw_input: Any, ctx: Any = None) -> Any:
    """A choice rule uses the QueryLanguage of its state, so that its Assign is applied; Output also applies to Default.

    ministack reads the rule's own QueryLanguage, which does not exist, or the state machine's.
    https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
    """
    language = stepfunctions._state_query_language(state, ctx)
    if language != "JSONata":
        return choose(state, raw_input, ctx)
    rules = [{**rule, "QueryLanguage": language} for rule in state.get("Choices", ())]
    if "Default" in state:
        otherwise = {name: state[name] for name in ("Assign", "Output") if name in state}
        rules.append({**otherwise, "QueryLanguage": language, "Condition": True, "Next": state["Default"]})
    return choose({**state, "Choices": rules}, raw_input, ctx)


@patch(MODULE, "_apply_catcher")
def use_the_states_language_in_catchers(
    catch: Any, catcher: Any, raw_input: Any, ctx: Any, language: str, error: Any
) -> Any:
    """A catcher uses the QueryLanguage of its state, so that its Assign is applied.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-fallback-states
    """
    return catch({**catcher, "QueryLanguage": language}, raw_input, ctx, language, error)


@patch(MODULE, "_apply_state_assign")
def assign_all_at_once(assign: Any, state: Any, raw_input: Any, ctx: Any, **seen: Any) -> None:
    """Expressions in an Assign read the variables' previous values; in ministack they see those just assigned.

    https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    """
    if ctx is None or not isinstance(state.get("Assign"), dict):
        return
    variables = ctx.setdefault("variables", {})
    before, after = dict(variables), {}
    for name, template in state["Assign"].items():
        alone = {**ctx, "variables": dict(before)}
        assign({**state, "Assign": {name: template}}, raw_input, alone, **seen)
        after.update({name: alone["variables"][name]} if name in alone["variables"] else {})
    variables.update(after)
