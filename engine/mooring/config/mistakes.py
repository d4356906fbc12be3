"""Which of the problems of a configuration are told.

What waits for a declaration with a mistake is not looked at, as in Terraform: what it would be made of is not
known, and most of what there would be to say follows from the first mistake. Independent parts are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mooring.config.graph import Node, StaticGraph
from mooring.core.diagnostics import Diagnostic, Diagnostics, has_errors
from mooring.core.records import record


@record
class Mistakes:
    """Problems by the declaration that they are about; `general` are about none in particular.

    Declarations that are `unresolved` refer to what is not there, so there is no point in evaluating them.
    """

    general: Diagnostics
    of: Mapping[Node, Diagnostics]
    unresolved: frozenset[Node]


def first_of_all(found: Sequence[Mapping[Node, Diagnostics]], graph: StaticGraph) -> Iterator[Diagnostic]:
    """The problems of declarations that wait for none with an error."""
    wrong = {node for problems in found for node, diags in problems.items() if has_errors(diags)}
    hidden = graph.waiting_for(wrong)
    for problems in found:
        for node, diags in problems.items():
            if node not in hidden:
                yield from diags
