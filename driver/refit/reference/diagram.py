"""Converts a state machine to a Mermaid diagram, which GitHub renders. Pure."""

from __future__ import annotations

import json

from refit.artifacts.graph import edges

COLOURS = {"Succeed": "fill:#dff3e4,stroke:#2e7d32,color:#1b1b1b", "Fail": "fill:#fde4e1,stroke:#c62828,color:#1b1b1b"}


def mermaid(definition: str) -> str:
    """The built definition as a Mermaid state diagram: its states in order, with conditions on the arrows.

    An arrow that is always taken has no condition. An error that leads to the same state as success has no own arrow.
    """
    machine = json.loads(definition)
    states = machine["States"]
    lines = ["stateDiagram-v2", f"    [*] --> {machine['StartAt']}"]
    labels: dict[tuple[str, str], list[str]] = {}
    for edge in edges(states):
        labels.setdefault((edge.source, edge.target), []).append(edge.label)
    for (source, target), when in labels.items():
        condition = "" if "" in when else f" : {' or '.join(when)}"
        lines.append(f"    {source} --> {target}{condition}")
    for kind, colours in COLOURS.items():
        names = [name for name, state in states.items() if state["Type"] == kind]
        lines += [f"    {name} --> [*]" for name in names]
        lines += [f"    classDef {kind.lower()} {colours}", f"    class {','.join(names)} {kind.lower()}"]
    return "\n".join(lines) + "\n"
