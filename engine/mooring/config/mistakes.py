"""Which of the problems of a configuration are told.

What waits for a declaration with a mistake is not evaluated, as in Terraform: what it would be made of is not
known, and most of what there would be to say follows from the first mistake. Independent parts are. What is
wrong with it whatever it is made of is named by the first mistake, so that it need not be found run by run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from mooring.config.graph import Node, StaticGraph
from mooring.core.diagnostics import Diagnostic, Diagnostics, has_errors, in_order
from mooring.core.records import record, replace

_MOST: Final = 10
"""How many hidden problems one names."""


@record
class Mistakes:
    """Problems by the declaration that they are about; `general` are about none in particular.

    `later` are those that Terraform tells when the others of the same declaration are mended. Declarations
    that are `unresolved` refer to what is not there, so there is no point in evaluating them.
    """

    general: Diagnostics
    of: Mapping[Node, Diagnostics]
    later: Mapping[Node, Diagnostics]
    unresolved: frozenset[Node]

    def in_declarations(self) -> Iterator[Diagnostic]:
        """All that are about a declaration."""
        for problems in (self.of, self.later):
            for diags in problems.values():
                yield from diags


def first_of_all(
    static: Mistakes, evaluated: Mapping[Node, Diagnostics], graph: StaticGraph
) -> Iterator[Diagnostic]:
    """The problems of declarations that wait for none with an error; they name the `static` ones hidden."""
    found = {node: (*static.of.get(node, ()), *evaluated.get(node, ())) for node in (*static.of, *evaluated)}
    waiting = graph.waiting_for([node for node, diags in found.items() if has_errors(diags)])
    hidden: dict[Node, list[Diagnostic]] = {}
    for node, diags in static.of.items():
        if node in waiting:
            hidden.setdefault(waiting[node], []).extend(diags)
    for node, diags in static.later.items():
        hidden.setdefault(waiting.get(node, node), []).extend(diags)
    for node, diags in found.items():
        if node not in waiting:
            yield from naming(diags, hidden.get(node, ()))


def naming(diags: Diagnostics, hidden: Iterable[Diagnostic]) -> Diagnostics:
    """These problems; the last error among them names the hidden ones, one for each place."""
    last = max((at for at, diag in enumerate(diags) if diag.is_error), default=None)
    places = {_begin(diag): diag for diag in in_order(hidden) if diag.is_error}
    lines = [_line(diag) for diag in places.values()]
    if last is None or not lines:
        return diags
    if len(lines) > _MOST:
        lines[_MOST:] = [f"  and {len(lines) - _MOST} more"]
    detail = "\n".join((diags[last].detail, "", "Not told in full until this is corrected:", *lines))
    return (*diags[:last], replace(diags[last], detail=detail), *diags[last + 1 :])


def _begin(diag: Diagnostic) -> tuple[str, int]:
    return (diag.subject.source.path, diag.subject.start) if diag.subject is not None else ("", 0)


def _line(diag: Diagnostic) -> str:
    first, *_more = diag.detail.split("\n")
    return f"  {diag.subject} {diag.summary}: {first}"
