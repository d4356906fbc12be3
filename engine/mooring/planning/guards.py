"""Guards: changes that a plan must not have, because a `guard` block or the command line forbids them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from mooring.config.model import Guard
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.paths import format_path
from mooring.planning.model import Action, Plan, PlannedChange
from mooring.planning.targeting import names_instance
from mooring.schema.model import CREATE_AND_DESTROY

_WORDS: Final = {
    Action.CREATE: ("create",),
    Action.UPDATE: ("update",),
    Action.REPLACE: ("replace",),
    Action.DELETE: (),
    Action.FORGET: ("forget",),
}
_ENDING: Final = frozenset({Action.DELETE, Action.REPLACE})


def forbidden_changes(plan: Plan, guards: Iterable[Guard]) -> Diagnostics:
    """An error for each change of a plan and each guard that forbids it."""
    changes = [
        change for change in plan.changes if change.is_change and change.address.resource.mode == "managed"
    ]
    return tuple(diag for guard in guards for change in changes for diag in _refusals(guard, change))


def _refusals(guard: Guard, change: PlannedChange) -> Iterator[Diagnostic]:
    if not _is_about(guard, change):
        return
    word = next((word for word in _words(change) if word in guard.forbid), None)
    if word is not None:
        yield _refusal(guard, change, word)


def _is_about(guard: Guard, change: PlannedChange) -> bool:
    if guard.types is not None and change.address.resource.type not in {name for name, _ in guard.types}:
        return False
    return guard.addresses is None or any(names_instance(each, change.address) for each in guard.addresses)


def _words(change: PlannedChange) -> tuple[str, ...]:
    """What a change is called, as guards may forbid it; ending an attachment is no destruction."""
    words = _WORDS.get(change.action, ())
    if change.action not in _ENDING:
        return words
    destroys = change.verbs.delete == CREATE_AND_DESTROY.delete
    return (*words, "destroy" if destroys else change.verbs.delete, "delete")


def _refusal(guard: Guard, change: PlannedChange, word: str) -> Diagnostic:
    who = f'Guard "{guard.name}" at {guard.span}' if guard.span is not None else "-forbid on the command line"
    declared = f", declared at {change.definition}" if change.definition is not None else ""
    reason = f"\n\n{guard.reason}" if guard.reason else ""
    detail = f"{_said(change)}{declared}. {who} forbids to {word} it.{reason}"
    return error("Change forbidden by a guard", detail, guard.span).of(str(change.address))


def _said(change: PlannedChange) -> str:
    address, verbs = str(change.address), change.verbs
    deposed = f" (deposed object {change.deposed})" if change.deposed is not None else ""
    match change.action:
        case Action.REPLACE:
            paths = ", ".join(format_path(path).removeprefix(".") for path in change.replace_paths)
            because = f" because {paths} changes" if paths else ""
            return f"The plan replaces {address}{because}"
        case Action.DELETE:
            return f"The plan calls to {verbs.delete} {address}{deposed}"
        case Action.CREATE:
            return f"The plan calls to {verbs.create} {address}"
        case Action.FORGET:
            return f"The plan takes {address} out of the state"
        case _:
            return f"The plan calls to {change.action.value} {address}"
