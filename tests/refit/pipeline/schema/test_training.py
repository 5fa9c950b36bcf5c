"""training in a pipeline file: which fields Linear Learner and custom images can have."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.pipeline.schema.training import OWN_IMAGE
from tests.support.checkout import MINIMAL, load, problem, problems

OWN = f'image = "{OWN_IMAGE}"'
LINEAR_LEARNER = 'image = "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1"'


def training(*fields: str) -> str:
    return "\n  ".join(["training = {", *fields]) + "\n}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            training('predictor_type = "multiclass_classifier"'),
            "12: needs-another training.hyperparameters must contain num_classes for a multiclass_classifier; "
            'write hyperparameters = { num_classes = "3" }',
        ),
        *(
            (
                training(
                    'predictor_type = "multiclass_classifier"', f'hyperparameters = {{ num_classes = "{number}" }}'
                ),
                "37: out-of-range training.hyperparameters.num_classes must be a whole number between 3 and 1000000, "
                f'got "{number[:10]}"; write num_classes = "3"',
            )
            for number in ("2", "1000001", "3.0", "-3", "03", "", "three classes", "9" * 2_500)
        ),
        (
            training('hyperparameters = { num_classes = "3" }'),
            "37: unused-field training.hyperparameters.num_classes has no effect with a regressor; "
            'remove it, or write predictor_type = "multiclass_classifier"',
        ),
        (
            training('source = "code"'),
            f"12: needs-another training.source needs an image that runs the code; Linear Learner does not; add {OWN}",
        ),
        (training('source = "code"', LINEAR_LEARNER), "needs-another training.source needs an image that"),
        (
            training('metrics = { "validation:mse" = "mse=(.*)" }'),
            "13: unused-field training.metrics has no effect with Linear Learner, whose metrics SageMaker defines; "
            "remove it, or set the image that logs them",
        ),
        (
            training('channels = { test = "test/", extra = "extra/" }'),
            "40: unused-field training.channels.extra is not read by Linear Learner, "
            "which reads train, validation and test; remove it, or set the image that reads it",
        ),
        (
            training(OWN, 'predictor_type = "regressor"'),
            "20: unused-field training.predictor_type has no effect with an image other than Linear Learner's; "
            "remove it",
        ),
        (
            training(OWN, 'entry_point = "train.py"'),
            '17: unused-field training.entry_point has no effect without source; add source = "algorithms/my-model"',
        ),
        (
            training(OWN, 'source = "code"', 'hyperparameters = { sagemaker_program = "fit.py" }'),
            "43: reserved training.hyperparameters must not contain sagemaker_program, "
            "which Refit sets because source is set; remove it",
        ),
        *(
            (training(OWN, f'source = "{folder}"'), "bad-value training.source must be a folder in the repository")
            for folder in ("", "/code", "../code", "code/../..", "code//x", ".", "my code", "s3://bucket/code")
        ),
        *(
            (
                training(OWN, 'source = "code"', f'entry_point = "{name}"'),
                f'bad-name training.entry_point must be the name of a Python file in source, got "{name}"; write ',
            )
            for name in ("", "train", "train.sh", "sub/train.py", ".py", "-m.py")
        ),
        *(
            (
                training(OWN, f'channels = {{ {name} = "data/" }}'),
                f"{column}: reserved training.channels must not contain {name}, which is set by data and window; "
                "choose another name",
            )
            for name, column in (("train", 24), ("validation", 29))
        ),
        (
            training(OWN, 'channels = { "a b" = "data/" }'),
            "bad-name training.channels must contain at most 18 channels",
        ),
        (
            training(OWN, 'channels = { extra = "data" }'),
            "bad-prefix training.channels must contain at most 18 channels",
        ),
        (
            training(OWN, "channels = {", *(f'c{n} = "data/"' for n in range(19)), "}"),
            "too-many training.channels must contain at most 18 channels",
        ),
        (training(OWN, 'metrics = { "a b" = "(.)" }'), "bad-name training.metrics must contain at most 40 metrics"),
        *(
            (
                training(OWN, f'metrics = {{ mse = "{pattern}" }}'),
                "21: bad-value training.metrics must contain at most 40 metrics, with names of at most 255 letters, "
                "digits and _ . : / @ - and regular expressions of one line, at most 500 characters and one group",
            )
            for pattern in ("", "mse=.*", "(a)(b)", "(a", f"({'a' * 499})")
        ),
        (
            training(OWN, "metrics = {", *(f'm{n} = "(.)"' for n in range(41)), "}"),
            "too-many training.metrics must contain at most 40 metrics",
        ),
    ],
)
def test_what_no_job_could_use_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in problem(tmp_path, text)


def test_all_that_does_not_go_together_is_told_at_once(tmp_path: Path) -> None:
    text = training(
        'predictor_type = "multiclass_classifier"',
        'entry_point = "fit.py"',
        'channels = { b = "b/", a = "a/" }',
        'metrics = { mse = "(.)" }',
    )
    assert [found.split()[:2] for found in problems(tmp_path, MINIMAL + text)] == [
        ["3:12:", "needs-another"],
        ["5:17:", "unused-field"],
        ["6:20:", "unused-field"],
        ["6:30:", "unused-field"],
        ["7:13:", "unused-field"],
    ]


@pytest.mark.parametrize(
    ("image", "own"),
    [
        ("382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1", False),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/mirror/linear-learner:1", False),
        (f"123456789012.dkr.ecr.us-east-1.amazonaws.com/linear-learner@sha256:{'0' * 64}", False),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/linear-learner/forest:1", True),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/my-linear-learner:1", True),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/forest:linear-learner", True),
    ],
)
def test_an_image_is_linear_learner_by_the_last_part_of_its_repository(tmp_path: Path, image: str, own: bool) -> None:
    assert load(tmp_path, MINIMAL + training(f'image = "{image}"')).training.own_image is own


def test_linear_learner_is_given_what_has_fields_of_its_own_too(tmp_path: Path) -> None:
    text = training('predictor_type = "multiclass_classifier"', 'hyperparameters = { num_classes = "4", wd = "0" }')
    assert load(tmp_path, MINIMAL + text).hyperparameters == {
        "feature_dim": "13",
        "predictor_type": "multiclass_classifier",
        "num_classes": "4",
        "wd": "0",
    }


def test_an_own_image_is_given_the_hyperparameters_of_the_file_alone(tmp_path: Path) -> None:
    text = training(OWN, 'hyperparameters = { feature_dim = "12", num_classes = "two" }')
    assert load(tmp_path, MINIMAL + text).hyperparameters == {"feature_dim": "12", "num_classes": "two"}


def test_an_own_algorithm_has_its_code_channels_and_metrics(tmp_path: Path) -> None:
    text = training(
        OWN,
        'source = "algorithms/forest/"',
        'channels = { regions = "data/regions/" }',
        'metrics = { "validation:mse" = "mse=([0-9.]+)(?:;|$)" }',
    )
    found = load(tmp_path, MINIMAL + text).training
    assert (found.source, found.entry_point) == ("algorithms/forest/", "train.py")
    assert found.channels == {"regions": "data/regions/"}
    assert found.metrics == {"validation:mse": "mse=([0-9.]+)(?:;|$)"}


def image_of(repository: str) -> str:
    return training(f'image = "763104351884.dkr.ecr.us-west-2.amazonaws.com/{repository}:2.3-cpu"')


@pytest.mark.parametrize(
    ("repository", "cannot"),
    [
        ("pytorch-training", "serve a model"),
        ("tensorflow-training", "serve a model"),
        ("huggingface-pytorch-training", "serve a model"),
        ("pytorch-training-neuronx", "serve a model"),
        ("mirror/pytorch-training", "serve a model"),
        ("pytorch-inference", "train"),
        ("djl-inference", "train"),
        ("huggingface-pytorch-tgi-inference", "train"),
    ],
)
def test_an_image_that_only_trains_or_only_serves_is_refused(tmp_path: Path, repository: str, cannot: str) -> None:
    said = problem(tmp_path, image_of(repository))
    name = repository.rpartition("/")[2]
    assert f"bad-image training.image must be able to train and to serve, and {name} cannot {cannot}; use AWS's" in said


@pytest.mark.parametrize("repository", ["sagemaker-scikit-learn", "sagemaker-xgboost", "prices-training", "pytorch"])
def test_an_image_that_may_do_both_is_taken(tmp_path: Path, repository: str) -> None:
    assert load(tmp_path, MINIMAL + image_of(repository)).training.own_image
