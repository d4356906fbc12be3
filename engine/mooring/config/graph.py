"""The static reference graph: which declaration refers to which, before anything is evaluated.

Nodes are declarations of the configuration (not instances); an edge carries the place of the reference. The
graph answers three questions: is there a cycle, which resources does a resource depend on, and what must a
target bring along. It is an upper bound of what evaluation will read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from mooring.config.model import Module, ModuleCall, ProviderConfig, Resource
from mooring.config.providers import provider_address, resolve_provider
from mooring.config.references import (
    LocalRef,
    ModuleRef,
    Reference,
    ResourceRef,
    VariableRef,
    parse_reference,
    references_in_body,
)
from mooring.core.addresses import ConfigAddress, ModulePath, ProviderConfigAddress
from mooring.core.diagnostics import Diagnostic
from mooring.core.records import record
from mooring.core.spans import Span
from mooring.syntax.nodes import Expression, Traversal
from mooring.syntax.static import traversals

Kind = Literal["var", "local", "output", "resource", "check", "import", "module", "close", "provider"]


class Node(NamedTuple):
    """A declaration. `name` is its name in the module; a `module` node stands for the call to `module`.

    A module node is what everything inside the module waits for: its `count`, `for_each` and `depends_on`.
    A `close` node waits for everything inside: it is what a reference to the module as a whole leads to.
    """

    module: ModulePath
    kind: Kind
    name: tuple[str, ...]

    def __str__(self) -> str:
        where = ".".join(f"module.{name}" for name in self.module)
        match self.kind:
            case "module":
                return f"{where} (expand)"
            case "close":
                return f"{where} (close)"
            case "resource":
                mode, type_, name = self.name
                local = f"{type_}.{name}" if mode == "managed" else f"{mode}.{type_}.{name}"
            case "provider":
                local = f'provider["{self.name[0]}"]' + (f".{self.name[1]}" if self.name[1] else "")
            case _:
                local = f"{self.kind}.{self.name[0]} (expand)"
        return f"{where}.{local}" if where else local


class Edge(NamedTuple):
    """A reference: to what, and where it stands."""

    target: Node
    span: Span


@record
class StaticGraph:
    """The references of every declaration of a module tree; `explicit` are those of `depends_on` alone."""

    edges: Mapping[Node, tuple[Edge, ...]]
    explicit: Mapping[Node, tuple[Edge, ...]]

    def resource_dependencies(self) -> dict[ConfigAddress, tuple[ConfigAddress, ...]]:
        """For each resource the resources it refers to, directly or through other declarations."""
        found: dict[Node, frozenset[Node]] = {}
        addresses = {node: resource_address(node) for node in self.edges if node.kind == "resource"}
        inner = {node: self._resources_of(node, found) for node in addresses}
        shared = {nodes: tuple(sorted(map(addresses.__getitem__, nodes))) for nodes in set(inner.values())}
        return {addresses[node]: shared[nodes] for node, nodes in inner.items()}

    def explicit_dependencies(self, resource: ConfigAddress) -> frozenset[ConfigAddress]:
        """The resources that `depends_on` of a resource or of a module around it leads to."""
        calls = [Node(resource.module[: at + 1], "module", ()) for at in range(len(resource.module))]
        own = Node(resource.module, "resource", resource[1:])
        targets = [edge.target for node in (own, *calls) for edge in self.explicit.get(node, ())]
        found = [
            frozenset({target}) if target.kind == "resource" else self._resources_of(target, {})
            for target in targets
        ]
        return frozenset(map(resource_address, frozenset().union(*found)))

    def output_dependencies(self, name: str) -> tuple[ConfigAddress, ...]:
        """The resources that a root output refers to, directly or through other declarations."""
        node = Node((), "output", (name,))
        return tuple(sorted(map(resource_address, self._resources_of(node, {}))))

    def waiting_for(self, nodes: Iterable[Node]) -> dict[Node, Node]:
        """Every declaration that refers to one of these, directly or through others, and to which.

        Of several of these that wait for each other it is the first.
        """
        given = tuple(nodes)
        if not given:
            return {}
        dependents: dict[Node, list[Node]] = {}
        for node, edges in self.edges.items():
            for edge in edges:
                if edge.target != node:
                    dependents.setdefault(edge.target, []).append(node)
        waiting = _reached(given, dependents)
        return _reached((node for node in given if node not in waiting), dependents)

    def cycle(self) -> tuple[tuple[Node, Edge], ...]:
        """A cycle, as nodes each with the reference that leads on, or nothing."""
        remaining = self._remove_free()
        if not remaining:
            return ()
        node = min(remaining)
        path: list[tuple[Node, Edge]] = []
        seen: dict[Node, int] = {}
        while node not in seen:
            seen[node] = len(path)
            edge = next(edge for edge in self.edges[node] if edge.target in remaining)
            path.append((node, edge))
            node = edge.target
        return tuple(path[seen[node] :])

    def _remove_free(self) -> set[Node]:
        """What is left when nodes that nothing left refers from are taken away, and those leading nowhere."""
        waiting = {node: {edge.target for edge in edges} for node, edges in self.edges.items()}
        dependents: dict[Node, list[Node]] = {}
        for node, targets in waiting.items():
            for target in targets:
                dependents.setdefault(target, []).append(node)
        free = [node for node, targets in waiting.items() if not targets]
        while free:
            done = free.pop()
            del waiting[done]
            for dependent in dependents.get(done, ()):
                waiting[dependent].discard(done)
                if not waiting[dependent]:
                    free.append(dependent)
        return set(waiting)

    def _resources_of(self, start: Node, found: dict[Node, frozenset[Node]]) -> frozenset[Node]:
        """Resources reached from `start` without passing through another; remembered in `found`."""
        todo = [start]
        while todo:
            node = todo[-1]
            passed = [edge.target for edge in self.edges.get(node, ()) if edge.target.kind != "resource"]
            missing = [target for target in passed if target not in found and target != node]
            if missing:
                todo.extend(missing)
                continue
            todo.pop()
            direct = {edge.target for edge in self.edges.get(node, ()) if edge.target.kind == "resource"}
            found[node] = _united(direct, (found[target] for target in passed if target != node))
        return found[start]


def _reached(starts: Iterable[Node], following: Mapping[Node, Iterable[Node]]) -> dict[Node, Node]:
    """What is reached from these, each with the start that it is reached from."""
    found: dict[Node, Node] = {}
    todo = [(start, start) for start in starts]
    while todo:
        node, start = todo.pop()
        new = [each for each in following.get(node, ()) if each not in found]
        found.update(dict.fromkeys(new, start))
        todo.extend((each, start) for each in new)
    return found


def _united(direct: set[Node], passed: Iterable[frozenset[Node]]) -> frozenset[Node]:
    """All of these. What everything in a module waits for stays one object, because it may be large."""
    distinct = {id(nodes): nodes for nodes in passed if nodes}
    if len(distinct) == 1 and not direct:
        return next(iter(distinct.values()))
    return frozenset(direct).union(*distinct.values())


def build_graph(root: Module) -> StaticGraph:
    """The graph of a module tree that has passed the static checks.

    References to nothing are left out, and so is a block's own name in its `depends_on`: it says nothing.
    """
    edges: dict[Node, tuple[Edge, ...]] = {}
    explicit: dict[Node, tuple[Edge, ...]] = {}
    todo = [root]
    while todo:
        module = todo.pop()
        collector = _Module(module, root)
        edges.update(collector.edges())
        explicit.update(collector.explicit())
        todo.extend(module.children.values())
    for node, targets in explicit.items():
        idle = {edge for edge in targets if edge.target == node and node.kind == "resource"}
        if idle:
            explicit[node] = tuple(edge for edge in targets if edge not in idle)
            edges[node] = tuple(edge for edge in edges[node] if edge not in idle)
    known = {
        node: tuple(edge for edge in dict.fromkeys(targets) if edge.target in edges)
        for node, targets in edges.items()
    }
    return StaticGraph(known, explicit)


def resource_address(node: Node) -> ConfigAddress:
    """The address of the resource that a node is."""
    mode, type_, name = node.name
    kind: Final = "managed" if mode == "managed" else "data" if mode == "data" else "ephemeral"
    return ConfigAddress(node.module, kind, type_, name)


def provider_node(address: ProviderConfigAddress) -> Node:
    """The node of a provider's configuration."""
    return Node(address.module, "provider", (str(address.provider), address.alias or ""))


class _Module:
    """Collects the edges of one module's declarations."""

    def __init__(self, module: Module, root: Module) -> None:
        self._module = module
        self._root = root
        self._path = module.path
        self._parent = root.descendant(module.path[:-1]) if module.path else None
        self._own_call = Node(self._path, "module", ()) if self._path else None

    def edges(self) -> Iterator[tuple[Node, tuple[Edge, ...]]]:
        """Every declaration of the module with its references."""
        found = dict(self._declarations())
        yield from found.items()
        if self._parent is not None:
            span = self._parent.calls[self._path[-1]].span
            closed = (Node(child.path, "close", ()) for child in self._module.children.values())
            yield Node(self._path, "close", ()), tuple(Edge(node, span) for node in (*found, *closed))

    def _declarations(self) -> Iterator[tuple[Node, tuple[Edge, ...]]]:
        module = self._module
        if self._parent is not None:
            yield from self._call_edges(self._parent, self._parent.calls[self._path[-1]])
        else:
            yield from ((self._node("var", name), ()) for name in module.variables)
        for name, local in module.locals.items():
            yield self._node("local", name), (*self._refer(local.expression), *self._wait(local.span))
        for name, output in module.outputs.items():
            conditions = [part for c in output.preconditions for part in (c.condition, c.error_message)]
            found = (*self._refer(output.expression, *conditions), *self._traverse(output.depends_on))
            yield self._node("output", name), (*found, *self._wait(output.span))
        for name, check in module.checks.items():
            conditions = [part for c in check.assertions for part in (c.condition, c.error_message)]
            yield self._node("check", name), (*self._refer(*conditions), *self._wait(check.span))
        nested = (data for _, data in module.nested_data())
        for resource in (*module.resources.values(), *nested):
            yield self._node("resource", *resource.key), tuple(self._resource_edges(resource))
        for (name, alias), config in module.provider_configs.items():
            address = ProviderConfigAddress(self._path, provider_address(module, name), alias)
            yield provider_node(address), tuple(self._provider_edges(config))

    def explicit(self) -> Iterator[tuple[Node, tuple[Edge, ...]]]:
        """The `depends_on` of resources and module calls."""
        for resource in self._module.resources.values():
            if resource.depends_on:
                yield self._node("resource", *resource.key), tuple(self._traverse(resource.depends_on))
        for name, call in self._module.calls.items():
            if call.depends_on:
                yield Node((*self._path, name), "module", ()), tuple(self._traverse(call.depends_on))

    def _call_edges(self, parent: Module, call: ModuleCall) -> Iterator[tuple[Node, tuple[Edge, ...]]]:
        outside = _Module(parent, parent)
        repetition = [each for each in (call.count, call.for_each) if each is not None]
        waits = (*outside._refer(*repetition), *outside._traverse(call.depends_on))
        yield Node(self._path, "module", ()), (*waits, *outside._wait(call.span))
        for name, variable in self._module.variables.items():
            argument = call.arguments.get(name)
            found = tuple(outside._refer(argument)) if argument is not None else ()
            yield self._node("var", name), (*found, *self._wait(variable.span))

    def _resource_edges(self, resource: Resource) -> Iterator[Edge]:
        yield from self._traverse(references_in_body(resource.body))
        repetition = [each for each in (resource.count, resource.for_each) if each is not None]
        lifecycle = resource.lifecycle
        conditions = (*lifecycle.preconditions, *lifecycle.postconditions)
        yield from self._refer(*repetition)
        yield from self._refer(*(part for c in conditions for part in (c.condition, c.error_message)))
        yield from self._traverse(resource.depends_on)
        own = self._node("resource", *resource.key)
        later = (*self._refer(*lifecycle.replace_triggered_by), *self._provisioner_edges(resource))
        yield from (edge for edge in later if edge.target != own)
        yield from self._wait(resource.span)
        provider = resolve_provider(self._root, self._path, resource)
        yield Edge(provider_node(provider), resource.span)

    def _provisioner_edges(self, resource: Resource) -> Iterator[Edge]:
        """What provisioners refer to. They run when the object is there, so it may be the object itself."""
        for provisioner in resource.provisioners:
            yield from self._traverse(references_in_body(provisioner.body))
            if provisioner.connection is not None:
                yield from self._traverse(references_in_body(provisioner.connection))

    def _provider_edges(self, config: ProviderConfig) -> Iterator[Edge]:
        yield from self._traverse(references_in_body(config.body))
        yield from self._wait(config.span)

    def _refer(self, *expressions: Expression) -> Iterator[Edge]:
        for expression in expressions:
            yield from self._traverse(traversals(expression))

    def _traverse(self, references: Iterable[Traversal]) -> Iterator[Edge]:
        for traversal in references:
            parsed = parse_reference(traversal)
            if not isinstance(parsed, Diagnostic):
                yield from self._targets(parsed[0], traversal.span)

    def _targets(self, reference: Reference, span: Span) -> Iterator[Edge]:
        match reference:
            case VariableRef(name):
                yield Edge(self._node("var", name), span)
            case LocalRef(name):
                yield Edge(self._node("local", name), span)
            case ResourceRef(mode, type_, name):
                yield Edge(self._node("resource", mode, type_, name), span)
            case ModuleRef(name, _, output):
                yield from self._module_targets(name, output, span)
            case _:
                pass

    def _module_targets(self, name: str, output: str | None, span: Span) -> Iterator[Edge]:
        child = self._module.children.get(name)
        if child is None:
            return
        if output is None:
            yield Edge(Node(child.path, "close", ()), span)
            return
        yield Edge(Node(child.path, "module", ()), span)
        yield Edge(Node(child.path, "output", (output,)), span)

    def _wait(self, span: Span) -> Iterator[Edge]:
        if self._own_call is not None:
            yield Edge(self._own_call, span)

    def _node(self, kind: Kind, *name: str) -> Node:
        return Node(self._path, kind, name)
