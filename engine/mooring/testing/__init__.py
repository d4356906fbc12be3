"""Runs test files: plans and applies the configuration under test, looks at the result, cleans up."""
