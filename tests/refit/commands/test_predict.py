"""`refit predict` on the command line, where standard input may be closed."""

from __future__ import annotations

import subprocess

from tests.support.command_line import REFIT, ROOT


def test_a_closed_standard_input_is_a_message() -> None:
    """Case predict-without-stdin: as under cron and systemd."""
    command = ["bash", "-c", 'exec "$@" <&-', "bash", REFIT, "predict", "local/home-prices"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "standard input is closed, and no rows are given",
        "give rows as arguments, with --file, or on standard input",
    ]
