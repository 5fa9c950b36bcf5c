"""What a customer of script mode does: uploads a program, trains with it and serves it; and looks at its processes."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path
from typing import Any

from tests.support.embedded_cloud.customer import Customer

IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1"


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
