"""SageMaker's script mode on the embedded cloud: an own algorithm as a Python program, with no image to run it in.

AWS's framework images run a program by the contract of the SageMaker toolkits, and so does this machine's Python here:
arguments, SM_… variables, folders, and the functions that serve. What else an image brings, its packages first of all,
must be on this machine. https://github.com/aws/sagemaker-training-toolkit and
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
