"""Emulates SageMaker's script mode: trains and serves a user's Python program without its image.

This machine's Python runs the program by the same contract as AWS's framework images with the SageMaker toolkits:
arguments, SM_… variables, folders, and serving functions. Anything else that an image contains, such as packages, must
be installed on this machine. https://github.com/aws/sagemaker-training-toolkit and
https://sagemaker.readthedocs.io/en/v2.232.0/frameworks/sklearn/using_sklearn.html
"""

from refit.embedded_cloud.script_mode.program import HYPERPARAMETERS, VARIABLES, Program, of_container, of_job
from refit.embedded_cloud.script_mode.serving import ScriptServer
from refit.embedded_cloud.script_mode.training import ScriptTrainer

__all__ = [
    "HYPERPARAMETERS",
    "VARIABLES",
    "Program",
    "ScriptServer",
    "ScriptTrainer",
    "of_container",
    "of_job",
]
