"""`refit local up|status|down|reset`: the embedded cloud for terraform, boto3 and the AWS CLI."""

from __future__ import annotations

from driver.embedded_cloud import required
from driver.local import cloud
from driver.project import Project


def up(project: Project, port: int) -> cloud.Cloud:
    """Starts the embedded cloud, or finds it running. Raises CloudError: port taken, not installed, did not come up."""
    return cloud.start(project.state_dir, port)


def status(project: Project) -> cloud.Cloud:
    """The running embedded cloud. Raises CloudError when there is none."""
    return required(project.state_dir)


def down(project: Project) -> bool:
    """Stops the embedded cloud and keeps its state; False when it was not running."""
    return cloud.stop(project.state_dir)


def reset(project: Project) -> None:
    """Stops the embedded cloud and forgets everything in it."""
    cloud.reset(project.state_dir)
