"""The operations of the Step Functions API, one topic a module: `dispatch` finds the operation of a request."""
