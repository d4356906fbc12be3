"""Command jobs: their blocks, the steps around their PUT, and the code that they run."""
