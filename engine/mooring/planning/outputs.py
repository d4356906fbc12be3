"""How root outputs change."""

from __future__ import annotations

from collections.abc import Callable

from mooring.config.evaluation import Evaluation
from mooring.core.codec import decode
from mooring.core.values import SENSITIVE, Value
from mooring.planning.model import Action, OutputChange, PlanMode
from mooring.state.model import OutputState, State

_SENSITIVE = frozenset({SENSITIVE})


def output_changes(
    evaluation: Evaluation, state: State, mode: PlanMode, *, is_included: Callable[[str], bool]
) -> tuple[OutputChange, ...]:
    """The change of every root output, declared or recorded, by name.

    Outputs that failed and those that the plan is not about are left out.
    """
    declared = {} if mode is PlanMode.DESTROY else evaluation.configuration.root.outputs
    found = []
    for name in filter(is_included, sorted(declared.keys() | state.outputs.keys())):
        before = recorded_output(state.outputs.get(name))
        if name not in declared:
            found.append(_change(name, before, None, sensitive=state.outputs[name].sensitive))
        elif declared[name].ephemeral or not _is_there(evaluation, name):
            continue
        else:
            after = evaluation.cells.get(("output", (), name))
            assert type(after) is Value
            found.append(_change(name, before, after, sensitive=declared[name].sensitive))
    return tuple(found)


def recorded_output(stored: OutputState | None) -> Value | None:
    """The value of a recorded output."""
    if stored is None:
        return None
    value = decode(stored.value, stored.type)
    return value.marked(_SENSITIVE) if stored.sensitive else value


def _is_there(evaluation: Evaluation, name: str) -> bool:
    cell = "output", (), name
    return evaluation.cells.has(cell) and not evaluation.cells.failed(cell)


def _change(name: str, before: Value | None, after: Value | None, *, sensitive: bool) -> OutputChange:
    if before is None:
        action = Action.CREATE
    elif after is None:
        action = Action.DELETE
    else:
        action = Action.NO_OP if before == after else Action.UPDATE
    return OutputChange(name=name, action=action, before=before, after=after, sensitive=sensitive)
