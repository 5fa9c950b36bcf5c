"""Reads refit.toml: the folder of the pipeline files, the version of Refit, and each environment's AWS account.

Every key is optional; without the file, the defaults apply. All problems are reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refit import regular_file
from refit.errors import InvalidInput, Problem
from refit.problem_codes import Code

FILE = "refit.toml"
PIPELINES = "terraform/pipelines"
LOCAL = "local"
"""The environment of the pipelines that run on the embedded cloud."""

FOLDER = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
TOP = {
    "pipelines": (FOLDER, 'a folder below this file, such as "terraform/pipelines"'),
    "version": (re.compile(r"\d+(\.\d+)+([a-z0-9.+-]*)"), 'a version of Refit, such as "0.2.0"'),
}
OF_ENVIRONMENT = {
    "account": (re.compile(r"\d{12}"), 'the 12 digits of an AWS account in quotes, such as "123456789012"'),
    "state_bucket": (re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"), 'the name of an S3 bucket, such as "acme-state"'),
    "region": (re.compile(r"[a-z]{2}(-[a-z]+)+-\d"), 'the region of the state bucket, such as "us-west-2"'),
}
ENVIRONMENT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class InvalidSettings(InvalidInput):
    """refit.toml is invalid."""


@dataclass(frozen=True)
class EnvironmentSettings:
    """The settings of one environment; None for omitted ones.

    `account` is the only AWS account that commands for the environment may use. `state_bucket`, in `region`, stores
    Terraform's state; REFIT_STATE_BUCKET and REFIT_STATE_REGION override them.
    """

    account: str | None = None
    state_bucket: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class Settings:
    """The content of refit.toml. `pipelines` is relative to the file, with slashes."""

    pipelines: str = PIPELINES
    version: str | None = None
    environments: Mapping[str, EnvironmentSettings] = field(default_factory=dict)

    def environment(self, name: str) -> EnvironmentSettings:
        """The settings of the environment `name`; empty if the file has none for it."""
        return self.environments.get(name, EnvironmentSettings())


def read(root: Path) -> Settings:
    """The settings in `root`, or the defaults if there is no refit.toml. Raises InvalidSettings with every problem."""
    try:
        content = regular_file.read(root / FILE)
    except FileNotFoundError:
        return Settings()
    except regular_file.NotRegular as error:
        hint = f"replace it with a file, such as the one that refit init writes, or remove {FILE}"
        raise _invalid(1, Code.UNREADABLE_FILE, "this is not a regular file", hint) from error
    except OSError as error:
        if (root / FILE).is_symlink():
            what = "this is a symbolic link, which means other content in git than on disk"
            raise _invalid(1, Code.SYMBOLIC_LINK, what, "replace it with the file itself") from error
        raise _invalid(
            1, Code.UNREADABLE_FILE, f"the file cannot be read: {error.strerror}", "make it readable"
        ) from error
    return parse(content)


def parse(content: bytes) -> Settings:
    """Parses the content of refit.toml. Raises InvalidSettings with every problem."""
    import tomllib  # imported only when there is a refit.toml, to save time

    if len(content) > regular_file.MAX_BYTES:
        what = f"the file has more than {regular_file.MAX_BYTES:,} bytes, the maximum"
        raise _invalid(1, Code.FILE_TOO_BIG, what, "remove what is not a setting")
    try:
        text = content.decode()
        values = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _invalid(line, Code.NOT_UTF8, "the file is not UTF-8", "save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(place[1]) if place else content.count(b"\n") + 1
        what = re.sub(r" \(at .*\)$", "", str(error))
        raise _invalid(
            line, Code.SETTINGS_SYNTAX, f"the file is not TOML: {what}", "see https://toml.io/en/v1.0.0"
        ) from error
    if problems := list(_problems(values, _Lines(text))):
        raise InvalidSettings(problems)
    environments = {name: EnvironmentSettings(**table) for name, table in values.pop("environments", {}).items()}
    return Settings(**values, environments=environments)


def _problems(values: Mapping[str, Any], lines: _Lines) -> Iterator[Problem]:
    yield from _table((), {key: value for key, value in values.items() if key != "environments"}, TOP, lines)
    environments = values.get("environments", {})
    if not isinstance(environments, dict):
        yield lines.problem(("environments",), Code.WRONG_TYPE, "must be tables", "write [environments.prod]")
        return
    for name, table in environments.items():
        path = ("environments", name)
        if name == LOCAL:
            hint = "remove it: the environment local is the embedded cloud, which has no account"
            yield lines.problem(path, Code.RESERVED, "cannot be set", hint)
        elif not ENVIRONMENT_NAME.fullmatch(name):
            yield lines.problem(path, Code.BAD_NAME, "is not the name of an environment", "write [environments.prod]")
        elif not isinstance(table, dict):
            yield lines.problem(path, Code.WRONG_TYPE, "must be a table", f"write [environments.{name}]")
        else:
            yield from _table(path, table, OF_ENVIRONMENT, lines)


def _table(
    path: tuple[str, ...], values: Mapping[str, Any], keys: Mapping[str, tuple[re.Pattern[str], str]], lines: _Lines
) -> Iterator[Problem]:
    for key, value in values.items():
        if key not in keys:
            known = ", ".join([*keys, *([] if path else ["[environments.NAME]"])])
            yield lines.problem((*path, key), Code.UNKNOWN_FIELD, "is not a setting", f"the settings are: {known}")
            continue
        pattern, meaning = keys[key]
        if not isinstance(value, str):
            yield lines.problem((*path, key), Code.WRONG_TYPE, f"must be a string, got {value!r}", f"write {meaning}")
        elif not pattern.fullmatch(value) or {".", ".."} & set(value.split("/")):
            yield lines.problem((*path, key), Code.BAD_VALUE, f'cannot be "{value}"', f"write {meaning}")


def problem(root: Path, key: str, message: str, hint: str) -> Problem:
    """A problem with the value of a top-level key, at its line in the refit.toml of `root`."""
    return _Lines(regular_file.read(root / FILE).decode()).problem((key,), Code.BAD_VALUE, message, hint)


class _Lines:
    """Finds the line of a key, because tomllib does not report the locations of values."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    def problem(self, path: tuple[str, ...], code: Code, message: str, hint: str) -> Problem:
        return Problem(FILE, self._line(path), 1, code, f"{'.'.join(path)} {message}", hint)

    def _line(self, path: tuple[str, ...]) -> int:
        """The line of the key at `path`, or of its table if the key is in an inline table; 1 if neither is found."""
        table: tuple[str, ...] = ()
        nearest = 1
        for number, line in enumerate(self._lines, start=1):
            if header := re.match(r"\s*\[+([^\]]*)\]+", line):
                table = _keys(header[1])
                written = table
            elif assigned := re.match(r"""\s*([\w."'\s-]+?)\s*=""", line):
                written = (*table, *_keys(assigned[1]))
            else:
                continue
            if written == path:
                return number
            if written and path[: len(written)] == written:
                nearest = number
        return nearest


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _invalid(line: int, code: Code, message: str, hint: str) -> InvalidSettings:
    return InvalidSettings([Problem(FILE, line, 1, code, message, hint)])
