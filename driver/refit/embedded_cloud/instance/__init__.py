"""An ML instance of the embedded cloud: what SageMaker would run on a machine of its own.

`contract` is what an algorithm promises, `algorithms` finds one by image, `train` is the process of one training job.
Nothing here knows the control plane: it sees its channels, its hyperparameters and S3, with the job's own credentials.
"""
