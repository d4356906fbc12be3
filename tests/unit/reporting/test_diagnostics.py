"""Diagnostics, as text and as JSON; expected JSON is what terraform 1.11.4 says of the same place."""

from __future__ import annotations

from mooring.core.diagnostics import Diagnostic, ReferenceValue, error, warning
from mooring.core.spans import Source, Span
from mooring.reporting.diagnostics_json import diagnostic_json, validation_json
from mooring.reporting.diagnostics_text import Layout, render_compact, render_diagnostics
from mooring.reporting.style import Style

TEXT = """\
locals {
  o = { b = "two" }
}
output "b" {
  value = upper(
    local.o,
    1
  )
}
output "d" {
  value = "é${local.o.b + 1}"
}
"""
SOURCE = Source("main.tf", TEXT)


def span(text: str, source: Source = SOURCE) -> Span:
    start = source.text.index(text)
    return Span(source, start, start + len(text))


def render(*diags: Diagnostic) -> str:
    return render_diagnostics(diags, Layout())


def test_a_diagnostic_shows_file_line_column_and_the_source_line() -> None:
    expected = """
Error: Invalid operand

  on main.tf line 11, in output "d":
  11:   value = "é${local.o.b + 1}"
                    ^^^^^^^^^ main.tf:11:15

A number is required.
"""
    assert expected == render(
        error(
            "Invalid operand",
            "A number is required.",
            span("local.o.b + ")._replace(end=span("local.o.b + ").end - 3),
        )
    )


def test_values_of_references_stand_below_the_code() -> None:
    diag = Diagnostic(
        summary="Too many function arguments",
        detail='Function "upper" expects only 1 argument(s).',
        subject=span("1\n  )")._replace(end=span("1\n  )").start + 1),
        context=span("upper(\n    local.o,\n    1\n  )"),
        address="terraform_data.a",
        values=(
            ReferenceValue(traversal="", statement="while calling upper(str)"),
            ReferenceValue(traversal="local.o", statement="is object with 1 attribute"),
        ),
    )
    expected = """
Error: Too many function arguments

  with terraform_data.a,
  on main.tf line 7, in output "b":
   5:   value = upper(
   6:     local.o,
   7:     1
          ^ main.tf:7:5
   8:   )
    ├────────────────
    │ while calling upper(str)
    │ local.o is object with 1 attribute

Function "upper" expects only 1 argument(s).
"""
    assert expected == render(diag)


def test_a_border_holds_a_diagnostic_together_on_a_colour_terminal() -> None:
    layout = Layout(style=Style(colour=True), border=True)
    lines = render_diagnostics([error("Bad")], layout).splitlines()
    assert [lines[0], lines[-1]] == ["\x1b[31m╷\x1b[0m", "\x1b[31m╵\x1b[0m"]
    assert "\x1b[1mBad\x1b[0m" in lines[1]


def test_warnings_come_first_and_repeats_are_dropped() -> None:
    text = render(error("E"), warning("W"), error("E"))
    assert text == "\nWarning: W\n\nError: E\n"


def test_details_are_wrapped_but_preformatted_lines_are_not() -> None:
    text = render(error("E", "word " * 20 + "\n    " + "x" * 100))
    assert all(len(line) <= 78 or line.startswith("    ") for line in text.splitlines())
    assert "    " + "x" * 100 in text


def test_a_header_is_not_inside_its_own_block() -> None:
    assert '  on main.tf line 4:\n   4: output "b" {\n' in render(error("E", "", span('output "b"')))


def test_an_empty_place_at_the_end_of_the_file_has_a_caret() -> None:
    text = render(error("E", "", Span(SOURCE, len(TEXT), len(TEXT))))
    assert "  13: \n      ^ main.tf:13:1\n" in text


def test_control_characters_of_sources_are_escaped() -> None:
    source = Source("main.tf", 'a = "\x1b[2J"\n')
    assert "\x1b" not in render(error("E\x1b[0m", "\x1b[1m", Span(source, 4, 10)))


def test_compact_warnings_are_their_summaries() -> None:
    expected = """
Warnings:

- One
- Two

Without -compact-warnings, each is told in full.
"""
    assert expected == render_compact((warning("One", "x"), warning("Two", "y")), Layout())
    assert "x" in render_compact((warning("One", "x"), error("Three")), Layout())


def test_the_json_form_has_byte_offsets_and_the_whole_lines_of_the_context() -> None:
    subject = span("1\n  )")._replace(end=span("1\n  )").start + 1)
    form = diagnostic_json(error("E", "D", subject, context=span("upper(\n    local.o,\n    1\n  )")))
    assert form == {
        "severity": "error",
        "summary": "E",
        "detail": "D",
        "range": {
            "filename": "main.tf",
            "start": {"line": 7, "column": 5, "byte": 78},
            "end": {"line": 7, "column": 6, "byte": 79},
        },
        "snippet": {
            "context": 'output "b"',
            "code": "  value = upper(\n    local.o,\n    1\n  )",
            "start_line": 5,
            "highlight_start_offset": 34,
            "highlight_end_offset": 35,
            "values": [],
        },
    }


def test_the_json_form_counts_columns_in_graphemes_and_offsets_in_bytes() -> None:
    form = diagnostic_json(error("E", "", span("{local")._replace(end=span("{local").end)))
    snippet = form["snippet"]
    assert isinstance(snippet, dict)
    assert (snippet["highlight_start_offset"], snippet["highlight_end_offset"]) == (14, 20)


def test_places_in_json_files_are_named_by_their_keys() -> None:
    source = Source(
        "main.tf.json",
        '{"resource": {"terraform_data": {"a": {"input": "${local.nope}"}}},\n'
        ' "output": [{"y": 1}, {"x": {"value": "${local.no2}"}}]}',
    )
    titles = [
        diagnostic_json(error("E", "", span(text, source)))["snippet"]["context"]  # type: ignore[index,call-overload]
        for text in ("local.nope", "local.no2")
    ]
    assert titles == ["resource.terraform_data.a", "output[1].x"]


def test_validation_counts_errors_and_warnings() -> None:
    form = validation_json([error("E"), warning("W")])
    assert (form["valid"], form["error_count"], form["warning_count"]) == (False, 1, 1)
    assert validation_json([])["valid"]
