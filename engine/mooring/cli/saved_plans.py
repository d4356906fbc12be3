"""Saved plans on their way back in: read, checked against the state, with their own configuration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from mooring.cli.command import Stopped
from mooring.cli.operations import Planned, read_state
from mooring.config.files import MemoryFiles
from mooring.core.diagnostics import Diagnostic, error
from mooring.planning.model import Plan
from mooring.planning.plan_file import MAGIC, load_plan
from mooring.reporting.product import COMMAND, PRODUCT
from mooring.state.store import StateStore

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View

_FIXED: Final = ("var", "var-file", "target", "exclude", "replace", "destroy", "refresh-only", "refresh")
_ZIP: Final = b"PK\x03\x04"
"""How a saved plan of Terraform begins."""
_STALE: Final = error(
    "Saved plan is stale",
    "The given plan file can no longer be applied because the state was changed by another operation after "
    "the plan was created. Make the plan again.",
)


def is_plan_file(path: str) -> bool:
    """Whether a file begins as a saved plan does: Mooring's, or Terraform's, which `read_plan` refuses."""
    try:
        with Path(path).open("rb") as file:
            return file.read(len(MAGIC)).startswith((MAGIC, _ZIP))
    except OSError:
        return False


def read_plan(path: str, view: View) -> Plan:
    """The plan of a file. Raises `Stopped` after telling why there is none."""
    try:
        data = Path(path).read_bytes()
    except OSError as problem:
        view.tell([error(f'Failed to load "{path}" as a plan file', f"{path}: {problem.strerror}.")])
        raise Stopped from None
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


def saved_plan(path: str, session: Session, view: View, store: StateStore) -> Planned:
    """A saved plan that may be applied now. Raises `Stopped` after telling why it may not."""
    changed = [name for name in _FIXED if session.call.arguments.has(name)]
    if changed:
        view.tell([_decided_already(changed[0])])
        raise Stopped
    plan = read_plan(path, view)
    if plan.has_errors:
        detail = (
            "It was made in spite of errors and is only good to be shown. Mend them and make the plan again."
        )
        view.tell([error("Cannot apply incomplete plan", detail)])
        raise Stopped
    opened = read_state(store, view)
    if (opened.state.lineage, opened.state.serial) != (plan.base_lineage, plan.base_serial):
        view.tell([_STALE])
        raise Stopped
    module, diags = session.load_from(MemoryFiles({each.path: each.text for each in plan.sources}))
    if module is None:
        view.tell(diags)
        raise Stopped
    configuration = session.configuration(module, plan.variables)
    return Planned(plan=plan, configuration=configuration, opened=opened)


def _decided_already(flag: str) -> Diagnostic:
    return error(
        f"Can't set -{flag} when applying a saved plan",
        f"A saved plan holds every decision, so -{flag} can only be given to plan. "
        "Leave it out here, or make another plan.",
    )
