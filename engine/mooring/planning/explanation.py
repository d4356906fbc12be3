"""Why a plan has the changes it has: for each, what changed, where that is written, and what it comes from.

Pure: from the plan and the files it was made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mooring.config.arguments import place_of, resource_block
from mooring.config.model import Module, Resource
from mooring.core.addresses import InstanceAddress
from mooring.core.paths import Attr, Path, format_path
from mooring.core.records import record
from mooring.core.values import unmark
from mooring.core.walking import value_at
from mooring.planning.causes import Because, Chain, Place, World, chains_of, place, repetition_of, world_of
from mooring.planning.existence import why_created, why_removed
from mooring.planning.model import Action, Drift, Plan, PlannedChange, Reason
from mooring.planning.moves import moved_at
from mooring.schema.changes import changed_paths, is_same
from mooring.syntax.body import Names
from mooring.syntax.nodes import Expression

_MOST_CHAINS: Final = 4


@record(kw_only=True)
class Explanation:
    """Why one object changes."""

    address: InstanceAddress
    action: Action
    deposed: str | None = None
    because: tuple[Because, ...] = ()


def explain(plan: Plan, root: Module, origins: Mapping[str, str]) -> tuple[Explanation, ...]:
    """Why each change of a plan is there, in the plan's order.

    `origins` says for each root variable that was set what set it, as `terraform.tfvars:1`.
    """
    world = world_of(plan, root, origins)
    return tuple(_explanation(world, change) for change in plan.changes if change.is_change)


def explain_replacements(plan: Plan, root: Module, origins: Mapping[str, str]) -> tuple[Explanation, ...]:
    """The same for replacements alone."""
    world = world_of(plan, root, origins)
    return tuple(_explanation(world, change) for change in plan.changes if change.action is Action.REPLACE)


def _explanation(world: World, change: PlannedChange) -> Explanation:
    because = tuple(_reasons(world, change))
    return Explanation(address=change.address, action=change.action, deposed=change.deposed, because=because)


def _reasons(world: World, change: PlannedChange) -> Iterator[Because]:
    yield from _moves_and_imports(world, change)
    resource = resource_block(world.root, change.address.resource)
    match change.action:
        case Action.REPLACE:
            yield from _replacement(world, change, resource)
        case Action.UPDATE:
            yield from _attributes(world, change, resource, _updated(change, resource))
        case Action.CREATE:
            yield why_created(world, change, resource)
        case Action.DELETE | Action.FORGET:
            yield why_removed(world, change, resource)
        case Action.READ:
            yield _reading(change)
        case Action.NO_OP:
            return


def _moves_and_imports(world: World, change: PlannedChange) -> Iterator[Because]:
    if change.import_id is not None:
        where = _import_block(world, change.address)
        yield Because(text="an import block takes it over", where=where, is_reason=False)
    if change.previous_address is not None:
        span = moved_at(world.root, change.address)
        where = place(span) if span is not None else ""
        yield Because(text=f"it was {change.previous_address}", where=where, is_reason=False)


def _import_block(world: World, address: InstanceAddress) -> str:
    """Where an instance is imported: at the block that names it, else at one that is evaluated for it."""
    blocks = world.imports.get(address.resource.in_config, ())
    named = [each for each in blocks if each.to.span.text == str(address)]
    block = next(iter(named or blocks), None)
    return place(block.span) if block is not None else ""


# -- attributes ----------------------------------------------------------------------------------


def _replacement(world: World, change: PlannedChange, resource: Resource | None) -> Iterator[Because]:
    match change.reason:
        case Reason.REPLACE_TAINTED:
            yield Because(text="it is tainted: it was not made whole, or marked by hand")
        case Reason.REPLACE_BY_REQUEST:
            yield Because(text="-replace asks for it")
        case Reason.REPLACE_BY_TRIGGERS:
            yield from _triggers(world, change, resource)
        case _:
            yield from _attributes(world, change, resource, change.replace_paths)


def _triggers(world: World, change: PlannedChange, resource: Resource | None) -> Iterator[Because]:
    if resource is None:
        return
    where = Place(change.address.resource.module, repetition_of(resource))
    for trigger in resource.lifecycle.replace_triggered_by:
        chains = tuple(chains_of(world, trigger, where))
        if chains:
            text = f"replace_triggered_by watches {trigger.span.text}"
            yield Because(text=text, where=place(trigger.span), chains=chains)


def _updated(change: PlannedChange, resource: Resource | None) -> tuple[Path, ...]:
    """The paths that differ; of those the ones that the block has a say in, if there are any."""
    assert change.before is not None
    assert change.after is not None
    paths = changed_paths(unmark(change.before)[0], unmark(change.after)[0])
    if resource is None:
        return paths
    configured = tuple(path for path in paths if place_of(resource, path) is not None)
    dropped = tuple(path for path in paths if _is_null(change, path))
    return tuple(dict.fromkeys((*configured, *dropped))) or paths


def _is_null(change: PlannedChange, path: Path) -> bool:
    after = value_at(unmark(change.after)[0], path) if change.after is not None else None
    return after is None or after.is_null


def _attributes(
    world: World, change: PlannedChange, resource: Resource | None, paths: tuple[Path, ...]
) -> Iterator[Because]:
    drift = world.drift.get(change.address)
    for path in paths:
        name = format_path(path).removeprefix(".")
        span = place_of(resource, path) if resource is not None else None
        where = place(span) if span is not None else ""
        if _drifted(drift, change, path):
            yield Because(text=f"{name} was changed outside", attribute=name, where=where)
        elif span is None:
            said = "is not set any more" if _is_null(change, path) else "is decided by the provider"
            yield Because(text=f"{name} {said}", attribute=name)
        else:
            chains = _argument_chains(world, change, resource, path)
            said = "may change" if _is_unknown(change, path) else "changed"
            yield Because(text=f"{name} {said}", attribute=name, where=where, chains=chains)


def _drifted(drift: Drift | None, change: PlannedChange, path: Path) -> bool:
    """Whether the plan sets a part back to what was recorded of it."""
    if drift is None or drift.actual is None or change.after is None:
        return False
    recorded, actual, after = (
        value_at(unmark(each)[0], path) for each in (drift.recorded, drift.actual, change.after)
    )
    if recorded is None or actual is None or after is None:
        return recorded is not actual and recorded is after
    return is_same(recorded, after) and not is_same(recorded, actual)


def _is_unknown(change: PlannedChange, path: Path) -> bool:
    after = value_at(unmark(change.after)[0], path) if change.after is not None else None
    return after is not None and not after.is_wholly_known


def _argument_chains(
    world: World, change: PlannedChange, resource: Resource | None, path: Path
) -> tuple[Chain, ...]:
    """The chains behind an argument. Where the value is not known yet, what is known cannot be the cause."""
    if resource is None or not isinstance(path[0], Attr):
        return ()
    expressions = tuple(_expressions(resource, path))
    where = Place(change.address.resource.module, repetition_of(resource))
    chains = [chain for each in expressions for chain in chains_of(world, each, where)]
    objects = [chain for chain in chains if chain and chain[-1].address is not None]
    if objects and _is_unknown(change, path):
        chains = objects
    return tuple(chains[:_MOST_CHAINS])


def _expressions(resource: Resource, path: Path) -> Iterator[Expression]:
    """What is written at a path: the argument, or everything in the blocks of that name."""
    assert isinstance(path[0], Attr)
    name = path[0].name
    content, _, _ = resource.body.partial(
        Names(attributes=frozenset({name}), blocks={name: (), "dynamic": ("type",)})
    )
    if name in content.attributes:
        yield content.attributes[name].expression
        return
    for block in content.blocks:
        if block.type == name:
            inner, _ = block.body.just_attributes()
            wanted = next((step.name for step in path[1:] if isinstance(step, Attr)), None)
            yield from (each.expression for each in inner.values() if wanted in (None, each.name))


def _reading(change: PlannedChange) -> Because:
    match change.reason:
        case Reason.READ_DEPENDENCY_PENDING:
            return Because(text="what it depends on changes first")
        case Reason.READ_CHECK_NESTED:
            return Because(text="its check looks at the result")
        case _:
            return Because(text="its arguments are known after apply")
