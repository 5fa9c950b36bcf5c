"""Every problem of a file is reported with its location and what to write instead."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from refit.errors import InvalidPipeline, Problem
from refit.pipeline import files as pipeline
from refit.pipeline.field_types import element_of, section_of
from refit.pipeline.hcl import reader as hcl
from refit.pipeline.model import Pipeline
from refit.pipeline.schema.constraints import Constraint
from tests.support.checkout import MINIMAL, NOW, OWN_IMAGE, load, problems, with_contract, write


def test_every_problem_is_told_at_its_place(tmp_path: Path) -> None:
    text = """\
pipeline = "Home"
data = { prefix = "/data", feature_dim = "13", a = 1 }
windw = {}
environment = "prod"
window = { days = 0, dayz = 1 }
region = var.region
slack = { channel = "A b" }
training = {
  hyperparameters = { "a b" = "x", epochs = 15, feature_dim = "13" }
  volume_gb       = 1.5
}
tags = { "aws:x" = "1" }
retention = { run_days = 90 }
schedule = "daily"
alarms = { actions = ["no-arn", true] }
force_destroy = "yes"
zzz = null
"""
    alarms = 'alarms = { actions = ["arn:aws:sns:us-west-2:123456789012:ml-alerts"] }'
    assert problems(tmp_path, text) == [
        "1:12: bad-name pipeline must be 2 to 32 lowercase letters, digits and single hyphens, "
        'and start with a letter, got "Home"; write pipeline = "home-prices"',
        "2:19: bad-prefix data.prefix must be a folder of letters, digits and ! _ . ' ( ) = - that ends in /, "
        'without empty parts, got "/data"; write prefix = "data/"',
        '2:42: wrong-type data.feature_dim must be a whole number, got "13"; write feature_dim = 13',
        "2:48: unknown-field there is no field data.a; "
        "the fields here are bucket, bucket_owner, kms_key_arn, prefix, format, content_type, layout, ready, "
        "feature_dim, stale_after_days, schema, schema_file, rows, on_bad_day, check_layer_arn",
        "3:1: unknown-field there is no field windw; did you mean window?",
        "4:1: unknown-field there is no field environment; remove it: the folder of the file is the environment",
        "5:19: out-of-range window.days must be between 1 and 3653, got 0; write days = 1",
        "5:22: unknown-field there is no field window.dayz; did you mean days?",
        "6:10: not-a-literal region is a reference; a pipeline file contains only literal values; "
        "write the value itself",
        '7:21: bad-name slack.channel must be the name of a channel in lowercase letters, or its ID, got "A b"; '
        'write channel = "a-b"',
        "9:23: bad-name training.hyperparameters must contain at most 98 entries, "
        "with names of at most 256 letters, digits and "
        "_ . : / - and values of one line with at most 2500 characters, both in double quotes, "
        'got the name "a b"; write a_b = "x"',
        "9:45: wrong-type training.hyperparameters.epochs must be a string in double quotes, got 15; "
        'write epochs = "15"',
        "9:63: reserved training.hyperparameters must not contain feature_dim, which has its own field; "
        "write data = { feature_dim = 13 }",
        "10:21: wrong-type training.volume_gb must be a whole number, got 1.5; write volume_gb = 2",
        '12:20: reserved the tag "aws:x" starts with aws:, which is reserved; choose another name',
        "13:13: missing-field retention.model_days is missing; write retention = { run_days = 90, model_days = 365 }",
        '14:12: wrong-type schedule must be an object, { … }, got "daily"; '
        'write schedule = { expression = "rate(1 day)" }',
        '15:23: bad-arn alarms.actions must contain at most five ARNs, for example of SNS topics, got "no-arn"; '
        f"write {alarms}",
        f"15:33: wrong-type alarms.actions[1] must be a string in double quotes, got true; write {alarms}",
        '16:17: wrong-type force_destroy must be true or false, got "yes"; write force_destroy = true',
        "17:1: unknown-field there is no field zzz; "
        "the fields here are pipeline, region, schedule, arrival, orchestration, retrain_on, data, drift, window, "
        "training, endpoint, gate, approval, slack, alarms, retention, poll_interval_seconds, bucket, "
        "sagemaker_role_arn, log_retention_days, force_destroy, tags",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("endpoint = []", "endpoint must be an object, { … }, got an empty list"),
        ("endpoint = [1]", "endpoint must be an object, { … }, got a list with 1 value"),
        ("window = { days = 1e1 }", "window.days must be a whole number without a point or an exponent, got 10.0"),
        ("window = { days = 7.0 }", "window.days must be a whole number without a point or an exponent, got 7.0"),
        (
            "training = { hyperparameters = { mini_batch_size = 30.5 } }",
            'got 30.5; write mini_batch_size = "30.5"',
        ),
        ('tags = { "a b" = true }', 'got true; write "a b" = "true"'),
    ],
)
def test_a_value_is_shown_as_written_and_its_hint_names_its_own_field(tmp_path: Path, line: str, message: str) -> None:
    (only,) = problems(tmp_path, MINIMAL + line)
    assert message in only


def test_an_empty_file_lacks_two_fields(tmp_path: Path) -> None:
    assert problems(tmp_path, "") == [
        '1:1: missing-field data is missing; write data = { prefix = "data/home-prices/train/", feature_dim = 13 }',
        '1:1: missing-field pipeline is missing; write pipeline = "home-prices"',
    ]


def fields_of(model: type[BaseModel], *path: str | int) -> Iterator[tuple[tuple[str | int, ...], Constraint]]:
    for name, field in model.model_fields.items():
        (must,) = [word for word in field.metadata if isinstance(word, Constraint)]
        yield (*path, name), must
        if inner := section_of(field):
            yield from fields_of(inner, *path, name)
        elif inner := element_of(field):  # the examples set the fields of the second element
            yield from fields_of(inner, *path, name, 1)


COLUMNS = json.dumps([{"name": f"x{at}"} for at in range(14)])
FIELDS = [pytest.param(path, must, id=".".join(map(str, path))) for path, must in fields_of(Pipeline)]


@pytest.mark.parametrize(("path", "must"), FIELDS)
def test_what_a_hint_says_to_write_is_valid_and_about_its_field(
    tmp_path: Path, path: tuple[str | int, ...], must: Constraint
) -> None:
    trail = list(hcl.parse(must.write.encode(), "hint").root.follow(path))
    assert len(trail) == len(path) + 1
    held_out = f"{MINIMAL}window = {{ days = 7, holdout_days = 1 }}"  # what a gate of the validation channel needs
    if "binary_classification" in must.write:
        held_out += '\ntraining = { predictor_type = "binary_classifier" }'
    if must.write.startswith("drift"):
        held_out = with_contract(held_out)
    if "required = false" in must.write:
        held_out += OWN_IMAGE
    if "schema_file" in must.write:
        write(tmp_path).path.with_name("home-prices.schema.json").write_text(COLUMNS)
    kept = [line for line in held_out.splitlines() if line.split()[0] != must.write.split()[0]]
    assert load(tmp_path, "\n".join([*kept, must.write]))


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_a_file_with_words_exchanged_is_valid_or_has_problems(
    tmp_path_factory: pytest.TempPathFactory, randomness: random.Random, edits: int
) -> None:
    text = (Path(__file__).parents[3] / "terraform" / "pipelines" / "local" / "home-prices.tfvars").read_text()
    words = [
        *text.split(),
        "0",
        "-1",
        "1e9",
        "null",
        "true",
        '"${x}"',
        '"\\u0000"',
        "[]",
        "{}",
        '{ "a.$" = "$.b" }',
        "\n",
    ]
    parts = text.split(" ")
    for _ in range(edits):
        parts[randomness.randrange(len(parts))] = randomness.choice(words)
    ref = write(tmp_path_factory.mktemp("mangled"), " ".join(parts))
    found: tuple[Problem, ...] = ()
    try:
        assert pipeline.load(ref, NOW).pipeline == "home-prices"
    except InvalidPipeline as error:
        found = error.problems
        assert found
    for one in found:
        assert one.file == ref.display_path
        assert 1 <= one.line <= text.count("\n") + edits + 2
        assert (one.message + one.hint).isprintable()


def test_a_long_name_is_cut_in_the_message(tmp_path: Path) -> None:
    image = "1" * 12 + ".dkr.ecr.us-west-2.amazonaws.com/m:1"
    text = f'training = {{ image = "{image}", metrics = {{ {"x" * 3000} = 1 }} }}\n'
    found = problems(tmp_path, MINIMAL + text)
    assert any(
        f"training.metrics.{'x' * 100}… must be a string in double quotes, got 1; write " in one for one in found
    )
    assert all(len(one) < 1_000 for one in found)
