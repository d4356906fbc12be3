"""What expressions mean: references, evaluation, functions, type constraints, and the cell scheduler."""
