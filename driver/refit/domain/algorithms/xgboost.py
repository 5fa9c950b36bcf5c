"""XGBoost: AWS's image, the accounts that publish it, and the metrics that its jobs report. Pure.

Accounts: sagemaker-python-sdk, `image_uri_config/xgboost.json`, version 1.7-1.
"""

from __future__ import annotations

from collections.abc import Mapping

from refit.domain.algorithms.image import Algorithm

ACCOUNTS = {
    "af-south-1": "510948584623",
    "ap-east-1": "651117190479",
    "ap-northeast-1": "354813040037",
    "ap-northeast-2": "366743142698",
    "ap-northeast-3": "867004704886",
    "ap-south-1": "720646828776",
    "ap-south-2": "628508329040",
    "ap-southeast-1": "121021644041",
    "ap-southeast-2": "783357654285",
    "ap-southeast-3": "951798379941",
    "ap-southeast-4": "106583098589",
    "ca-central-1": "341280168497",
    "ca-west-1": "190319476487",
    "cn-north-1": "450853457545",
    "cn-northwest-1": "451049120500",
    "eu-central-1": "492215442770",
    "eu-central-2": "680994064768",
    "eu-north-1": "662702820516",
    "eu-south-1": "978288397137",
    "eu-south-2": "104374241257",
    "eu-west-1": "141502667606",
    "eu-west-2": "764974769150",
    "eu-west-3": "659782779980",
    "il-central-1": "898809789911",
    "me-central-1": "272398656194",
    "me-south-1": "801668240914",
    "sa-east-1": "737474898029",
    "us-east-1": "683313688378",
    "us-east-2": "257758044811",
    "us-gov-east-1": "237065988967",
    "us-gov-west-1": "414596584902",
    "us-iso-east-1": "833128469047",
    "us-isob-east-1": "281123927165",
    "us-isof-east-1": "108575199400",
    "us-isof-south-1": "124985052026",
    "us-west-1": "746614075791",
    "us-west-2": "246618743249",
}
MAX_FOLDERS = 2
"""How many folders may be in the key of an object in a manifest.

The container links files from at most three levels, the channel's own folder included. It warns of deeper ones in its
log and trains without them: sagemaker-xgboost-container, `MAX_FOLDER_DEPTH` in data_utils.py.
"""

XGBOOST = Algorithm("xgboost", "XGBoost", "sagemaker-xgboost", "1.7-1", ACCOUNTS, MAX_FOLDERS)

HIGHER_IS_BETTER = (
    *("accuracy", "auc", "aucpr", "balanced_accuracy", "f1", "f1_binary", "f1_macro", "map", "ndcg", "precision"),
    *("precision_macro", "precision_micro", "r2", "recall", "recall_macro", "recall_micro"),
)
LOWER_IS_BETTER = (
    *("aft-nloglik", "cox-nloglik", "error", "gamma-deviance", "gamma-nloglik", "interval-regression-accuracy"),
    *("logloss", "mae", "mape", "merror", "mlogloss", "mphe", "mse", "poisson-nloglik", "rmse", "rmsle"),
    "tweedie-nloglik",
)
METRICS = (*HIGHER_IS_BETTER, *LOWER_IS_BETTER)
"""The metrics that SageMaker reads from the log, each as `train:…` and `validation:…`.

https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost-tuning.html
"""
CHANNELS = ("train", "validation")
"""The channels that it reads, and whose metrics it reports."""

DEFAULT_OBJECTIVE = "reg:squarederror"
DEFAULT_METRIC: Mapping[str, str] = {
    "reg:squarederror": "rmse",
    "reg:linear": "rmse",
    "reg:logistic": "rmse",
    "reg:squaredlogerror": "rmsle",
    "reg:pseudohubererror": "mphe",
    "reg:gamma": "gamma-nloglik",
    "reg:tweedie": "tweedie-nloglik@1.5",
    "count:poisson": "poisson-nloglik",
    "binary:logistic": "logloss",
    "binary:logitraw": "logloss",
    "binary:hinge": "error",
    "multi:softmax": "mlogloss",
    "multi:softprob": "mlogloss",
    "rank:pairwise": "map",
    "rank:ndcg": "ndcg",
    "rank:map": "map",
    "survival:aft": "aft-nloglik",
    "survival:cox": "cox-nloglik",
}
"""The metric that each objective reports without eval_metric: XGBoost 1.7, `DefaultEvalMetric` in src/objective/."""


def metrics(hyperparameters: Mapping[str, str]) -> tuple[str, ...]:
    """The metrics that a job with these hyperparameters computes, without the channel."""
    if wanted := hyperparameters.get("eval_metric"):
        return tuple(wanted.split(","))
    objective = hyperparameters.get("objective", DEFAULT_OBJECTIVE)
    default = DEFAULT_METRIC.get(objective)
    if objective == "reg:tweedie" and (power := hyperparameters.get("tweedie_variance_power")):
        default = f"tweedie-nloglik@{power}"
    return (default,) if default else ()


def reported(hyperparameters: Mapping[str, str]) -> tuple[str, ...]:
    """Those of `metrics` that SageMaker reads from the log: not those with a parameter, such as error@0.7."""
    return tuple(metric for metric in metrics(hyperparameters) if metric in METRICS)
