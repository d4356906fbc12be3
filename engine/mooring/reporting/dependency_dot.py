"""The dependencies between resources in Graphviz's language, as `terraform graph` draws them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mooring.core.addresses import ConfigAddress, ModulePath, quote

Dependencies = Mapping[ConfigAddress, Iterable[ConfigAddress]]
_HEAD: Final = """\
digraph G {
  rankdir = "RL";
  node [shape = rect, fontname = "sans-serif"];
"""


def dependency_dot(dependencies: Dependencies) -> str:
    """A drawing with a box for each module; what follows from other edges is left out."""
    modules: dict[ModulePath, list[ConfigAddress]] = {}
    for address in sorted(dependencies):
        modules.setdefault(address.module, []).append(address)
    boxes = "".join(_box(module, modules[module]) for module in sorted(modules))
    edges = "".join(f"  {quote(str(left))} -> {quote(str(right))};\n" for left, right in _edges(dependencies))
    return f"{_HEAD}{boxes}{edges}}}\n"


def _box(module: ModulePath, addresses: list[ConfigAddress]) -> str:
    indent = "    " if module else "  "
    nodes = "".join(
        f"{indent}{quote(str(each))} [label={quote(str(each._replace(module=())))}];\n" for each in addresses
    )
    if not module:
        return nodes
    name = ".".join(f"module.{each}" for each in module)
    return (
        f"  subgraph {quote(f'cluster_{name}')} {{\n    label = {quote(name)}\n"
        f'    fontname = "sans-serif"\n{nodes}  }}\n'
    )


def _edges(dependencies: Dependencies) -> list[tuple[ConfigAddress, ConfigAddress]]:
    """The edges that do not follow from others, sorted."""
    import networkx as nx

    graph: nx.DiGraph[ConfigAddress] = nx.DiGraph()
    for left, rights in dependencies.items():
        graph.add_edges_from((left, right) for right in rights)
    return sorted(nx.transitive_reduction(graph).edges)
