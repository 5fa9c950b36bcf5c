"""For the tests of the Lambdas."""
