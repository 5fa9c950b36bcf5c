"""A client of script mode for tests: uploads a program, trains and serves with it, and finds its processes."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path
from typing import Any

from tests.support.embedded_cloud.customer import BUCKET, Customer, channel

IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1"
METRICS = [{"Name": "validation:mse", "Regex": "validation:mse=([0-9.]+)"}, {"Name": "rows", "Regex": "(\\d+) rows"}]


MEAN = """
import argparse, json, os, sys
from pathlib import Path

def labels(channel):
    files = sorted(Path(os.environ["SM_CHANNEL_" + channel]).rglob("*.csv"))
    return [float(line.split(",")[0]) for file in files for line in file.read_text().splitlines()]

def model_fn(model_dir):
    return json.loads(Path(model_dir, "mean.json").read_text())

def predict_fn(rows, model):
    return {"predictions": [{"score": model} for _ in rows.reshape(-1)]}

if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--shift", type=float)
    shift = options.parse_args().shift
    train = labels("TRAIN")
    mean = sum(train) / len(train) + shift
    print(f"{len(train)} rows, validation:mse=99", file=sys.stderr)
    Path(os.environ["SM_MODEL_DIR"], "mean.json").write_text(json.dumps(mean))
    Path(os.environ["SM_OUTPUT_DATA_DIR"], "notes.txt").write_text(os.environ["COLOUR"])
    held_out = labels("VALIDATION")
    print(f"validation:mse={sum((label - mean) ** 2 for label in held_out) / len(held_out)}")
"""


def put_source(customer: Customer, program: str, key: str | None = None) -> str:
    """Uploads a source.tar.gz with one program; returns its URI."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        entry = tarfile.TarInfo("train.py")
        entry.size = len(program.encode())
        tar.addfile(entry, io.BytesIO(program.encode()))
    return customer.put(archive.getvalue(), key or f"code/{customer.name('source')}.tar.gz")


def hyperparameters(source: str) -> dict[str, str]:
    return {"sagemaker_program": "train.py", "sagemaker_submit_directory": source}


def new_model(customer: Customer, artifact: str, source: str, **changes: Any) -> str:
    name = customer.name("model")
    environment = {"SAGEMAKER_PROGRAM": "train.py", "SAGEMAKER_SUBMIT_DIRECTORY": source}
    container = {"Image": IMAGE, "ModelDataUrl": artifact, "Environment": environment} | changes.pop("container", {})
    request = {"ModelName": name, "PrimaryContainer": container, "ExecutionRoleArn": customer.role}
    customer.sagemaker.create_model(**(request | changes))
    return name


def new_config(customer: Customer, model: str) -> str:
    name = customer.name("config")
    customer.sagemaker.create_endpoint_config(
        EndpointConfigName=name, ProductionVariants=[customer.variant("AllTraffic", model)]
    )
    return name


def children(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def start(customer: Customer, source: str, **changes: Any) -> str:
    """A job of three channels: one object, a manifest, and a prefix."""
    customer.put("3,1\n5,1\n", "days/1/a.csv")
    customer.put("7,1\n", "days/2/b.csv")
    manifest = customer.put_manifest({"prefix": f"s3://{BUCKET}/days/"}, "1/a.csv", "2/b.csv")
    given = hyperparameters(source) | {"shift": "1"}
    request = {
        "AlgorithmSpecification": {
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "MetricDefinitions": METRICS,
        },
        "HyperParameters": given | changes.pop("HyperParameters", {}),
        "Environment": {"COLOUR": "red"},
        "InputDataConfig": [
            channel("train", manifest, "ManifestFile"),
            channel("validation", customer.put("6,1\n8,1\n"), "S3Prefix"),
        ],
    }
    return customer.start_job(manifest, **(request | changes))
