"""Plans that terraform 1.11.4 made, as values: read from its `show -json`, beside the text it printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from mooring.core.addresses import BUILTIN_PROVIDER, InstanceAddress, ProviderConfigAddress, parse_instance
from mooring.core.codec import implied
from mooring.core.paths import Attr
from mooring.core.types import DYNAMIC
from mooring.core.values import SENSITIVE, Value, null, object_value, tuple_value, unknown
from mooring.planning.model import Action, OutputChange, Plan, PlannedChange, Reason
from mooring.state.model import State

RECORDED: Final = Path(__file__).parent / "recorded"
PROVIDER: Final = ProviderConfigAddress((), BUILTIN_PROVIDER)
_ACTIONS: Final = {
    ("no-op",): Action.NO_OP,
    ("create",): Action.CREATE,
    ("read",): Action.READ,
    ("update",): Action.UPDATE,
    ("delete",): Action.DELETE,
    ("forget",): Action.FORGET,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE,
}


def recorded_plan(name: str) -> Plan:
    """The plan of `recorded/NAME.json`."""
    form = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    changes = tuple(_change(each) for each in form.get("resource_changes", []))
    outputs = tuple(_output(key, each) for key, each in form.get("output_changes", {}).items())
    return Plan(changes=changes, outputs=outputs, prior_state=State())


def recorded_text(name: str) -> str:
    """What terraform printed for it."""
    return (RECORDED / f"{name}.txt").read_text("utf-8")


def address(text: str) -> InstanceAddress:
    """The address a text stands for."""
    parsed = parse_instance(text)
    assert parsed is not None, text
    return parsed


def value(content: Any, unknowns: Any, sensitive: Any) -> Value:
    """A value from its three JSON forms."""
    if unknowns is True:
        made = unknown(DYNAMIC)
    elif isinstance(content, dict) or (isinstance(unknowns, dict) and unknowns):
        content, unknowns = content or {}, unknowns or {}
        marks = sensitive if isinstance(sensitive, dict) else {}
        made = object_value(
            {
                key: value(content.get(key), unknowns.get(key), marks.get(key))
                for key in content.keys() | unknowns.keys()
            }
        )
    elif isinstance(content, list):
        made = tuple_value(
            value(part, _at(unknowns, at), _at(sensitive, at)) for at, part in enumerate(content)
        )
    else:
        made = null(DYNAMIC) if content is None else implied(content)
    return made.marked(frozenset({SENSITIVE})) if sensitive is True else made


def _at(shape: Any, position: int) -> Any:
    return shape[position] if isinstance(shape, list) and position < len(shape) else None


def _change(form: Any) -> PlannedChange:
    change = form["change"]
    before = value(change["before"], None, change["before_sensitive"])
    after = value(change["after"], change["after_unknown"], change["after_sensitive"])
    reason = form.get("action_reason")
    previous = form.get("previous_address")
    return PlannedChange(
        address=address(form["address"]),
        action=_ACTIONS[tuple(change["actions"])],
        provider=PROVIDER,
        before=None if change["before"] is None else before,
        after=None if change["after"] is None else after,
        previous_address=address(previous) if previous else None,
        reason=Reason(reason) if reason else None,
        create_before_destroy=change["actions"] == ["create", "delete"],
        replace_paths=tuple(
            tuple(Attr(str(step)) for step in path) for path in change.get("replace_paths", [])
        ),
        import_id=change.get("importing", {}).get("id"),
    )


def _output(name: str, form: Any) -> OutputChange:
    action = _ACTIONS[tuple(form["actions"])]
    before = value(form["before"], None, form["before_sensitive"])
    after = value(form["after"], form["after_unknown"], form["after_sensitive"])
    return OutputChange(
        name=name,
        action=action,
        before=None if action is Action.CREATE else before,
        after=None if action is Action.DELETE else after,
        sensitive=form["after_sensitive"] is True,
    )
