"""The question before anything is changed. Only `yes` is an approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.core.diagnostics import error
from mooring.planning.model import PlanMode
from mooring.reporting.product import PRODUCT

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View

_NO_ANSWER: Final = error(
    "Approval is needed",
    "The plan must be approved, and there is nobody to ask. Use -auto-approve, or save the plan with "
    '"moor plan -out=FILE", review it, and apply the file.',
)


def approve(session: Session, view: View, mode: PlanMode) -> bool:
    """Asks; tells if the answer was no, or if nobody can be asked."""
    question, explanation = _question(mode, session.workspace)
    if not session.may_ask:
        view.tell([_NO_ANSWER])
        return False
    style = session.terminal.layout.style
    prompt = f"\n{style.bold(question)}\n{explanation}\n\n  {style.bold('Enter a value:')} "
    answer = session.terminal.ask(prompt)
    view.say("\n")
    if answer is None:
        view.tell([_NO_ANSWER])
        return False
    if answer != "yes":
        view.say("Destroy cancelled.\n" if mode is PlanMode.DESTROY else "Apply cancelled.\n")
    return answer == "yes"


def _question(mode: PlanMode, workspace: str) -> tuple[str, str]:
    """The question, and what an answer means."""
    where = "" if workspace == "default" else f' in workspace "{workspace}"'
    match mode:
        case PlanMode.DESTROY:
            text = (
                f"  {PRODUCT} will destroy all your managed infrastructure, as shown above.\n"
                "  There is no undo. Only 'yes' will be accepted to confirm."
            )
            return f"Do you really want to destroy all resources{where}?", text
        case PlanMode.REFRESH_ONLY:
            text = (
                f"  {PRODUCT} will write these changes to the state without modifying any real "
                "infrastructure.\n"
                "  There is no undo. Only 'yes' will be accepted to confirm."
            )
            return f"Would you like to update the state{where} to reflect these detected changes?", text
        case PlanMode.NORMAL | PlanMode.UNDO:
            text = (
                f"  {PRODUCT} will perform the actions described above.\n"
                "  Only 'yes' will be accepted to approve."
            )
            return f"Do you want to perform these actions{where}?", text
