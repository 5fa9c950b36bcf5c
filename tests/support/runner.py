"""Reads a step's output like the Actions runner: which lines are commands (its ActionCommand.cs)."""

from __future__ import annotations

import re


def commands(printed: str) -> list[tuple[str, dict[str, str], str]]:
    """What the Actions runner makes of a step's output: command, properties, text (its ActionCommand.cs)."""
    found = []
    stopped: str | None = None
    for line in re.split(r"\r\n|\r|\n", printed):
        match = re.match(r"\s*::([^\s:]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)", line, re.DOTALL)
        if not match:
            continue
        name, properties, text = match[1], match[2] or "", match[3]
        if stopped:
            stopped = None if name == stopped else stopped
            continue
        if name == "stop-commands":
            stopped = text
            continue
        pairs = (pair.partition("=") for pair in properties.split(",") if pair)
        found.append((name, {key: unescape(value, ":,") for key, _, value in pairs}, unescape(text)))
    return found


def unescape(text: str, more: str = "") -> str:
    for character in f"\r\n{more}%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text
