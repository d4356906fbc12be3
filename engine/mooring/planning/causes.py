"""Where a planned value comes from: the references of an expression, followed back to what they start from.

A chain ends at a root variable (and what gave it its value), at something written out, or at another object
that changes, whose own causes are told with it. What did not change is no cause: of a reference to an object
it is known whether the part that it names differs, of a variable nobody knows its earlier value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from mooring.config.model import Import, Module, Resource
from mooring.config.references import (
    EachRef,
    LocalRef,
    ModuleRef,
    Reference,
    ResourceRef,
    VariableRef,
    parse_reference,
    path_of,
)
from mooring.core.addresses import (
    ConfigAddress,
    InstanceAddress,
    InstanceKey,
    ModuleInstance,
    ModuleStep,
    ResourceAddress,
    module_path,
)
from mooring.core.diagnostics import Diagnostic
from mooring.core.paths import Path, format_path
from mooring.core.records import record
from mooring.core.spans import Span
from mooring.core.values import unmark
from mooring.core.walking import value_at
from mooring.planning.imports import imports_by_resource
from mooring.planning.model import Action, Drift, Plan, PlannedChange
from mooring.syntax.nodes import Expression, Traversal
from mooring.syntax.static import traversals

_CHANGING: Final = frozenset({Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE, Action.READ})
_DEEPEST: Final = 32


@record(kw_only=True)
class Link:
    """One link of a chain: what there is, and where it is written (`main.tf:12`, `-var`; empty: nowhere).

    `address` is set where the link is an object that changes.
    """

    what: str
    where: str = ""
    address: InstanceAddress | None = None


Chain = tuple[Link, ...]


@record(kw_only=True)
class Because:
    """One reason for a change. `attribute` is the path that differs, if it is one; `where` is its argument.

    `chains` lead back to what the reason comes from, each from near to far. What is worth saying beside the
    reasons, as that the object is imported, is not `is_reason`.
    """

    text: str
    attribute: str = ""
    where: str = ""
    chains: tuple[Chain, ...] = ()
    is_reason: bool = True


@record(kw_only=True)
class World:
    """What causes are looked for in: a plan, the files it was made from, and what gave inputs their values.

    `existing` are the resources that have an object already; `recorded` and `planned` the module instances
    with something in them before and after; `keys` the key of some instance of a module call; `imports` the
    import blocks of each resource.
    """

    root: Module
    plan: Plan
    origins: Mapping[str, str]
    changes: Mapping[ResourceAddress, tuple[PlannedChange, ...]]
    drift: Mapping[InstanceAddress, Drift]
    existing: frozenset[ResourceAddress]
    recorded: frozenset[ModuleInstance]
    planned: frozenset[ModuleInstance]
    keys: Mapping[tuple[ModuleInstance, str], InstanceKey]
    imports: Mapping[ConfigAddress, tuple[Import, ...]]


def world_of(plan: Plan, root: Module, origins: Mapping[str, str]) -> World:
    """The world of one plan."""
    changes: dict[ResourceAddress, list[PlannedChange]] = {}
    for change in plan.changes:
        if change.deposed is None:
            changes.setdefault(change.address.resource, []).append(change)
    planned = _around(each.address.resource.module for each in plan.changes if each.after is not None)
    return World(
        root=root,
        plan=plan,
        origins=origins,
        changes={address: tuple(found) for address, found in changes.items()},
        drift={each.address: each for each in plan.drift if each.deposed is None},
        existing=frozenset(each.address.resource for each in plan.changes if each.before is not None),
        recorded=_around(address.resource.module for address in plan.prior_state.instances),
        planned=planned,
        keys={(each[:-1], each[-1].name): each[-1].key for each in planned},
        imports=imports_by_resource(root),
    )


def _around(modules: Iterable[ModuleInstance]) -> frozenset[ModuleInstance]:
    """The module instances, and those around them."""
    distinct = set(modules)
    return frozenset(each[:depth] for each in distinct for depth in range(1, len(each) + 1))


class Place(NamedTuple):
    """Where an expression stands: the module instance, and what repeats it (None: nothing)."""

    module: ModuleInstance
    repetition: Expression | None = None


def place(span: Span) -> str:
    """A place in a file as people say it: `main.tf:12`."""
    return f"{span.source.path}:{span.line}"


def chains_of(world: World, expression: Expression, where: Place) -> Iterator[Chain]:
    """The chains that lead from an expression to what its value comes from."""
    yield from _Follower(world).follow(expression, where, ())


class _Follower:
    """One search. It goes no deeper than `_DEEPEST`, and follows each reference once."""

    def __init__(self, world: World) -> None:
        self._world: Final = world
        self._seen: Final[set[tuple[ModuleInstance, str]]] = set()

    def follow(self, expression: Expression, where: Place, before: Chain) -> Iterator[Chain]:
        """The chains that go on from `before` with what an expression refers to."""
        for traversal in traversals(expression):
            parsed = parse_reference(traversal)
            if isinstance(parsed, Diagnostic) or len(before) >= _DEEPEST:
                continue
            reference, consumed = parsed
            name = (where.module, traversal.span.text)
            if name in self._seen:
                continue
            self._seen.add(name)
            yield from self._reference(
                reference, traversal, path_of(traversal.steps[consumed:]), where, before
            )

    def _reference(
        self, reference: Reference, traversal: Traversal, path: Path, where: Place, before: Chain
    ) -> Iterator[Chain]:
        match reference:
            case VariableRef(name):
                yield from self._variable(name, where.module, before)
            case LocalRef(name):
                local = self._module(where.module).locals.get(name)
                if local is not None:
                    link = Link(what=f"{_prefix(where.module)}local.{name}", where=place(local.span))
                    yield from self._on(local.expression, where, (*before, link))
            case ResourceRef():
                yield from self._resource(reference, path, where.module, before)
            case ModuleRef(name, key, output):
                yield from self._outputs(name, key, output, where.module, before)
            case EachRef("value") if where.repetition is not None:
                link = Link(what=traversal.span.text, where=place(where.repetition.span))
                yield from self._on(where.repetition, where, (*before, link))
            case _:
                return

    def _on(self, expression: Expression, where: Place, chain: Chain) -> Iterator[Chain]:
        """The chain followed further; as it is, if it ends there."""
        if not any(True for _ in traversals(expression)):
            yield chain
            return
        yield from self.follow(expression, where, chain)

    def _variable(self, name: str, module: ModuleInstance, before: Chain) -> Iterator[Chain]:
        variable = self._module(module).variables.get(name)
        if variable is None:
            return
        what = f"{_prefix(module)}var.{name}"
        if not module:
            origin = self._world.origins.get(name)
            yield (*before, Link(what=what, where=origin or f"default at {place(variable.span)}"))
            return
        *around, step = module
        caller = tuple(around)
        call = self._module(caller).calls[step.name]
        argument = call.arguments.get(name)
        if argument is None:
            yield (*before, Link(what=what, where=f"default at {place(variable.span)}"))
            return
        chain = (*before, Link(what=what, where=place(argument.span)))
        yield from self._on(argument, Place(caller, call.for_each or call.count), chain)

    def _resource(
        self, reference: ResourceRef, path: Path, module: ModuleInstance, before: Chain
    ) -> Iterator[Chain]:
        address = ResourceAddress(module, reference.mode, reference.type, reference.name)
        for change in self._world.changes.get(address, ()):
            if reference.key is not None and change.address.key != reference.key:
                continue
            if _differs(change, path):
                what = f"{change.address}{format_path(path)}"
                where = place(change.definition) if change.definition is not None else ""
                yield (*before, Link(what=what, where=where, address=change.address))
                return

    def _outputs(
        self, name: str, key: InstanceKey, output: str | None, module: ModuleInstance, before: Chain
    ) -> Iterator[Chain]:
        child = self._module(module).children.get(name)
        if child is None:
            return
        known = self._world.keys.get((module, name))  # of a splat, which is about all of them, any one
        instance = (*module, ModuleStep(name, key if key is not None else known))
        for each in (output,) if output is not None else sorted(child.outputs):
            declared = child.outputs.get(each)
            if declared is not None:
                link = Link(what=f"{_prefix(instance)}{each}", where=place(declared.span))
                yield from self._on(declared.expression, Place(instance), (*before, link))

    def _module(self, instance: ModuleInstance) -> Module:
        found = self._world.root.descendant(module_path(instance))
        assert found is not None
        return found


def _differs(change: PlannedChange, path: Path) -> bool:
    """Whether the part of an object that a reference names is another one afterwards, or may be."""
    if change.action not in _CHANGING:
        return False
    before = value_at(unmark(change.before)[0], path) if change.before is not None else None
    after = value_at(unmark(change.after)[0], path) if change.after is not None else None
    return before != after or (after is not None and not after.is_wholly_known)


def _prefix(module: ModuleInstance) -> str:
    return "".join(f"{step}." for step in module)


def repetition_of(resource: Resource) -> Expression | None:
    """What makes a resource's instances."""
    return resource.for_each or resource.count
