"""What EvaluateModel weighs."""
