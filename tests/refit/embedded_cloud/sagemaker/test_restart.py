"""After a restart, endpoints serve again, anything that was in progress has failed, and no process is left running."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from refit.embedded_cloud import faults, lifecycle
from tests.support.embedded_cloud import processing
from tests.support.embedded_cloud.customer import Customer, channel, needs_proc, refused
from tests.support.embedded_cloud.programs import IMAGE, children, hyperparameters, new_config, new_model, put_source
from tests.support.waiting import until


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Customer]:
    """A customer of a cloud that this test may stop."""
    try:
        yield Customer(lifecycle.start(tmp_path, port=0, extra_env={"REFIT_LOCAL_SECONDS_PER_STATUS": "0.1"}))
    finally:
        lifecycle.stop(tmp_path)


def restart(customer: Customer) -> None:
    state_dir, port = customer.cloud.state_dir, customer.cloud.port
    lifecycle.stop(state_dir)
    customer.cloud = lifecycle.start(state_dir, port, extra_env={"REFIT_LOCAL_SECONDS_PER_STATUS": "0.1"})


def test_everything_survives_down_and_up(own: Customer) -> None:
    serving, updating = own.new_endpoint(own.doubling), own.new_endpoint(own.doubling)
    old = own.endpoint(updating)["EndpointConfigName"]
    faults.set(own.cloud, {"endpoint": "hang", "training": "hang"})
    own.update(updating, own.new_config(own.doubling))
    creating = own.start_endpoint(old)
    running = own.start_job(own.put("1,2\n"))
    own.reached(running, "Training")
    checking = processing.start(own, "import time\ntime.sleep(600)\n")
    until(lambda: processing.described(own, checking), lambda found: "ProcessingStartTime" in found)
    checked = processing.process(own, "raise SystemExit(3)\n")
    artifact = own.doubling.removeprefix("s3://homes/")
    own.s3.delete_object(Bucket="homes", Key=artifact)

    restart(own)

    assert own.score(serving) == 2
    assert own.endpoint(serving)["ProductionVariants"][0]["CurrentInstanceCount"] == 2
    settled = own.endpoint(updating)
    assert (settled["EndpointStatus"], settled["EndpointConfigName"]) == ("InService", old)
    assert settled["FailureReason"] == "the embedded cloud stopped while this was in progress"
    assert own.score(updating) == 2
    assert own.endpoint(creating)["EndpointStatus"] == "Failed"
    job = own.job(running)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Failed", "Failed")
    assert job["FailureReason"] == "InternalServerError: the embedded cloud stopped while this job was running"
    interrupted = processing.described(own, checking)
    assert (interrupted["ProcessingJobStatus"], interrupted["FailureReason"]) == ("Failed", job["FailureReason"])
    again = processing.described(own, checked["ProcessingJobName"])
    assert {**again, "ResponseMetadata": {}} == {**checked, "ResponseMetadata": {}}
    assert refused(lambda: own.start_job(own.put("1,2\n"), TrainingJobName=running))[0] == "ResourceInUse"
    assert own.train(own.put("1,2\n"))["TrainingJobStatus"] == "Completed"


@needs_proc
def test_a_reset_forgets_everything_and_ends_training(own: Customer) -> None:
    endpoint = own.new_endpoint(own.doubling)
    faults.set(own.cloud, {"training": "hang"})
    job = own.start_job(own.put("1,2\n"))
    own.reached(job, "Training")

    own.cloud.request("POST", "/_ministack/reset")

    until(own.job_processes, lambda processes: not processes)
    assert refused(lambda: own.job(job)) == ("ValidationException", "Requested resource not found.")
    assert refused(lambda: own.invoke(endpoint))[0] == "ValidationError"
    assert own.sagemaker.list_models()["Models"] == []


@needs_proc
def test_no_job_outlives_a_cloud_that_is_killed(own: Customer) -> None:
    faults.set(own.cloud, {"training": "hang"})
    own.reached(own.start_job(own.put("1,2\n")), "Training")
    processing.start(own, "import time\ntime.sleep(600)\n")
    processes = until(own.job_processes, lambda found: len(found) == 2)
    (program,) = until(lambda: [child for each in processes for child in children(each)], bool)

    os.kill(own.cloud.pid, signal.SIGKILL)
    for each in (*processes, program):
        until(lambda each=each: command_line(each), lambda line: not line)


@needs_proc
def test_programs_serve_after_down_and_up_and_outlive_no_killed_cloud(own: Customer) -> None:
    telling = "import os\ndef model_fn(model_dir): ...\ndef predict_fn(rows, model): return [os.getpid()]\n"
    source = put_source(own, telling)
    endpoint = own.start_endpoint(new_config(own, new_model(own, own.doubling, source)))
    assert own.settled(endpoint)["EndpointStatus"] == "InService"
    before = int(own.invoke(endpoint)["Body"].strip("[]"))
    own.s3.delete_object(Bucket="homes", Key=source.removeprefix("s3://homes/"))

    restart(own)
    serving = int(own.invoke(endpoint)["Body"].strip("[]"))
    assert serving != before
    assert not command_line(before)

    rows = own.put("1,2\n")
    own.start_job(
        rows,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        HyperParameters=hyperparameters(put_source(own, "import time\ntime.sleep(600)\n")),
        InputDataConfig=[channel("train", rows, "S3Prefix")],
    )
    (trainer,) = until(own.job_processes, bool)
    (training,) = until(lambda: children(trainer), bool)
    os.kill(own.cloud.pid, signal.SIGKILL)
    for process in (serving, trainer, training):
        until(lambda process=process: command_line(process), lambda line: not line)


def command_line(pid: int) -> bytes:
    """The command line of a process; empty if it has ended, even if it is still a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
