"""Why an object comes or goes: what was declared, taken away, or has another count or for_each."""

from __future__ import annotations

from mooring.config.model import Module, ModuleCall, Resource
from mooring.core.addresses import InstanceAddress, ModuleInstance, format_key, format_module, module_path
from mooring.planning.causes import Because, Place, World, chains_of, place, repetition_of
from mooring.planning.model import Action, PlanMode, PlannedChange, Reason
from mooring.planning.removed import removed_blocks
from mooring.syntax.nodes import Expression


def why_created(world: World, change: PlannedChange, resource: Resource | None) -> Because:
    """The reason for an object that there is none of yet."""
    address = change.address
    drift = world.drift.get(address)
    if drift is not None and drift.actual is None:
        return Because(text="it was deleted outside")
    new = _new_module(world, address.resource.module)
    if new is not None:
        return new
    where = place(resource.span) if resource is not None else ""
    repetition = repetition_of(resource) if resource is not None else None
    if resource is None or repetition is None or address.resource not in world.existing:
        return Because(text="it is declared and not in the state", where=where)
    word = "for_each" if resource.for_each is not None else "count"
    text = f"{word} has {format_key(address.key)} now"
    return _repeated(world, text, repetition, address.resource.module)


def why_removed(world: World, change: PlannedChange, resource: Resource | None) -> Because:
    """The reason for an object that comes to an end, or is forgotten."""
    address, module = change.address, change.address.resource.module
    if change.deposed is not None:
        return Because(text="it is left over from a replacement that was not finished")
    if world.plan.mode is PlanMode.DESTROY:
        return Because(text="everything is to be destroyed")
    if change.action is Action.FORGET:
        block = removed_blocks(world.root).find(address.resource.in_config)
        where = place(block.span) if block is not None else ""
        return Because(text="a removed block lets go of it", where=where)
    match change.reason:
        case Reason.DELETE_NO_MODULE:
            return _gone_module(world, module)
        case Reason.DELETE_COUNT_INDEX | Reason.DELETE_EACH_KEY | Reason.DELETE_WRONG_REPETITION:
            return _not_repeated(world, change, resource)
        case Reason.DELETE_NO_MOVE_TARGET:
            return Because(text="it was moved to where nothing is declared")
        case _:
            return _undeclared(world, address)


def _undeclared(world: World, address: InstanceAddress) -> Because:
    module = address.resource.module
    for depth in range(1, len(module) + 1):
        if world.root.descendant(module_path(module[:depth])) is None:
            return Because(text=f"{format_module(module[:depth])} is not in the configuration any more")
    return Because(text="its block is not in the configuration any more")


def _not_repeated(world: World, change: PlannedChange, resource: Resource | None) -> Because:
    key = format_key(change.address.key)
    repetition = repetition_of(resource) if resource is not None else None
    if resource is None or repetition is None:
        where = place(resource.span) if resource is not None else ""
        return Because(text=f"its block has no instance {key} any more", where=where)
    if change.reason is Reason.DELETE_WRONG_REPETITION:
        return _repeated(world, "its block is repeated now", repetition, change.address.resource.module)
    word = "for_each" if resource.for_each is not None else "count"
    return _repeated(
        world, f"{word} does not have {key} any more", repetition, change.address.resource.module
    )


def _repeated(world: World, text: str, repetition: Expression, module: ModuleInstance) -> Because:
    chains = tuple(chains_of(world, repetition, Place(module)))
    return Because(text=text, where=place(repetition.span), chains=chains)


# -- modules -------------------------------------------------------------------------------------


def _new_module(world: World, module: ModuleInstance) -> Because | None:
    """The reason if a whole instance of a module is new, and it is so because others exist."""
    for depth in range(1, len(module) + 1):
        inner = module[:depth]
        if inner in world.recorded:
            continue
        call = _call(world.root, inner)
        repetition = (call.for_each or call.count) if call is not None else None
        if call is None or repetition is None or not _has_recorded_instance(world, inner):
            where = place(call.span) if call is not None else ""
            return Because(text=f"{format_module(inner)} is new", where=where)
        return _repeated(world, f"{format_module(inner)} is a new instance", repetition, inner[:-1])
    return None


def _gone_module(world: World, module: ModuleInstance) -> Because:
    for depth in range(1, len(module) + 1):
        inner = module[:depth]
        call = _call(world.root, inner)
        repetition = (call.for_each or call.count) if call is not None else None
        if call is None:
            return Because(text=f"{format_module(inner)} is not in the configuration any more")
        if repetition is not None and inner not in world.planned:
            return _repeated(world, f"there is no {format_module(inner)} any more", repetition, inner[:-1])
    return Because(text=f"there is no {format_module(module)} any more")


def _call(root: Module, module: ModuleInstance) -> ModuleCall | None:
    above = root.descendant(module_path(module[:-1]))
    return above.calls.get(module[-1].name) if above is not None else None


def _has_recorded_instance(world: World, module: ModuleInstance) -> bool:
    """Whether the state has another instance of the module's call."""
    return any(each[:-1] == module[:-1] and each[-1].name == module[-1].name for each in world.recorded)
