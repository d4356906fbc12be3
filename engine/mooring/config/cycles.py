"""What refers to itself: what to say of declarations that need each other's results, in the static graph."""

from __future__ import annotations

from collections.abc import Iterator

from mooring.config.graph import Edge, Node, StaticGraph, resource_address
from mooring.core.addresses import ConfigAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.spans import Span


def cycle_diagnostics(graph: StaticGraph) -> Diagnostics:
    """What to say if the configuration refers to itself in a circle: the path, with every reference.

    What refers to itself alone is told apart: `self_references`, `local_self_references`.
    """
    return tuple(_longer_cycles(graph))


def local_self_references(graph: StaticGraph) -> dict[Node, Diagnostics]:
    """What to say of each local value that refers to itself."""
    return {
        node: (error("Self-referencing local value", f"{node} is made from its own value.", span),)
        for node, span in _own_references(graph)
        if node.kind == "local"
    }


def self_references(graph: StaticGraph) -> dict[ConfigAddress, Diagnostics]:
    """What to say of each resource whose block refers to itself. As in Terraform, only planning minds."""
    detail = "A block cannot be made from its own result. In its own conditions the object is called self."
    found: dict[ConfigAddress, Diagnostics] = {}
    for node, span in _own_references(graph):
        if node.kind == "resource":
            problem = error("Self-referential block", f"{node} refers to itself. {detail}", span)
            address = resource_address(node)
            found[address] = (*found.get(address, ()), problem)
    return found


def _own_references(graph: StaticGraph) -> Iterator[tuple[Node, Span]]:
    for node, edges in graph.edges.items():
        yield from ((node, edge.span) for edge in edges if edge.target == node)


def _longer_cycles(graph: StaticGraph) -> Iterator[Diagnostic]:
    """One diagnostic for each cycle; of cycles that share a declaration only the first is told."""
    left = {node: tuple(edge for edge in edges if edge.target != node) for node, edges in graph.edges.items()}
    while cycle := StaticGraph(left, graph.explicit).cycle():
        yield _cycle_diagnostic(cycle)
        taken = {node for node, _ in cycle}
        left = {
            node: tuple(edge for edge in edges if edge.target not in taken)
            for node, edges in left.items()
            if node not in taken
        }


def _cycle_diagnostic(cycle: tuple[tuple[Node, Edge], ...]) -> Diagnostic:
    names = sorted(str(node) for node, _ in cycle)
    lines = [f"  {node} refers to {edge.target} at {edge.span}" for node, edge in cycle]
    detail = (
        "These declarations need each other's results, so none of them can be worked out first:\n"
        + "\n".join(lines)
        + "\nTake one of these references away, or split one of the declarations in two."
    )
    return error(f"Cycle: {', '.join(names)}", detail)
