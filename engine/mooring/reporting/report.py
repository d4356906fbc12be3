"""The facts of a plan that every report tells: what counts, what is worth showing, what has drifted.

Text, JSON and the live stream all start here, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mooring.core.records import record
from mooring.planning.model import Action, Drift, OutputChange, Plan, PlannedChange
from mooring.schema.model import CREATE_AND_DESTROY

if TYPE_CHECKING:
    from mooring.planning.explanation import Explanation


@record(kw_only=True)
class Counts:
    """How many objects are concerned. Attaching is part of `add`, detaching of `remove`."""

    add: int = 0
    change: int = 0
    remove: int = 0
    imported: int = 0
    forget: int = 0
    attach: int = 0
    detach: int = 0


@record(kw_only=True)
class Report:
    """A plan, seen by its reader."""

    plan: Plan
    counts: Counts
    changes: tuple[PlannedChange, ...]
    outputs: tuple[OutputChange, ...]
    drift: tuple[Drift, ...]
    explanations: tuple[Explanation, ...] = ()


def build_report(plan: Plan, explanations: tuple[Explanation, ...] = ()) -> Report:
    """Everything worth telling of a plan: no-ops are left out unless they move or import something."""
    changes = tuple(change for change in plan.changes if change.is_change)
    return Report(
        plan=plan,
        counts=count(changes),
        changes=changes,
        outputs=tuple(output for output in plan.outputs if output.action is not Action.NO_OP),
        drift=plan.drift,
        explanations=explanations,
    )


def told_action(output: OutputChange) -> Action:
    """What is told to happen to an output: one that is null counts as none."""
    is_null = output.after is not None and output.after.is_null
    return Action.NO_OP if output.action is Action.CREATE and is_null else output.action


def count(changes: Iterable[PlannedChange]) -> Counts:
    """How many objects of each kind there are; a replacement counts as one added and one removed."""
    add = change = remove = imported = forget = attach = detach = 0
    for each in changes:
        is_data = each.address.resource.mode == "data"
        creates = each.action in {Action.CREATE, Action.REPLACE} and not is_data
        deletes = each.action in {Action.DELETE, Action.REPLACE} and not is_data
        add += creates
        remove += deletes
        change += each.action is Action.UPDATE
        forget += each.action is Action.FORGET
        imported += each.import_id is not None
        attach += creates and each.verbs.create != CREATE_AND_DESTROY.create
        detach += deletes and each.verbs.delete != CREATE_AND_DESTROY.delete
    return Counts(
        add=add,
        change=change,
        remove=remove,
        imported=imported,
        forget=forget,
        attach=attach,
        detach=detach,
    )


def counted(counts: Counts) -> dict[str, int]:
    """The counts that are not zero, by name."""
    named = {
        "add": counts.add,
        "change": counts.change,
        "remove": counts.remove,
        "imported": counts.imported,
        "forget": counts.forget,
        "attach": counts.attach,
        "detach": counts.detach,
    }
    return {name: number for name, number in named.items() if number}


def planned_summary(counts: Counts) -> str:
    """The line that tools look for."""
    imported = f"{counts.imported} to import, " if counts.imported else ""
    return f"Plan: {imported}{counts.add} to add, {counts.change} to change, {counts.remove} to destroy."
