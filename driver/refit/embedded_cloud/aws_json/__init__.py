"""What the services of the embedded cloud that speak AWS JSON share: error responses and the validation of requests."""
