"""Emulates an ML instance, which SageMaker runs outside its control plane.

`algorithm` is the interface of algorithms, `images` finds the algorithm of an image, `training_main` and
`processing_main` are the processes of one job. Nothing here uses the control plane: a job has its request, and S3 with
its own credentials.
"""
