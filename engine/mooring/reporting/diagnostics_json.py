"""Diagnostics for programs: Terraform's JSON form, format version 1.0."""

from __future__ import annotations

from collections.abc import Iterable

from mooring.core.codec import Json
from mooring.core.diagnostics import Diagnostic, Severity, in_order
from mooring.core.spans import Position
from mooring.reporting.product import STATE_FORMAT
from mooring.reporting.snippets import Snippet, Snippets


def diagnostic_json(diag: Diagnostic, snippets: Snippets | None = None) -> dict[str, Json]:
    """One diagnostic. Offsets are bytes, lines and columns count from 1."""
    form: dict[str, Json] = {
        "severity": diag.severity.value,
        "summary": diag.summary,
        "detail": diag.detail,
    }
    if diag.address is not None:
        form["address"] = diag.address
    if diag.subject is not None:
        snippet = (snippets or Snippets()).of(diag.subject, diag.context)
        form["range"] = _range(diag, snippet)
        form["snippet"] = _snippet(diag, snippet)
    return form


def validation_json(diags: Iterable[Diagnostic]) -> dict[str, Json]:
    """The answer of `validate -json`."""
    ordered = in_order(diags)
    snippets = Snippets()
    errors = sum(diag.severity is Severity.ERROR for diag in ordered)
    return {
        "format_version": STATE_FORMAT,
        "valid": errors == 0,
        "error_count": errors,
        "warning_count": len(ordered) - errors,
        "diagnostics": [diagnostic_json(diag, snippets) for diag in ordered],
    }


def _range(diag: Diagnostic, snippet: Snippet) -> dict[str, Json]:
    assert diag.subject is not None
    start = snippet.subject.first
    end = snippet.subject.last
    if diag.subject.start == diag.subject.end:  # an empty place is shown one column wide
        end = Position(line=start.line, column=start.column + 1, byte=start.byte + 1)
    return {"filename": diag.subject.source.path, "start": _position(start), "end": _position(end)}


def _position(at: Position) -> dict[str, Json]:
    return {"line": at.line, "column": at.column, "byte": at.byte}


def _snippet(diag: Diagnostic, snippet: Snippet) -> dict[str, Json]:
    start, end = snippet.highlight
    code = snippet.code
    return {
        "context": snippet.context,
        "code": code,
        "start_line": snippet.start_line,
        "highlight_start_offset": len(code[:start].encode()),
        "highlight_end_offset": len(code[:end].encode()),
        "values": [
            {"traversal": value.traversal, "statement": value.statement}
            for value in diag.values
            if value.traversal
        ],
    }
