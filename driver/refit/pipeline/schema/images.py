"""What an image can do, judging by the name of its repository: AWS names those of its frameworks and algorithms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from refit.pipeline.schema.constraints import Violation
from refit.problem_codes import Code

BUILT_IN_ALGORITHMS = frozenset(
    {
        *(
            "blazingtext",
            "factorization-machines",
            "forecasting-deepar",
            "image-classification",
            "ipinsights",
            "kmeans",
        ),
        *("knn", "lda", "linear-learner", "ntm", "object-detection", "object2vec", "pca", "randomcutforest"),
        *("sagemaker-xgboost", "semantic-segmentation", "seq2seq", "xgboost"),
    }
)
"""The repositories of AWS's own algorithms, whose metrics SageMaker defines.

https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-algo-docker-registry-paths.html
"""

# https://aws.github.io/deep-learning-containers/reference/available_images/
_HALF = re.compile(
    r"(?:huggingface|pytorch|tensorflow|mxnet|autogluon|stabilityai|djl)[a-z0-9-]*?-(training|inference)(?:-[a-z0-9]+)*"
)


def repository(image: str) -> str:
    """The last part of the name of the image's repository, without tag and digest."""
    return re.split("[:@]", image.rpartition("/")[2])[0]


def half_images(image: str) -> Iterator[Violation]:
    """The violation for an image of AWS's frameworks that only trains or only serves: a pipeline has one image."""
    name = repository(image)
    if not (half := _HALF.fullmatch(name)):
        return
    cannot = "serve a model" if half[1] == "training" else "train"
    message = f"training.image must be able to train and to serve, and {name} cannot {cannot}"
    hint = "use AWS's scikit-learn or XGBoost image, or your own image with both toolkits, under another name"
    yield Violation(("image",), Code.BAD_IMAGE, message, hint)
