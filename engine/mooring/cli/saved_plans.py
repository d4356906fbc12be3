"""Saved plans on their way back in: read, checked against the state, with their own configuration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mooring.cli.command import Stopped
from mooring.cli.operations import Planned, read_state
from mooring.config.files import MemoryFiles
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors, warning
from mooring.planning.model import Plan
from mooring.planning.plan_file import MAGIC, load_plan, save_plan
from mooring.reporting.product import COMMAND, PRODUCT
from mooring.state.encryption.envelope import identity_of, looks_encrypted
from mooring.state.files import write_atomically
from mooring.state.store import StateStore

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.config.model import Module, Variable
    from mooring.core.values import Value

_FIXED: Final = ("target", "exclude", "replace", "destroy", "refresh-only", "refresh")
_ZIP: Final = b"PK\x03\x04"
"""How a saved plan of Terraform begins."""
_STALE: Final = error(
    "Saved plan is stale",
    "The state has been written since this plan was made, so what the plan says may not be true any more. "
    "Make a new plan, and look at it.",
)
_FOREIGN: Final = error(
    "Saved plan does not match the given state",
    "The plan was made for another state than the one that is here: that of another folder, workspace or "
    "backend. Apply it where it was made, or make a plan here.",
)


_IN_CLEAR: Final = warning(
    "Plan is saved in clear",
    "The state is encrypted, the saved plan is not, and it holds what the state holds and the values of the "
    'variables. Name a method in a "plan" block beside "state", too.',
)


def is_plan_file(path: str) -> bool:
    """Whether a file is a saved plan: Mooring's, encrypted or not, or Terraform's, which is refused later."""
    try:
        with Path(path).open("rb") as file:
            start = file.read(len(MAGIC))
            if start.startswith((MAGIC, _ZIP)):
                return True
            content = start + file.read() if start.startswith(b"{") else b""
    except OSError:
        return False
    return looks_encrypted(content) and identity_of(content) is None


def save_sealed(plan: Plan, path: str, session: Session, view: View) -> None:
    """Writes a plan to a file, sealed as plans are. Raises `Stopped` after telling why it cannot be."""
    sealing = session.sealings.plan()
    if session.sealings.state().target.encrypts and not sealing.target.encrypts:
        view.tell([_IN_CLEAR])
    try:
        write_atomically(Path(path), sealing.seal(save_plan(plan)))
    except OSError as problem:
        detail = f"{path} could not be written: {problem.strerror or problem}."
        view.tell([error("Failed to save plan", detail)])
        raise Stopped from None


def read_plan(path: str, session: Session, view: View) -> Plan:
    """The plan of a file. Raises `Stopped` after telling why there is none."""
    try:
        data = session.sealings.plan().open(Path(path).read_bytes())
    except OSError as problem:
        view.tell([error(f'Failed to load "{path}" as a plan file', f"{path}: {problem.strerror}.")])
        raise Stopped from None
    if isinstance(data, tuple):
        view.tell(data)
        raise Stopped
    if data.startswith(_ZIP):
        detail = (
            f"{path} seems to be a saved plan of Terraform, which only Terraform can read. "
            f'Make one of {PRODUCT}\'s own with "{COMMAND} plan -out=FILE".'
        )
        view.tell([error(f'Failed to load "{path}" as a plan file', detail)])
        raise Stopped
    plan, diags = load_plan(data, path)
    view.tell(diags)
    if plan is None:
        raise Stopped
    return plan


def plan_to_apply(session: Session, view: View) -> Plan:
    """The saved plan that a call names. Raises `Stopped` after telling why it cannot be applied."""
    call = session.call
    changed = [name for name in _FIXED if call.arguments.has(name)]
    if changed:
        view.tell([_decided_already(changed[0])])
        raise Stopped
    plan = read_plan(call.arguments.rest[0], session, view)
    if plan.has_errors:
        detail = (
            "It was made in spite of errors and is only good to be shown. Mend them and make the plan again."
        )
        view.tell([error("Cannot apply incomplete plan", detail)])
        raise Stopped
    return plan


def source_files(plan: Plan) -> MemoryFiles:
    """The configuration that a plan was made from."""
    return MemoryFiles({each.path: each.text for each in plan.sources})


def saved_plan(plan: Plan, session: Session, view: View, store: StateStore) -> Planned:
    """A saved plan that may be applied now. Raises `Stopped` after telling why it may not.

    `session` has the files of the plan; what is told of the variables is told when all is well.
    """
    opened = read_state(store, view)
    if (opened.state.lineage, opened.state.serial) != (plan.base_lineage, plan.base_serial):
        is_foreign = plan.base_lineage not in ("", opened.state.lineage)
        view.tell([_FOREIGN if is_foreign else _STALE])
        raise Stopped
    module, diags = session.load()
    if module is None:
        view.tell(diags)
        raise Stopped
    inputs, problems = _inputs(plan, module, session)
    view.tell(problems)
    if has_errors(problems):
        raise Stopped
    return Planned(plan=plan, configuration=session.configuration(module, inputs), opened=opened)


def _inputs(plan: Plan, module: Module, session: Session) -> tuple[Mapping[str, Value], Diagnostics]:
    """The variables of a plan, with the ephemeral ones, which no plan holds, as they are given now."""
    found, diags = session.inputs_as_given(module)
    problems = list(diags)
    now = {name: value for name, value in found.values.items() if module.variables[name].ephemeral}
    unset = [name for name in plan.ephemeral_variables if name not in now]
    problems += [_ephemeral_missing(module.variables[name]) for name in unset]
    files = session.call.arguments.texts("var-file")
    for name, given in found.given.items():
        is_option = given.origin == "option" or given.place in files
        planned = plan.variables.get(name, module.variables[name].default)
        if is_option and name not in now and given.value != planned:
            problems.append(_changed(name))
    return {**plan.variables, **now}, tuple(problems)


def _ephemeral_missing(variable: Variable) -> Diagnostic:
    detail = (
        f'The variable "{variable.name}" is ephemeral, so the saved plan does not hold the value that it was '
        f"made with. Give it again, as -var '{variable.name}=...'."
    )
    return error("No value for required variable", detail, variable.span)


def _changed(name: str) -> Diagnostic:
    detail = (
        f'The plan was made with another value of var.{name}, and holds it. Leave "{name}" out here, or make '
        "another plan. Only ephemeral variables are given anew."
    )
    return error("Can't change variable when applying a saved plan", detail)


def _decided_already(flag: str) -> Diagnostic:
    return error(
        f"Can't set -{flag} when applying a saved plan",
        f"A saved plan holds every decision, so -{flag} can only be given to plan. "
        "Leave it out here, or make another plan.",
    )
