"""Emulates an ML instance, which SageMaker runs outside its control plane.

`algorithm` is the interface of algorithms, `images` finds the algorithm of an image, `training_main` is the process of
one training job. Nothing here uses the control plane: a job has its channels, its hyperparameters, and S3 with the
job's own credentials.
"""
