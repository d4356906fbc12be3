"""The plan for people, as Terraform prints it, with attach and detach said where they apply."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from mooring.core.addresses import quote
from mooring.planning.model import Action, Drift, Plan, PlanMode, PlannedChange
from mooring.reporting.change_text import ChangeRenderer, SchemaLookup
from mooring.reporting.diagnostics_text import Layout
from mooring.reporting.diff.model import Change
from mooring.reporting.diff.render import Renderer
from mooring.reporting.diff.values import compare
from mooring.reporting.differences import is_observation
from mooring.reporting.product import COMMAND, PRODUCT
from mooring.reporting.report import Counts, Report, planned_summary
from mooring.reporting.style import Style
from mooring.reporting.wrapping import wrap

Write = Callable[[str], None]


def write_plan(report: Report, schemas: SchemaLookup, layout: Layout, write: Write) -> None:
    """Writes the whole text: drift, actions, counts, outputs; in pieces, because it may be long."""
    plan = report.plan
    drift = _relevant_drift(report, schemas)
    if drift:
        _write_drift(drift, plan, schemas, layout, write)
    if _is_quiet(report):
        write(_no_changes(report, layout, has_drift=bool(drift)))
        return
    if report.changes:
        if drift:
            write(_rule(layout))
        write(_introduction(report, layout))
        renderer = ChangeRenderer(schemas, layout.style)
        explained = {(each.address, each.deposed): each for each in report.explanations}
        for change in report.changes:
            write(renderer.change(change, explained.get((change.address, change.deposed))))
        write(_summary(report.counts, layout.style))
    if report.outputs:
        write(_outputs(report, layout))


def _is_quiet(report: Report) -> bool:
    return not report.changes and not report.outputs


def _relevant_drift(report: Report, schemas: SchemaLookup) -> tuple[Drift, ...]:
    """What is worth telling of drift: all of it in a plan that is about it.

    Elsewhere only what somebody changed; in a plan with actions, only where the same object is acted upon.
    """
    if report.plan.mode is PlanMode.REFRESH_ONLY:
        return report.drift
    acted = {change.address for change in report.changes}
    return tuple(
        drift
        for drift in report.drift
        if (_is_quiet(report) or drift.address in acted or drift.actual is None)
        and not is_observation(drift, schemas(drift.provider, drift.address.resource))
    )


# -- drift ---------------------------------------------------------------------------------------


def _write_drift(
    drift: Iterable[Drift], plan: Plan, schemas: SchemaLookup, layout: Layout, write: Write
) -> None:
    title = f"Note: Objects have changed outside of {PRODUCT}"
    found = (
        f'What follows is not as the last "{COMMAND} apply" left it. '
        "It was changed or deleted from elsewhere:"
    )
    style = layout.style
    write(f"\n{style.cyan(style.bold(title))}\n\n{wrap(found, layout.width)}\n\n")
    renderer = ChangeRenderer(schemas, style)
    write("\n".join(renderer.drift(each) for each in drift))
    write(f"\n{wrap(_drift_advice(plan), layout.width)}\n")


def _drift_advice(plan: Plan) -> str:
    if plan.mode is PlanMode.REFRESH_ONLY:
        return (
            "This plan is refresh-only: applying it records how things are now, and changes none of them. "
            "To go back to the configuration instead, make a plan without -refresh-only."
        )
    return (
        "The plan below goes back to what the configuration says. To keep what was changed, write it into "
        "the configuration, or name the attributes in ignore_changes."
    )


# -- nothing to do -------------------------------------------------------------------------------


def _no_changes(report: Report, layout: Layout, *, has_drift: bool) -> str:
    if report.plan.has_errors:
        style = layout.style
        failed = style.danger("Planning failed.")
        told = style.bold("The errors say why there is no plan.")
        return f"\n{failed} {told}\n\n"
    if report.plan.mode is PlanMode.REFRESH_ONLY and has_drift:
        return ""
    title, detail = _no_changes_texts(report.plan.mode, has_drift=has_drift)
    style = layout.style
    first = f"{style.green(style.bold('No changes.'))} {style.bold(title)}"
    return f"\n{first}\n\n{wrap(detail, layout.width)}\n"


def _no_changes_texts(mode: PlanMode, *, has_drift: bool) -> tuple[str, str]:
    if mode is PlanMode.DESTROY:
        return "No objects need to be destroyed.", (
            "Nothing is recorded that still exists: nothing was made yet, or it is gone already."
        )
    if mode is PlanMode.UNDO:
        return "All objects are as they were then.", (
            "Nothing that is recorded differs from what was recorded before that run, so there is nothing to "
            "undo."
        )
    if mode is PlanMode.REFRESH_ONLY:
        return "Your infrastructure still matches the configuration.", (
            "Everything was read, and is as the state records it."
        )
    if has_drift:
        return "Your infrastructure matches the configuration.", (
            "What was changed outside is what the configuration says as well. To have it in the state, too, "
            "run:\n"
            f"  {COMMAND} apply -refresh-only"
        )
    return "Your infrastructure matches the configuration.", (
        "What exists is as the files say, so there is nothing to do."
    )


# -- actions -------------------------------------------------------------------------------------

_LEGEND_ORDER: Final = ("+", "~", "-", "-/+", "+/-", "<=")


def _introduction(report: Report, layout: Layout) -> str:
    failed = "The plan is incomplete, because there were errors. As far as it goes:"
    will = failed if report.plan.has_errors else f"{PRODUCT} will perform the following actions:"
    legend = "".join(f"{line}\n" for line in _legend(report, layout.style))
    if not legend:  # all that is imported, moved or forgotten has no symbol
        return f"\n{will}\n"
    return f"\nIn this plan, the sign before a resource means:\n{legend}\n{will}\n"


def _legend(report: Report, style: Style) -> Iterable[str]:
    used: dict[str, set[str]] = {}
    for change in report.changes:
        symbol = _symbol(change)
        if symbol:
            used.setdefault(symbol, set()).add(_meaning(change))
    plus, minus = style.green("+"), style.red("-")
    shown = {
        "+": f"  {plus}",
        "~": f"  {style.yellow('~')}",
        "-": f"  {minus}",
        "-/+": f"{minus}/{plus}",
        "+/-": f"{plus}/{minus}",
        "<=": f" {style.cyan('<=')}",
    }
    for symbol in _LEGEND_ORDER:
        if symbol in used:
            yield f"{shown[symbol]} {' or '.join(sorted(used[symbol], key=_plain_verb_first))}"


def _symbol(change: PlannedChange) -> str:
    match change.action:
        case Action.CREATE:
            return "+"
        case Action.UPDATE:
            return "~"
        case Action.DELETE:
            return "-"
        case Action.REPLACE:
            return "+/-" if change.create_before_destroy else "-/+"
        case Action.READ:
            return "<="
        case Action.NO_OP | Action.FORGET:
            return ""


def _meaning(change: PlannedChange) -> str:
    create, delete = change.verbs.create, change.verbs.delete
    match change.action:
        case Action.CREATE:
            return create
        case Action.DELETE:
            return delete
        case Action.UPDATE:
            return "update in-place"
        case Action.READ:
            return "read (data resources)"
        case _:
            pass
    if change.create_before_destroy:
        return f"{create} replacement and then {delete}"
    return f"{delete} and then {create} replacement"


def _plain_verb_first(meaning: str) -> tuple[bool, str]:
    return "ttach" in meaning or "etach" in meaning, meaning


def _summary(counts: Counts, style: Style) -> str:
    text = planned_summary(counts)
    line = style.bold("Plan:") + text.removeprefix("Plan:") + "\n"
    if counts.attach or counts.detach:
        parts = [
            f"{number} to {verb}"
            for number, verb in ((counts.attach, "attach"), (counts.detach, "detach"))
            if number
        ]
        line += f"Of these, {' and '.join(parts)}: what is attached or detached goes on to exist by itself.\n"
    return f"\n{line}"


# -- outputs -------------------------------------------------------------------------------------


def _outputs(report: Report, layout: Layout) -> str:
    renderer = Renderer(layout.style)
    width = max(len(output.name) for output in report.outputs)
    lines: list[str] = []
    for output in report.outputs:
        diff = compare(output.before, output.after)
        first, *rest = renderer.value(diff, 0)
        symbol = {Change.CREATE: "+", Change.DELETE: "-", Change.UPDATE: "~", Change.NO_OP: " "}[diff.change]
        lines += [f"  {symbol} {output.name:{width}} = {first}", *rest]
        if diff.change is Change.DELETE:
            lines[-1] += layout.style.dim(" -> null")
    text = "".join(f"{line}\n" for line in lines)
    title = layout.style.bold("Changes to Outputs:")
    if report.changes:
        return f"\n{title}\n{text}"
    advice = "Applying this plan records these outputs, without changing any real infrastructure."
    return f"\n{title}\n{text}\n{wrap(advice, layout.width)}\n"


def write_explanations(report: Report, layout: Layout, write: Write) -> None:
    """Writes why each change is there, a line for each reason."""
    from mooring.reporting.explanation_text import explanation_lines

    lines = explanation_lines(report.explanations)
    if lines:
        title = layout.style.bold("Why:")
        write(f"\n{title}\n" + "".join(f"  {line}\n" for line in lines))


def _rule(layout: Layout) -> str:
    return f"\n{layout.style.dim('─' * (layout.width - 1))}\n"


def saved_plan_advice(path: str | None, layout: Layout) -> str:
    """What to do next, below a plan; `path` is where the plan was saved."""
    rule = _rule(layout)
    if path is None:
        text = (
            f'Note: This plan is not saved. "{COMMAND} apply" makes a new one, which may differ if something '
            f'changes meanwhile; with -out=FILE, "{COMMAND} apply FILE" carries out this one.'
        )
        return f"{rule}\n{wrap(text, layout.width)}\n"
    do = f"To carry it out, and nothing else:\n    {COMMAND} apply {quote(path)}"
    return f"{rule}\nSaved the plan to: {path}\n\n{do}\n"
