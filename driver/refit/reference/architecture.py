"""Generates the diagram and the table of Refit's packages for docs/architecture.md."""

from __future__ import annotations

from collections.abc import Mapping

from refit.reference.imports import ENTRY_POINT, TOPS, Source


def picture(source: Source) -> str:
    """A Mermaid flowchart with an arrow from each package to the packages that it imports.

    Arrows that other arrows imply are omitted: a package may import everything that it reaches through arrows.
    """
    needed = reduced(dependencies(source))
    lines = ["flowchart TD"]
    for top in TOPS:
        lines.append(f"    subgraph {top}_code [{'driver/refit' if top == 'refit' else 'lambdas'}]")
        lines += [f'        {_node(one)}["{_label(one)}"]' for one in needed if one.split(".")[0] == top]
        lines.append("    end")
    lines += [f"    {_node(one)} --> {_node(other)}" for one, others in needed.items() for other in sorted(others)]
    return "\n".join(lines) + "\n"


def rooms(source: Source) -> str:
    """A Markdown table of the packages with the first line of their docstrings."""
    packages = {source.package_of(name) for name in source.modules if name != ENTRY_POINT}
    rows = ["| package | what it does |", "|---|---|"]
    for package in sorted(packages, key=lambda one: (TOPS.index(one.split(".")[0]), one)):
        folder = source.modules[package].parent.relative_to(source.root).as_posix()
        rows.append(f"| `{folder}/` | {source.docstring(package)} |")
    return "\n".join(rows) + "\n"


def dependencies(source: Source) -> dict[str, set[str]]:
    """Package → the packages that its modules import."""
    found: dict[str, set[str]] = {}
    for top in TOPS:
        for name, imported in source.arrows(top):
            here, there = source.package_of(name), source.package_of(imported)
            found.setdefault(there, set())
            found.setdefault(here, set()).update({there} - {here})
    return dict(sorted(found.items()))


def reduced(graph: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The transitive reduction of a graph without cycles. Raises ValueError for a cycle."""
    reached: dict[str, set[str]] = {}

    def reach(node: str, path: tuple[str, ...] = ()) -> set[str]:
        if node in path:
            raise ValueError(f"the packages import each other: {' → '.join((*path[path.index(node) :], node))}")
        if node not in reached:
            reached[node] = {node}.union(*(reach(other, (*path, node)) for other in graph[node]))
        return reached[node]

    for node in graph:
        reach(node)
    return {
        node: {one for one in others if not any(one in reached[other] for other in others - {one})}
        for node, others in graph.items()
    }


def _node(package: str) -> str:
    return package.replace(".", "_")


def _label(package: str) -> str:
    names = {"refit": "errors, git, project, …", "lambdas": "the handlers"}
    return names.get(package, package.partition(".")[2])
