"""Builds the artifacts that Terraform deploys: the state machine, lambdas.zip and the source archive."""
