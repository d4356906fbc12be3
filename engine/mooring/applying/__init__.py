"""Obeying a plan: the executor runs the exec graph, tells what happens, and records it durably."""
