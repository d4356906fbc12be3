"""Objects that have a new address: what `moved` blocks, and changes of `count`, make of a state.

Pure, and before anything is read: the rest of planning sees every object where the configuration has it now.
The rules are those of https://developer.hashicorp.com/terraform/language/modules/develop/refactoring:

1. A move of a resource or module without a key takes all its instances along; with a key on either side it is
   about that one instance.
2. A move inside a module holds for each of the module's instances.
3. Moves chain: one that starts where another ends comes after it.
4. Where something stands at the destination already, nothing moves, and the plan says so.
5. A resource that gains or loses `count` keeps its object: the one without a key and `[0]` are the same,
   unless a `moved` block is about that resource.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from mooring.config.model import Module, Resource
from mooring.config.targets import Target, parse_target
from mooring.core.addresses import (
    ConfigAddress,
    InstanceAddress,
    InstanceKey,
    ModuleInstance,
    ModulePath,
    ModuleStep,
    ResourceAddress,
    instance_order,
    module_path,
)
from mooring.core.diagnostics import Diagnostics, warning
from mooring.core.records import field, record, replace
from mooring.core.spans import Span
from mooring.planning.targeting import names_instance
from mooring.state.events import Moved
from mooring.state.model import InstanceState, State

_Names = tuple[str, ...]


@record(kw_only=True)
class MovedState:
    """A state after all moves; `previous` says where each instance that moved was recorded."""

    state: State
    previous: Mapping[InstanceAddress, InstanceAddress] = field(default_factory=dict)
    diagnostics: Diagnostics = ()

    @property
    def destinations(self) -> Mapping[InstanceAddress, InstanceAddress]:
        """Where what was recorded at an address is now."""
        return {source: address for address, source in self.previous.items()}


@record(kw_only=True)
class _Statement:
    """A `moved` block: both ends relative to the instances of the module `scope`."""

    scope: ModulePath
    source: Target
    destination: Target

    @property
    def is_whole(self) -> bool:
        """Whether all instances move, each keeping its key."""
        return self.source.last_key is None and self.destination.last_key is None


def apply_moves(root: Module, state: State) -> MovedState:
    """The state with every object at the address that the configuration has for it now."""
    statements = tuple(_statements(root))
    implied = tuple(_implied(root, state, _sources(statements)))
    if not statements and not implied:
        return MovedState(state=state)
    mover = _Mover(state)
    for statement in _in_order(statements):
        mover.follow(statement)
    for source, destination in implied:
        if mover.holds(source) and not mover.holds(destination):
            mover.move(source, destination)
    return mover.result()


def move_events(previous: Mapping[InstanceAddress, InstanceAddress]) -> Iterator[Moved]:
    """The moves one by one, in an order in which each finds its destination free."""
    destinations = {source: address for address, source in previous.items()}
    done: set[InstanceAddress] = set()
    for start in sorted(previous, key=instance_order):
        chain = [start]
        following = destinations.get(start)
        while following is not None and following not in done and following != start:
            chain.append(following)
            following = destinations.get(following)
        for address in reversed(chain):
            if address not in done:
                done.add(address)
                yield Moved(address=address, previous=previous[address])


def moved_at(root: Module, address: InstanceAddress) -> Span | None:
    """The block that moved an object to its address; None where nobody said it, as with a new count."""
    around = address.resource.module
    for depth in range(len(around) + 1):
        module = root.descendant(module_path(around[:depth]))
        for moved in module.moved if module is not None else ():
            target = parse_target(moved.to_address)
            if isinstance(target, Target) and names_instance(
                replace(target, module=around[:depth] + target.module), address
            ):
                return moved.span
    return None


# -- statements ----------------------------------------------------------------------------------


def _statements(root: Module) -> Iterator[_Statement]:
    todo = [root]
    for module in todo:
        for moved in module.moved:
            source, destination = parse_target(moved.from_address), parse_target(moved.to_address)
            if isinstance(source, Target) and isinstance(destination, Target):
                yield _Statement(scope=module.path, source=source, destination=destination)
        todo.extend(module.children.values())


def _names(scope: ModulePath, target: Target) -> _Names:
    """Where a target stands in the configuration: its calls, and the parts of its resource if it is one."""
    own = () if target.is_module else ("", target.mode, target.type, target.name)
    return scope + target.path + own


def _in_order(statements: tuple[_Statement, ...]) -> Iterator[_Statement]:
    """The statements so that each comes after those that move things to where it looks for them."""
    arriving: dict[_Names, list[int]] = {}
    for index, statement in enumerate(statements):
        arriving.setdefault(_names(statement.scope, statement.destination), []).append(index)
    seen: set[int] = set()
    done: set[int] = set()
    for start in range(len(statements)):
        todo = [start]
        while todo:
            index = todo.pop()
            first = () if index in seen else _before(statements[index], arriving)
            waiting = [each for each in first if each not in seen and each != index]
            seen.add(index)
            if waiting:
                todo += [index, *waiting]
            elif index not in done:
                done.add(index)
                yield statements[index]


def _before(statement: _Statement, arriving: Mapping[_Names, list[int]]) -> Iterator[int]:
    """The statements whose destination is the source of this one, or a module around either of its ends."""
    for end in (statement.source, statement.destination):
        names = _names(statement.scope, end)
        least = 1 if end is statement.source else 0
        for length in range(1, len(names) + least):
            yield from arriving.get(names[:length], ())


def _sources(statements: Iterable[_Statement]) -> frozenset[ConfigAddress]:
    """The resources that `moved` blocks say something of."""
    return frozenset(
        ConfigAddress(each.scope + each.source.path, each.source.mode, each.source.type, each.source.name)
        for each in statements
        if not each.source.is_module
    )


def _implied(
    root: Module, state: State, explicit: frozenset[ConfigAddress]
) -> Iterator[tuple[InstanceAddress, InstanceAddress]]:
    """Rule 5: the instances that a change of `count` renames."""
    declared: dict[ResourceAddress, Resource | None] = {}
    for address in state.instances:
        if address.key not in _RENAMED:
            continue
        resource = address.resource
        if resource not in declared:
            declared[resource] = _declared(root, resource) if resource.in_config not in explicit else None
        block = declared[resource]
        if block is None or block.for_each is not None or address.key == _key_now(block):
            continue
        destination = resource.instance(_key_now(block))
        if destination not in state.instances:
            yield address, destination


_RENAMED: Final = (None, 0)


def _key_now(resource: Resource) -> InstanceKey:
    return 0 if resource.count is not None else None


def _declared(root: Module, address: ResourceAddress) -> Resource | None:
    module = root.descendant(module_path(address.module))
    return module.resources.get((address.mode, address.type, address.name)) if module is not None else None


# -- moving --------------------------------------------------------------------------------------


class _Mover:
    """Instances on their way. Mutable, private to `apply_moves`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._instances: dict[InstanceAddress, InstanceState] = dict(state.instances)
        self._origin: dict[InstanceAddress, InstanceAddress] = {}
        self._blocked: dict[InstanceAddress, InstanceAddress] = {}
        self._by_resource: dict[ConfigAddress, dict[InstanceAddress, None]] = {}
        for address in state.instances:
            self._by_resource.setdefault(address.resource.in_config, {})[address] = None

    def holds(self, address: InstanceAddress) -> bool:
        """Whether there is an object at an address."""
        return address in self._instances

    def move(self, source: InstanceAddress, destination: InstanceAddress) -> None:
        """Takes one instance to its new address, which is free."""
        self._instances[destination] = self._instances.pop(source)
        self._origin[destination] = self._origin.pop(source, source)
        del self._by_resource[source.resource.in_config][source]
        self._by_resource.setdefault(destination.resource.in_config, {})[destination] = None

    def follow(self, statement: _Statement) -> None:
        """Carries out one statement as far as nothing stands in its way."""
        pairs = list(self._pairs(statement))
        occupied = self._occupied(statement, pairs)
        for source, destination in pairs:
            if _unit(statement, destination) in occupied:
                self._blocked[source] = destination
            else:
                self.move(source, destination)

    def result(self) -> MovedState:
        """The state as it is now."""
        previous = {address: origin for address, origin in self._origin.items() if address != origin}
        return MovedState(
            state=replace(self._state, instances=self._instances),
            previous=previous,
            diagnostics=self._blocked_warning(),
        )

    def _pairs(self, statement: _Statement) -> Iterator[tuple[InstanceAddress, InstanceAddress]]:
        for address in self._candidates(statement):
            destination = _destination(statement, address)
            if destination is not None and destination != address:
                yield address, destination

    def _candidates(self, statement: _Statement) -> list[InstanceAddress]:
        path, target = statement.scope + statement.source.path, statement.source
        if not target.is_module:
            resource = ConfigAddress(path, target.mode, target.type, target.name)
            return list(self._by_resource.get(resource, ()))
        inside = [each for each in self._by_resource if each.module[: len(path)] == path]
        return [address for resource in inside for address in self._by_resource[resource]]

    def _occupied(
        self, statement: _Statement, pairs: list[tuple[InstanceAddress, InstanceAddress]]
    ) -> set[object]:
        """The destinations where something stands already that does not move away in the same step."""
        if not pairs:
            return set()
        ends = replace(statement, source=statement.destination, destination=statement.source)
        leaving = {source for source, _ in pairs}
        standing = (each for each in self._candidates(ends) if each not in leaving)
        return {_unit(statement, address) for address in standing}

    def _blocked_warning(self) -> Diagnostics:
        if not self._blocked:
            return ()
        lines = "".join(
            f"\n  - {source} could not move to {self._blocked[source]}"
            for source in sorted(self._blocked, key=instance_order)
        )
        detail = (
            f"Some objects could not move, because others stand at their new addresses already:{lines}\n\n"
            "They are planned as their old addresses say, which mostly means destroyed. If that is not what "
            "you want, clear the way first with: moor state mv, moor state rm."
        )
        return (warning("Unresolved resource instance address changes", detail),)


def _unit(statement: _Statement, address: InstanceAddress) -> object:
    """What must be free as a whole for a statement: a module instance, a resource or an instance."""
    if statement.destination.is_module:
        return address.resource.module[: len(statement.scope) + len(statement.destination.module)]
    return address.resource if statement.is_whole else address


def _destination(statement: _Statement, address: InstanceAddress) -> InstanceAddress | None:
    """Where a statement takes an instance; None if it is not about it."""
    depth = len(statement.scope)
    around, inside = address.resource.module[:depth], address.resource.module[depth:]
    source, destination = statement.source, statement.destination
    if source.is_module:
        module = _module_destination(statement, inside)
        return (
            None
            if module is None
            else InstanceAddress(address.resource._replace(module=around + module), address.key)
        )
    if inside != source.module or (not statement.is_whole and address.key != source.key):
        return None
    resource = ResourceAddress(
        around + destination.module, destination.mode, destination.type, destination.name
    )
    return resource.instance(address.key if statement.is_whole else destination.key)


def _module_destination(statement: _Statement, inside: ModuleInstance) -> ModuleInstance | None:
    source, destination = statement.source.module, statement.destination.module
    *above, last = source
    length = len(source)
    if len(inside) < length or inside[: length - 1] != tuple(above) or inside[length - 1].name != last.name:
        return None
    if not statement.is_whole:
        return destination + inside[length:] if inside[length - 1] == last else None
    moved = ModuleStep(destination[-1].name, inside[length - 1].key)
    return (*destination[:-1], moved, *inside[length:])
