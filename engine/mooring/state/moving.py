"""Which instances `state mv SOURCE DESTINATION` moves where, or why it may not. Pure."""

from __future__ import annotations

from typing import Final

from mooring.core.addresses import InstanceAddress, ModuleInstance, format_module
from mooring.core.diagnostics import Diagnostic, error
from mooring.state.edits import Moves, Selection, select
from mooring.state.model import State

_SOURCE: Final = "Invalid source address"
_TARGET: Final = "Invalid target address"


def plan_move(state: State, into: State, source: Selection, target: Selection) -> Moves | Diagnostic:
    """The new address of each instance; `into` is the state that they move into, possibly the same.

    An address without a key means the single instance of a resource, or all instances of a repeated one.
    """
    found = select(state, source)
    if not found:
        return error(_SOURCE, f"Cannot move {shown(source)}: the state has nothing of that address.")
    if not isinstance(source, InstanceAddress):
        return _move_module(source, target, found, into)
    if source.key is None and source not in state.instances:
        return _move_resource(source, target, found, into)
    return _move_instance(source, target, into)


def shown(selection: Selection) -> str:
    """An address as the user writes it."""
    return str(selection) if isinstance(selection, InstanceAddress) else format_module(selection)


def _move_module(
    source: ModuleInstance, target: Selection, found: tuple[InstanceAddress, ...], into: State
) -> Moves | Diagnostic:
    if isinstance(target, InstanceAddress):
        return _refused(source, target, "a module can only become another module")
    if select(into, target):
        return _occupied(target, "a module")
    depth = len(source)
    return {
        each: each._replace(resource=each.resource._replace(module=(*target, *each.resource.module[depth:])))
        for each in found
    }


def _move_resource(
    source: InstanceAddress, target: Selection, found: tuple[InstanceAddress, ...], into: State
) -> Moves | Diagnostic:
    if not isinstance(target, InstanceAddress) or target.key is not None:
        why = "a resource with all its instances needs the address of a resource, without a key, to go to"
        return _refused(source, target, why)
    if source.resource[1:3] != target.resource[1:3]:
        return _another_type(source, target)
    if select(into, target):
        return _occupied(target, "a resource")
    return {each: each._replace(resource=target.resource) for each in found}


def _move_instance(source: InstanceAddress, target: Selection, into: State) -> Moves | Diagnostic:
    if not isinstance(target, InstanceAddress):
        return _refused(source, target, "a resource instance can only become another one, not a module")
    if source.resource[1:3] != target.resource[1:3]:
        return _another_type(source, target)
    if target in into.instances:
        return _occupied(target, "a resource instance")
    return {source: target}


def _refused(source: Selection, target: Selection, why: str) -> Diagnostic:
    return error(_TARGET, f"Cannot move {shown(source)} to {shown(target)}: {why}.")


def _another_type(source: Selection, target: Selection) -> Diagnostic:
    detail = f"Cannot move {shown(source)} to {shown(target)}: one type cannot become another here."
    return error("Invalid state move request", detail)


def _occupied(target: Selection, what: str) -> Diagnostic:
    detail = f"Cannot move to {shown(target)}: the state has {what} there already."
    return error(_TARGET, detail)
