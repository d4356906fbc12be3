"""Drift for people and for programs: the same facts, grouped by what happened, each with its line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mooring.core.codec import Json
from mooring.core.paths import format_path
from mooring.core.spans import Span
from mooring.core.values import SENSITIVE, Value
from mooring.planning.model import Action, PlannedChange, Reason
from mooring.reporting.drift_report import Difference, Drifted, DriftReport, DriftStatus, Pending
from mooring.reporting.inline import inline
from mooring.reporting.product import COMMAND
from mooring.reporting.stream_json import planned_action
from mooring.reporting.style import Style
from mooring.reporting.values_json import content
from mooring.reporting.verbs import replaced_word, words_of
from mooring.reporting.wrapping import wrap

_STATUS_NAMES: Final = {
    DriftStatus.IN_SYNC: "in_sync",
    DriftStatus.DRIFT: "drift",
    DriftStatus.PENDING: "pending",
}


def drift_text(report: DriftReport, style: Style, width: int = 0) -> str:
    """Everything that was found, and what to do about it in lines of `width`; 0 breaks none."""
    groups = [
        ("Changed outside", style.yellow, [_drifted(each, style) for each in report.changed]),
        ("Missing", style.red, [_missing(each, style) for each in report.missing]),
        ("Pending", style.cyan, _pending_items(report, style)),
        (
            "Observed (decided by the service, no drift)",
            style.dim,
            [_drifted(each, style, "has other values now") for each in report.observed],
        ),
    ]
    text = "".join(
        f"\n{paint(style.bold(title))}\n\n{''.join(items)}" for title, paint, items in groups if items
    )
    return f"{text}\n{wrap(_summary(report, style), width)}\n"


def _summary(report: DriftReport, style: Style) -> str:
    counts = (
        f"{len(report.changed)} changed outside, {len(report.missing)} missing, "
        f"{len(report.pending)} pending."
    )
    match report.status:
        case DriftStatus.IN_SYNC:
            said = "What exists is as it was last applied, and as the configuration asks for."
            return f"{style.green(style.bold('In sync.'))} {said}"
        case DriftStatus.DRIFT:
            advice = (
                f'"{COMMAND} apply" restores what the configuration says, "{COMMAND} apply -refresh-only" '
                "records what is there now."
            )
            return f"{style.yellow(style.bold('Drift:'))} {counts}\n{advice}"
        case DriftStatus.PENDING:
            outputs = f" Outputs that will change: {', '.join(report.pending_outputs)}."
            more = outputs if report.pending_outputs else ""
            return f"{style.cyan(style.bold('No drift:'))} {counts}{more}"


def _drifted(drifted: Drifted, style: Style, said: str = "was changed outside") -> str:
    lines = [_title(drifted, said, style)]
    lines += _difference_lines(drifted.differences, style)
    return "".join(f"{line}\n" for line in lines)


def _missing(drifted: Drifted, style: Style) -> str:
    return _title(drifted, "is gone", style) + "\n"


def _title(drifted: Drifted, said: str, style: Style) -> str:
    deposed = f" (deposed object {drifted.deposed})" if drifted.deposed else ""
    return f"  {style.bold(f'{drifted.address}{deposed}')} {said}{_at(drifted.place, style)}"


def _pending_items(report: DriftReport, style: Style) -> list[str]:
    return [_pending(each, style) for each in report.pending]


def _pending(pending: Pending, style: Style) -> str:
    change = pending.change
    title = f"  {style.bold(str(change.address))} {_will(change)}{_at(pending.place, style)}"
    lines = [title]
    if change.action is Action.UPDATE:
        lines += _difference_lines(pending.differences, style)
    if change.action is Action.REPLACE:
        lines += _difference_lines(filter(_is_known, pending.differences), style)
    return "".join(f"{line}\n" for line in lines)


def _is_known(diff: Difference) -> bool:
    """Whether the difference says more than that the new object decides the value anew, in any case."""
    return diff.after is None or diff.after.is_known


def _will(change: PlannedChange) -> str:
    match change.action:
        case Action.CREATE:
            return f"will be {words_of(change.verbs.create).participle}"
        case Action.DELETE:
            return f"will be {words_of(change.verbs.delete).participle}"
        case Action.UPDATE:
            return "will be updated in-place"
        case Action.REPLACE:
            again = replaced_word(change.verbs.create)
            tainted = change.reason is Reason.REPLACE_TAINTED
            return f"is tainted, so must be {again}" if tainted else f"must be {again}"
        case Action.READ:
            return "will be read during apply"
        case Action.FORGET:
            return "will be forgotten"
        case Action.NO_OP:
            return "will be imported" if change.import_id else f"has moved from {change.previous_address}"


def _difference_lines(differences: Iterable[Difference], style: Style) -> Iterable[str]:
    for diff in differences:
        name = format_path(diff.path).removeprefix(".")
        values = f"{inline(diff.before)} {style.yellow('->')} {inline(diff.after)}"
        yield f"    {style.yellow('~')} {name}: {values}{_at(diff.place, style)}"


def _at(place: Span | None, style: Style) -> str:
    return style.dim(f"  {place}") if place is not None else ""


# -- for programs --------------------------------------------------------------------------------


def drift_json(report: DriftReport) -> dict[str, Json]:
    """The same facts as data. Sensitive values are null, with `sensitive` set."""
    return {
        "format_version": "1.0",
        "status": _STATUS_NAMES[report.status],
        "changed": [_drifted_json(each) for each in report.changed],
        "missing": [_drifted_json(each) for each in report.missing],
        "pending": [_pending_json(each) for each in report.pending],
        "observed": [_drifted_json(each) for each in report.observed],
        "pending_outputs": list(report.pending_outputs),
    }


def _drifted_json(drifted: Drifted) -> dict[str, Json]:
    form: dict[str, Json] = {"address": str(drifted.address), "place": _place_json(drifted.place)}
    if drifted.deposed:
        form["deposed"] = drifted.deposed
    return {**form, "differences": [_difference_json(each) for each in drifted.differences]}


def _pending_json(pending: Pending) -> dict[str, Json]:
    return {
        "address": str(pending.change.address),
        "action": planned_action(pending.change),
        "place": _place_json(pending.place),
        "differences": [_difference_json(each) for each in pending.differences],
    }


def _difference_json(diff: Difference) -> dict[str, Json]:
    is_secret = any(value is not None and SENSITIVE in value.marks for value in (diff.before, diff.after))
    return {
        "path": format_path(diff.path).removeprefix("."),
        "before": None if is_secret else _shown(diff.before),
        "after": None if is_secret else _shown(diff.after),
        "after_unknown": diff.after is not None and not diff.after.is_known,
        "sensitive": is_secret,
        "place": _place_json(diff.place),
    }


def _shown(value: Value | None) -> Json:
    """The content, unless a part of it is sensitive."""
    from mooring.reporting.values_json import has_sensitive

    return inline(value) if has_sensitive(value) else content(value)


def _place_json(place: Span | None) -> Json:
    if place is None:
        return None
    at = place.first
    return {"filename": place.source.path, "line": at.line, "column": at.column}
