"""Support for the tests of Terraform's plans."""
