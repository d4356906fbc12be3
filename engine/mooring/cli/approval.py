"""The question before anything is changed. Only `yes` is an approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring.core.diagnostics import Diagnostic, error
from mooring.planning.model import PlanMode
from mooring.reporting.product import COMMAND, PRODUCT

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View


def approve(session: Session, view: View, mode: PlanMode) -> bool:
    """Asks; tells if the answer was no, or if nobody can be asked."""
    question, explanation = _question(mode, session.workspace)
    if not session.may_ask:
        view.tell([_no_answer(mode)])
        return False
    style = session.terminal.layout.style
    prompt = f"\n{style.bold(question)}\n{explanation}\n\n  {style.bold('Enter a value:')} "
    answer = session.terminal.ask(prompt)
    view.say("\n")
    if answer is None:
        view.tell([_no_answer(mode)])
        return False
    if answer != "yes":
        view.say("Destroy cancelled.\n" if mode is PlanMode.DESTROY else "Apply cancelled.\n")
    return answer == "yes"


def _no_answer(mode: PlanMode) -> Diagnostic:
    command = "undo -out=FILE RUN" if mode is PlanMode.UNDO else "plan -out=FILE"
    detail = (
        "The plan must be approved, and there is nobody to ask. Use -auto-approve, or save the plan with "
        f'"{COMMAND} {command}", review it, and apply the file.'
    )
    return error("Approval is needed", detail)


def _question(mode: PlanMode, workspace: str) -> tuple[str, str]:
    """The question, and what an answer means."""
    where = "" if workspace == "default" else f' in workspace "{workspace}"'
    match mode:
        case PlanMode.DESTROY:
            text = (
                f"  {PRODUCT} will destroy what is shown above.\n"
                "  What an object held is lost with it. Anything but 'yes' stops here."
            )
            return f"Do you really want to destroy all resources{where}?", text
        case PlanMode.REFRESH_ONLY:
            text = (
                f"  {PRODUCT} will record what is shown above, and change nothing but the state.\n"
                "  Anything but 'yes' stops here."
            )
            return f"Would you like to update the state{where} to reflect these detected changes?", text
        case PlanMode.NORMAL | PlanMode.UNDO:
            text = f"  {PRODUCT} will do what is shown above.\n  Anything but 'yes' stops here."
            return f"Do you want to perform these actions{where}?", text
