"""From a Pipeline to what Terraform deploys: the state machine, the Lambdas' zip, the source archive."""
