"""Diagnostics for people: Terraform's look, with a line of carets that ends in a clickable position."""

from __future__ import annotations

from collections.abc import Iterable

from mooring.core.diagnostics import Diagnostic, Diagnostics, Severity, has_errors, in_order
from mooring.core.records import record
from mooring.core.spans import grapheme_count
from mooring.reporting.snippets import Snippet, Snippets
from mooring.reporting.style import PLAIN, Style, printable
from mooring.reporting.wrapping import DEFAULT_WIDTH, wrap

_RULE = "├────────────────"


@record(kw_only=True)
class Layout:
    """Where text is shown: how wide, how emphasised, and whether diagnostics get a border."""

    width: int = DEFAULT_WIDTH
    style: Style = PLAIN
    border: bool = False


def render_diagnostics(diags: Iterable[Diagnostic], layout: Layout) -> str:
    """All of them in their order, each beginning with a line of its own."""
    snippets = Snippets()
    return "".join(_render(diag, layout, snippets) for diag in in_order(diags))


def render_compact(diags: Diagnostics, layout: Layout) -> str:
    """Warnings by their summaries alone; everything in full as soon as there is an error among them."""
    if not diags or has_errors(diags):
        return render_diagnostics(diags, layout)
    summaries = dict.fromkeys(diag.summary for diag in in_order(diags))
    items = "".join(f"- {printable(summary)}\n" for summary in summaries)
    title = layout.style.yellow(layout.style.bold("Warnings:"))
    advice = "Without -compact-warnings, each is told in full."
    return f"\n{title}\n\n{items}\n{wrap(advice, layout.width)}\n"


def _render(diag: Diagnostic, layout: Layout, snippets: Snippets) -> str:
    width = layout.width - 2 if layout.border else layout.width
    lines = [_title(diag, layout.style), ""]
    lines += _place(diag, layout.style, snippets)
    if diag.detail:
        lines += wrap(printable(diag.detail), width).split("\n")
    while lines[-1] == "":
        lines.pop()
    if not layout.border:
        return "\n" + "".join(f"{line}\n" for line in lines)
    return _bordered(lines, diag, layout.style)


def _bordered(lines: list[str], diag: Diagnostic, style: Style) -> str:
    paint = style.red if diag.is_error else style.yellow
    side = paint("│")
    body = "".join(f"{side} {line}\n" for line in lines)
    return f"{paint('╷')}\n{body}{paint('╵')}\n"


def _title(diag: Diagnostic, style: Style) -> str:
    summary = style.bold(printable(diag.summary))
    if diag.severity is Severity.ERROR:
        return f"{style.danger('Error: ')}{summary}"
    return f"{style.bold(style.yellow('Warning: '))}{summary}"


def _place(diag: Diagnostic, style: Style, snippets: Snippets) -> list[str]:
    """`with ADDRESS`, `on FILE line N`, the code, the values in it; then an empty line if there is any."""
    lines = [f"  with {diag.address},"] if diag.address else []
    if diag.subject is not None:
        snippet = snippets.of(diag.subject, diag.context)
        where = f", in {snippet.context}" if snippet.context else ""
        lines.append(f"  on {diag.subject.source.path} line {snippet.subject.first.line}{where}:")
        lines += _code_lines(snippet, style)
        lines += _value_lines(diag, style)
    return [*lines, ""] if lines else []


def _code_lines(snippet: Snippet, style: Style) -> list[str]:
    """The source lines, and under the first highlighted one the carets and `FILE:LINE:COLUMN`."""
    lines: list[str] = []
    start, end = snippet.highlight
    pointed = False
    at = 0
    for number, text in enumerate(snippet.code.split("\n"), snippet.start_line):
        shown = text.removesuffix("\r")
        left, right = max(0, start - at), min(len(shown), end - at)
        has_highlight = left < right or (start <= at + len(shown) and not pointed and start >= at)
        lines.append(f"{number:4}: {_highlighted(shown, left, right, style)}")
        if has_highlight and not pointed:
            lines.append(_pointer(shown, left, right, snippet, style))
            pointed = True
        at += len(text) + 1
    return lines


def _highlighted(text: str, left: int, right: int, style: Style) -> str:
    if left >= right or not style.colour:
        return printable(text)
    before, marked, after = text[:left], text[left:right], text[right:]
    return f"{printable(before)}{style.underline(printable(marked))}{printable(after)}"


def _pointer(text: str, left: int, right: int, snippet: Snippet, style: Style) -> str:
    indentation = "".join("\t" if char == "\t" else " " * grapheme_count(char) for char in text[:left])
    carets = "^" * max(1, grapheme_count(text[left:right]))
    return f"      {indentation}{style.red(carets)} {style.dim(str(snippet.subject))}"


def _value_lines(diag: Diagnostic, style: Style) -> list[str]:
    if not diag.values:
        return []
    bar = style.dim("│")
    values = [
        f"    {bar} {style.bold(value.traversal)} {printable(value.statement)}"
        if value.traversal
        else f"    {bar} {printable(value.statement)}"
        for value in diag.values
    ]
    return [f"    {style.dim(_RULE)}", *values]
