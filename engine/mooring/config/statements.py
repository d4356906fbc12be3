"""Whether `moved`, `removed` and `import` blocks make sense beside what is declared.

These are checked when a plan is made, not when a configuration is validated. Which instances `for_each` has
is not known here, so what depends on that is left to the plan. The rules are those of
https://developer.hashicorp.com/terraform/language/modules/develop/refactoring.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mooring.config.declarations.moves import without_keys
from mooring.config.model import Module
from mooring.config.targets import Target, parse_target
from mooring.core.addresses import ModuleStep
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, in_order
from mooring.core.records import record, replace
from mooring.core.spans import Span
from mooring.syntax.nodes import Expression, Literal, Traversal

_AMBIGUOUS = "Ambiguous move statements"


@record(kw_only=True)
class _Move:
    """A move, its two ends seen from the root module."""

    source: Target
    destination: Target
    span: Span

    @property
    def is_of_instance(self) -> bool:
        """Whether one instance moves; otherwise a whole resource or module does."""
        return self.source.last_key is not None or self.destination.last_key is not None


def check_statements(root: Module, *, generates_configuration: bool = False) -> Diagnostics:
    """Everything wrong with the statements of a module tree about objects that exist.

    `generates_configuration`: what is imported and not declared will be declared by Mooring.
    """
    modules = tuple(root.tree())
    moves = [move for module in modules for move in _moves_of(module)]
    found = [diag for move in moves for diag in _check_move(root, move)]
    found += _check_ambiguous(moves)
    if not found:
        found += _check_cycles(moves)
    for module in modules:
        found += _check_removed(root, module)
    if not generates_configuration:
        found += _check_imports(root)
    return in_order(found)


# -- moves ---------------------------------------------------------------------------------------


def _moves_of(module: Module) -> Iterator[_Move]:
    for moved in module.moved:
        source, destination = (_absolute(module, each) for each in (moved.from_address, moved.to_address))
        if source is not None and destination is not None:
            yield _Move(source=source, destination=destination, span=moved.span)


def _absolute(module: Module, address: Traversal) -> Target | None:
    """What an address names, seen from the root module; the instances above are left open."""
    target = parse_target(address)
    if isinstance(target, Diagnostic):
        return None
    above = tuple(ModuleStep(name) for name in module.path)
    return replace(target, module=above + target.module)


def _check_move(root: Module, move: _Move) -> Iterator[Diagnostic]:
    name = str(move.source)
    if name == str(move.destination):
        yield error(
            "Redundant move statement", f"{name} does not move: both addresses are the same.", move.span
        )
        return
    declared = _still_declared(root, move)
    if declared is not None:
        detail = f"{name} is declared at {declared} still. Declare it as {move.destination} instead."
        yield error("Moved object still exists", detail, move.span)


def _still_declared(root: Module, move: _Move) -> Span | None:
    """Where the source of a move is declared, if it is for sure."""
    source = move.source
    path = source.path[:-1] if source.is_module else source.path
    module = root.descendant(path)
    if module is None:
        return None
    declared = (
        module.calls.get(source.path[-1])
        if source.is_module
        else module.resources.get((source.mode, source.type, source.name))
    )
    if declared is None:
        return None
    key = source.last_key
    if key is None:
        return declared.span if declared.is_single or not move.is_of_instance else None
    return declared.span if isinstance(key, int) and key < _constant_count(declared.count) else None


def _constant_count(expression: Expression | None) -> int:
    """The number of instances where `count` is written out; otherwise none is sure to be there."""
    raw = expression.value.raw if isinstance(expression, Literal) else None
    return raw if isinstance(raw, int) else 0


def _check_ambiguous(moves: list[_Move]) -> Iterator[Diagnostic]:
    by_source: dict[str, _Move] = {}
    by_destination: dict[str, _Move] = {}
    for move in moves:
        source, destination = str(move.source), str(move.destination)
        first = by_source.setdefault(source, move)
        if str(first.destination) != destination:
            detail = f"{source} moves to {first.destination} at {first.span} already. It moves once."
            yield error(_AMBIGUOUS, detail, move.span)
            continue
        first = by_destination.setdefault(destination, move)
        if str(first.source) != source:
            detail = f"{first.source} moves to {destination} at {first.span} already. Only one can."
            yield error(_AMBIGUOUS, detail, move.span)


def _check_cycles(moves: list[_Move]) -> Iterator[Diagnostic]:
    following = {str(move.source): move for move in moves if str(move.source) != str(move.destination)}
    done: set[str] = set()
    for start in following:
        path: dict[str, _Move] = {}
        at = start
        while at in following and at not in path and at not in done:
            path[at] = following[at]
            at = str(following[at].destination)
        if at in path:
            yield _cycle(at, path)
        done.update(path)


def _cycle(start: str, path: Mapping[str, _Move]) -> Diagnostic:
    names = list(path)
    way = [path[name] for name in names[names.index(start) :]]
    lines = [f"\n  {move.source} to {move.destination} at {move.span}" for move in way]
    detail = f"These moves lead in a circle, so nothing ever arrives:{''.join(lines)}"
    return error("Cyclic dependency in move statements", detail)


# -- removed and import ----------------------------------------------------------------------------


def _check_removed(root: Module, module: Module) -> Iterator[Diagnostic]:
    for removed in module.removed:
        target = _absolute(module, removed.from_address)
        if target is None:
            continue
        whole = _Move(source=target, destination=target, span=removed.span)
        declared = _still_declared(root, whole)
        if declared is not None:
            kind = "module" if target.is_module else "resource"
            detail = f"The statement at {removed.span} says that {target} was removed. Keep one of the two."
            yield error(f"Removed {kind} still exists", detail, declared)


def _check_imports(root: Module) -> Iterator[Diagnostic]:
    for imported in root.imports:
        traversal = without_keys(imported.to)
        target = parse_target(traversal) if traversal is not None else None
        if not isinstance(target, Target):
            continue
        module = root.descendant(target.path)
        if module is None or (target.mode, target.type, target.name) not in module.resources:
            detail = (
                f"{target.in_config} is not declared. Declare it, or have its declaration written with "
                "-generate-config-out=FILE."
            )
            yield error("Configuration for import target does not exist", detail, imported.to.span)
