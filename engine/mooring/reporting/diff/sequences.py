"""Which element of the old sequence became which of the new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Element = TypeVar("Element")
Pair = tuple[int | None, int | None]
_LARGEST_TABLE = 4_000_000


def align(
    before: Sequence[Element], after: Sequence[Element], can_become: Callable[[Element, Element], bool]
) -> list[Pair]:
    """Pairs of positions, in the order to show; None stands for an element that was not, or is no more.

    Sequences of one length are compared place by place, unless one is a reordering of the other. Otherwise
    the longest common subsequence stays, and between its elements those that `can_become` each other pair
    up.
    """
    if len(before) == len(after) and not _is_reordering(before, after):
        return [(at, at) for at in range(len(before))]
    return _pair_up(list(gaps(before, after)), before, after, can_become)


def _is_reordering(before: Sequence[Element], after: Sequence[Element]) -> bool:
    left = list(after)
    for element in before:
        if element not in left:
            return False
        left.remove(element)
    return True


def _pair_up(
    pairs: list[Pair],
    before: Sequence[Element],
    after: Sequence[Element],
    can_become: Callable[[Element, Element], bool],
) -> list[Pair]:
    """Joins a removed and an added element of the same gap where the one can become the other."""
    result: list[Pair] = []
    removed: list[int] = []
    for old, new in pairs:
        if new is None and old is not None:
            removed.append(old)
            continue
        if old is None and new is not None and removed and can_become(before[removed[0]], after[new]):
            result.append((removed.pop(0), new))
            continue
        result += [(each, None) for each in removed]
        removed = []
        result.append((old, new))
    return [*result, *((each, None) for each in removed)]


def gaps(before: Sequence[Element], after: Sequence[Element]) -> Iterator[Pair]:
    """Positions along the longest common subsequence; in each gap what went, then what came."""
    head = _common_length(before, after)
    tail = _common_length(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    yield from ((at, at) for at in range(head))
    yield from (
        (None if i is None else head + i, None if j is None else head + j) for i, j in _longest(old, new)
    )
    yield from ((len(before) - left, len(after) - left) for left in range(tail, 0, -1))


def _common_length(left: Sequence[Element], right: Sequence[Element]) -> int:
    for at, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return at
    return min(len(left), len(right))


def _longest(before: Sequence[Element], after: Sequence[Element]) -> Iterator[Pair]:
    """Two rests that share neither their first nor their last element."""
    rows, columns = len(before), len(after)
    if not rows or not columns or rows * columns > _LARGEST_TABLE:
        yield from ((at, None) for at in range(rows))
        yield from ((None, at) for at in range(columns))
        return
    table = _lengths(before, after)
    i = j = 0
    added: list[Pair] = []
    while i < rows or j < columns:
        if i < rows and j < columns and before[i] == after[j]:
            yield from added
            added = []
            yield i, j
            i, j = i + 1, j + 1
        elif i < rows and (j == columns or table[i + 1][j] >= table[i][j + 1]):
            yield i, None
            i += 1
        else:
            added.append((None, j))
            j += 1
    yield from added


def _lengths(before: Sequence[Element], after: Sequence[Element]) -> list[list[int]]:
    """Length of the longest common subsequence of each pair of rests."""
    table = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in range(len(before) - 1, -1, -1):
        row, below = table[i], table[i + 1]
        for j in range(len(after) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if before[i] == after[j] else max(below[j], row[j + 1])
    return table
