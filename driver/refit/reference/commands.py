"""Generates the command-line reference as Markdown, from the same texts as `--help`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol


class Parameter(Protocol):
    """An argument or an option, as typer's commands hold it."""

    param_type_name: str
    hidden: bool

    def get_help_record(self, ctx: Any) -> tuple[str, str] | None: ...


class Command(Protocol):
    """A command as `typer.main.get_command` returns it; a group also has `commands`."""

    help: str | None
    hidden: bool
    context_class: Any

    def get_params(self, ctx: Any) -> Sequence[Parameter]: ...

    def collect_usage_pieces(self, ctx: Any) -> list[str]: ...


def reference(app: Command, name: str = "refit") -> str:
    """The Markdown of every command below `app`, in the order of its help, without hidden commands."""
    return "\n".join(line for path, command in _commands(app, name) for line in _command(path, command)).lstrip() + "\n"


def _commands(group: Command, path: str) -> Iterator[tuple[str, Command]]:
    commands: Mapping[str, Command] = getattr(group, "commands", {})
    for name, command in commands.items():
        if command.hidden:
            continue
        if getattr(command, "commands", None):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _command(path: str, command: Command) -> Iterator[str]:
    context = command.context_class(command, info_name=path)
    text, _, example = (command.help or "").partition("Example:")
    yield from ("", f"## {path}", "", " ".join(text.split()), "")
    yield from ("```console", f"{path} {' '.join(command.collect_usage_pieces(context))}", "```")
    if example.strip():
        yield from ("", "Example:", "", "```console", " ".join(example.split()), "```")
    records = [
        (f"`{found[0]}`", _cell(found[1]))
        for parameter in command.get_params(context)
        if (found := parameter.get_help_record(context)) and "--help" not in found[0]
    ]
    if records:
        yield from ("", "| | |", "|---|---|", *(f"| {name} | {text} |" for name, text in records))


def _cell(text: str) -> str:
    return text.replace("  [", " [").replace("|", "\\|").replace("<", "\\<").replace("*", "\\*")
