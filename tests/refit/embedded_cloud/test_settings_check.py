"""Every setting of the embedded cloud is checked before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.embedded_cloud import lifecycle, settings, settings_check
from refit.errors import CloudError

NUMBER = "REFIT_LOCAL_SECONDS_PER_STATUS must be a number from 0 to 3600, got"
FAULTS = "REFIT_LOCAL_SAGEMAKER_FAULTS must be"
BAD = [
    ("REFIT_LOCAL_SECONDS_PER_STATUS", "fast", f"{NUMBER} 'fast'"),
    ("REFIT_LOCAL_SECONDS_PER_STATUS", "nan", f"{NUMBER} 'nan'"),
    ("REFIT_LOCAL_SECONDS_PER_STATUS", "inf", f"{NUMBER} 'inf'"),
    ("REFIT_LOCAL_SECONDS_PER_STATUS", "-1", f"{NUMBER} '-1'"),
    ("REFIT_LOCAL_SECONDS_PER_STATUS", "1e999", f"{NUMBER} '1e999'"),
    ("REFIT_LOCAL_SECONDS_PER_STATUS", "\u0661", f"{NUMBER} '\u0661'"),
    ("REFIT_LOCAL_SECONDS_SCALE", "1/2", "REFIT_LOCAL_SECONDS_SCALE must be a number from 0 to 1, got '1/2'"),
    ("REFIT_LOCAL_STOPPED_JOBS", "ignore", "REFIT_LOCAL_STOPPED_JOBS must be fail or succeed, got 'ignore'"),
    ("REFIT_LOCAL_SAVE_SECONDS", "0", "REFIT_LOCAL_SAVE_SECONDS must be a number from 0.05 to 86400, got '0'"),
    ("REFIT_LOCAL_KEEP_DAYS", "forever", "REFIT_LOCAL_KEEP_DAYS must be a number from 0 to 36500, got 'forever'"),
    ("REFIT_LOCAL_KEEP_RUNS", "0", "REFIT_LOCAL_KEEP_RUNS must be a whole number of at least 1, got '0'"),
    ("REFIT_LOCAL_KEEP_RUNS", "9" * 5000, "REFIT_LOCAL_KEEP_RUNS must be a whole number of at least 1"),
    ("REFIT_LOCAL_AUTH", "no", "REFIT_LOCAL_AUTH must be true or false, got 'no'"),
    ("REFIT_LOCAL_STRICT", "yes", "REFIT_LOCAL_STRICT must be 1 or 0, got 'yes'"),
    ("REFIT_LOCAL_STRICT_SEED", "-1", "REFIT_LOCAL_STRICT_SEED must be a whole number, got '-1'"),
    ("REFIT_LOCAL_STRICT_SEED", "\u00b2", "REFIT_LOCAL_STRICT_SEED must be a whole number, got '\u00b2'"),
    ("REFIT_LOCAL_SAGEMAKER_FAULTS", "{", f"{FAULTS} a JSON object, got '{{'"),
    ("REFIT_LOCAL_SAGEMAKER_FAULTS", '{"nonsense": "fail"}', f"{FAULTS} a script of faults (unknown fault nonsense"),
    (
        "REFIT_LOCAL_SECOND_SCALE",
        "1",
        "REFIT_LOCAL_SECOND_SCALE is not a setting of the embedded cloud, did you mean REFIT_LOCAL_SECONDS_SCALE?",
    ),
]


@pytest.mark.parametrize(("name", "value", "message"), BAD)
def test_a_bad_value_is_rejected(name: str, value: str, message: str) -> None:
    with pytest.raises(CloudError) as caught:
        settings_check.check({name: value})
    assert message in str(caught.value)
    assert caught.value.hint == f"run: unset {name}"


def test_every_bad_setting_is_named_at_once() -> None:
    with pytest.raises(CloudError) as caught:
        settings_check.check({"REFIT_LOCAL_AUTH": "no", "PATH": "/bin", "REFIT_LOCAL_STRICT": "yes"})
    assert caught.value.hint == "run: unset REFIT_LOCAL_AUTH REFIT_LOCAL_STRICT"


def test_every_setting_has_a_rule_that_its_default_and_no_value_meet() -> None:
    assert set(settings.DEFAULTS) <= set(settings_check.RULES)
    settings_check.check({**settings.DEFAULTS, "REFIT_LOCAL_STRICT": "", "REFIT_LOCAL_SECONDS_SCALE": "0.01"})
    settings_check.check(dict.fromkeys(settings_check.RULES, ""))


def test_a_bad_setting_is_rejected_before_anything_starts(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFIT_LOCAL_SECONDS_PER_STATUS", "fast")
    with pytest.raises(CloudError, match="got 'fast'"):
        lifecycle.start(state_dir, 0)
    assert not state_dir.exists()
