"""`refit local up|status|down|reset`: the embedded cloud for terraform, boto3 and the AWS CLI."""

from __future__ import annotations

from refit.embedded_cloud import lifecycle
from refit.embedded_cloud.client import required
from refit.project import Project


def up(project: Project, port: int) -> lifecycle.Cloud:
    """Starts the embedded cloud, or finds it running. Raises CloudError: port taken, not installed, did not come up."""
    return lifecycle.start(project.state_dir, port)


def status(project: Project) -> lifecycle.Cloud:
    """The running embedded cloud. Raises CloudError when there is none."""
    return required(project.state_dir)


def down(project: Project) -> bool:
    """Stops the embedded cloud and keeps its state; False when it was not running."""
    return lifecycle.stop(project.state_dir)


def reset(project: Project) -> None:
    """Stops the embedded cloud and forgets everything in it."""
    lifecycle.reset(project.state_dir)
