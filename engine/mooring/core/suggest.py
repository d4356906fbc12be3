"""Which of the known names a mistyped one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def suggest(given: str, candidates: Iterable[str]) -> str | None:
    """The candidate nearest to `given`, if fewer than three edits away; the first of equally near ones."""
    nearest, fewest = None, 3
    for candidate in candidates:
        if abs(len(candidate) - len(given)) < fewest:
            edits = _edit_distance(given, candidate)
            if edits < fewest:
                nearest, fewest = candidate, edits
    return nearest


def _edit_distance(a: str, b: str) -> int:
    """Insertions, deletions and replacements that make `b` of `a` (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]
