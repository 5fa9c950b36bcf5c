"""Support for the tests of the Lambdas."""
