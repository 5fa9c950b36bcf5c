"""Processing jobs: what their program gets, what it leaves, and the FailureReason of each phase."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.embedded_cloud.customer import BUCKET, LEAST_PRIVILEGE, Customer
from tests.support.embedded_cloud.processing import (
    IMAGE,
    LOG_GROUP,
    RESULTS,
    described,
    finished,
    lines,
    objects,
    process,
    s3_input,
    s3_output,
    start,
)
from tests.support.waiting import until

DATA = "/opt/ml/processing/input/data"
OUTPUT = "/opt/ml/processing/output"

CHECK = """
import argparse, json, os, sys
from pathlib import Path

options = argparse.ArgumentParser()
for name in ("--data", "--report", "--config"):
    options.add_argument(name, type=Path)
given = options.parse_args()
files = sorted(str(file.relative_to(given.data)) for file in given.data.rglob("*") if file.is_file())
rows = sum(len((given.data / name).read_text().splitlines()) for name in files)
config = json.loads((given.config / "processingjobconfig.json").read_text())
resources = json.loads((given.config / "resourceconfig.json").read_text())
report = {
    "files": files,
    "rows": rows,
    "colour": os.environ["COLOUR"],
    "marker": Path(os.environ["MARKER"]).exists(),
    "job": config["ProcessingJobName"],
    "runtime": config["StoppingCondition"],
    "input": Path(config["ProcessingInputs"][1]["S3Input"]["LocalPath"]) == given.data,
    "resources": resources,
    "here": os.listdir("."),
}
print("checked", rows)
print("slowly", file=sys.stderr)
(given.report / "details").mkdir()
(given.report / "details" / "rows.txt").write_text(str(rows))
(given.report / "link.txt").symlink_to(given.report / "details" / "rows.txt")
(given.report / "report.json").write_text(json.dumps(report))
"""


def test_a_program_reads_its_inputs_and_leaves_its_output(customer: Customer) -> None:
    customer.put("1,2\n3,4\n", "lake/1/a.csv")
    customer.put("5,6\n", "lake/2/b.csv")
    manifest = customer.put_manifest({"prefix": f"s3://{BUCKET}/lake/"}, "1/a.csv", "2/b.csv")
    name = start(
        customer,
        CHECK,
        arguments=["--data", DATA, f"--report={OUTPUT}", "--config", "/opt/ml/config"],
        inputs=[s3_input("data", manifest, DATA, S3DataType="ManifestFile")],
        outputs=[s3_output("report", f"{RESULTS}/whole/", OUTPUT)],
        Environment={"COLOUR": "red", "MARKER": f"{DATA}/lake/1/a.csv"},
    )
    job = finished(customer, name)
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    left = objects(customer, f"{RESULTS}/whole/")
    assert left.keys() == {"report.json", "details/rows.txt"}, "links are not uploaded"
    assert json.loads(left["report.json"]) == {
        # An object of a manifest keeps its whole key: https://github.com/aws/sagemaker-python-sdk/issues/723
        "files": ["lake/1/a.csv", "lake/2/b.csv"],
        "rows": 3,
        "colour": "red",
        "marker": True,
        "job": name,
        "runtime": {"MaxRuntimeInSeconds": 86_400},
        "input": True,
        "resources": {"current_host": "algo-1", "hosts": ["algo-1"]},
        "here": [],
    }
    assert sorted(lines(customer, name)) == ["checked 3", "slowly"]
    (stream,) = customer.logs.describe_log_streams(logGroupName=LOG_GROUP, logStreamNamePrefix=name)["logStreams"]
    assert stream["logStreamName"] == f"{name}/algo-1-{int(job['CreationTime'].timestamp())}"


def test_the_program_has_the_jobs_role_and_region(customer: Customer) -> None:
    asks = """
import boto3
s3 = boto3.client("s3")
print(boto3.client("sts").get_caller_identity()["Arn"], s3.meta.region_name)
s3.put_object(Bucket="homes", Key="elsewhere/x", Body=b"")
"""
    job = process(customer, asks)
    assert job["FailureReason"] == "AlgorithmError: , exit code: 1"
    printed = lines(customer, job["ProcessingJobName"])
    assert printed[0] == (
        f"arn:aws:sts::000000000000:assumed-role/{customer.role.rpartition('/')[2]}/SageMaker {customer.cloud.region}"
    )
    assert any("AccessDenied" in line for line in printed)


def test_a_program_imports_what_its_image_has_and_its_own_code(customer: Customer) -> None:
    customer.put("NAME = 'own'", "library/own_library.py")
    library = s3_input("library", f"s3://{BUCKET}/library/", "/opt/ml/processing/library")
    imports = """
import subprocess, sys
import boto3, numpy, own_library
print(own_library.NAME)
for name in ("refit", "ministack", "pytest", "pip"):
    print(name, subprocess.run([sys.executable, "-c", f"import {name}"], stderr=subprocess.DEVNULL).returncode)
import refit
"""
    name = start(customer, imports, inputs=[library], Environment={"PYTHONPATH": "/opt/ml/processing/library"})
    assert finished(customer, name)["FailureReason"] == "AlgorithmError: , exit code: 1"
    printed = lines(customer, name)
    assert printed[:5] == ["own", "refit 1", "ministack 1", "pytest 1", "pip 1"]
    assert "ModuleNotFoundError: No module named 'refit'" in printed


def test_a_program_in_isolation_has_no_credentials_but_its_data(customer: Customer) -> None:
    isolated = {"NetworkConfig": {"EnableNetworkIsolation": True}}
    names = "import os, sys\nprint(sorted(n for n in os.environ if n.startswith('AWS_') and 'FILE' not in n))\n"
    job = process(customer, names, **isolated)
    assert job["ProcessingJobStatus"] == "Completed"
    assert lines(customer, job["ProcessingJobName"])[0] == "['AWS_EC2_METADATA_DISABLED']"


def test_a_path_in_the_program_itself_does_not_exist(customer: Customer) -> None:
    job = process(customer, f"open('{DATA}/a.csv')\n", inputs=[s3_input("data", customer.put("1\n", "d/a.csv"), DATA)])
    assert job["FailureReason"] == "AlgorithmError: , exit code: 1"


@pytest.mark.parametrize(
    ("program", "code"),
    [("raise SystemExit(3)", 3), ("raise ValueError", 1), ("import os\nos.kill(os.getpid(), 9)", 137)],
)
def test_a_program_that_fails_fails_the_job_and_uploads_nothing(customer: Customer, program: str, code: int) -> None:
    target = f"{RESULTS}/failed-{code}"
    leaves = f"import sys\nopen(sys.argv[1] + '/report.json', 'w').close()\n{program}\n"
    outputs = [s3_output("report", target, OUTPUT)]
    job = process(customer, leaves, arguments=[OUTPUT], outputs=outputs)
    assert (job["ProcessingJobStatus"], job["FailureReason"]) == ("Failed", f"AlgorithmError: , exit code: {code}")
    assert objects(customer, target) == {}


def test_a_continuous_output_is_uploaded_while_the_program_runs_and_as_it_changes(customer: Customer) -> None:
    target, gate = f"{RESULTS}/live", customer.name("gate")
    writes = f"""
import sys, time, boto3
s3, file = boto3.client("s3"), sys.argv[1] + "/progress.txt"
open(file, "w").write("1")
while "Contents" not in s3.list_objects_v2(Bucket="{BUCKET}", Prefix="gates/{gate}"):
    time.sleep(0.1)
open(file, "w").write("all of it")
raise SystemExit(1)
"""
    name = start(
        customer, writes, arguments=[OUTPUT], outputs=[s3_output("progress", target, OUTPUT, mode="Continuous")]
    )
    until(lambda: objects(customer, target), lambda found: found == {"/progress.txt": "1"})
    assert described(customer, name)["ProcessingJobStatus"] == "InProgress"
    customer.put("", f"gates/{gate}")
    assert finished(customer, name)["ProcessingJobStatus"] == "Failed"
    assert objects(customer, target) == {"/progress.txt": "all of it"}


@pytest.mark.parametrize(("ending", "status"), [("", "Completed"), ("raise SystemExit(1)", "Failed")])
def test_the_exit_message_is_the_first_kilobyte_that_the_program_left(
    customer: Customer, ending: str, status: str
) -> None:
    """https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-metadata.html"""
    says = f"import sys\nopen(sys.argv[1], 'w').write('a' + 'ä' * 600)\n{ending}\n"
    job = process(customer, says, arguments=["/opt/ml/output/message"])
    assert (job["ProcessingJobStatus"], job["ExitMessage"]) == (status, "a" + "ä" * 511)


def test_a_stopped_program_leaves_its_exit_message_too(customer: Customer) -> None:
    says = "import sys, time\nopen(sys.argv[1], 'w').write('half')\nprint('ready', flush=True)\ntime.sleep(600)\n"
    job = process(customer, says, arguments=["/opt/ml/output/message"], StoppingCondition={"MaxRuntimeInSeconds": 4})
    assert (job["ProcessingJobStatus"], job["ExitMessage"]) == ("Stopped", "half")


def test_an_exit_message_that_is_not_text_fails_the_job(customer: Customer) -> None:
    job = process(
        customer, "import sys\nopen(sys.argv[1], 'wb').write(b'\\xff')\n", arguments=["/opt/ml/output/message"]
    )
    assert job["FailureReason"].startswith("ClientError: /opt/ml/output/message is not encoded in UTF-8")
    assert "ExitMessage" not in job


def test_an_input_that_is_not_there_fails_the_download(customer: Customer) -> None:
    uri = f"s3://{BUCKET}/nothing-here/"
    job = process(customer, "", inputs=[s3_input("data", uri, DATA)])
    assert job["FailureReason"] == f"ClientError: Data download failed:No objects found for {uri}"


def test_the_role_decides_what_is_read_and_written(customer: Customer) -> None:
    secret = customer.put("1\n", "secret/a.csv")
    denied = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/secret/*"}
    role = customer.new_role([*LEAST_PRIVILEGE, denied])
    job = process(customer, "", inputs=[s3_input("data", secret, DATA)], RoleArn=role)
    assert f"ClientError: Data download failed:Unable to download object {secret} (Acc" in job["FailureReason"]
    elsewhere = s3_output("report", f"s3://{BUCKET}/elsewhere", OUTPUT)
    leaves = "import sys\nopen(sys.argv[1] + '/a', 'w').close()\n"
    job = process(customer, leaves, arguments=[OUTPUT], outputs=[elsewhere])
    assert job["FailureReason"].startswith(
        f"ClientError: Artifact upload failed:Error uploading s3://{BUCKET}/elsewhere/a (AccessDenied"
    )


def test_a_program_in_the_entry_point_runs_as_well_as_a_script(customer: Customer) -> None:
    application: dict[str, Any] = {"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", "-c", "print('inline')"]}
    job = process(customer, "", AppSpecification=application)
    assert lines(customer, job["ProcessingJobName"]) == ["inline"]
