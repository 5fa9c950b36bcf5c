"""Rules and constants that the driver and the Lambdas share. Pure: imports only the standard library."""
