"""Root outputs: after an apply, and as `moor output` shows them."""

from __future__ import annotations

from collections.abc import Mapping

from mooring.core.codec import Json, decode, encode_type
from mooring.core.conversion import Mismatch, convert
from mooring.core.diagnostics import Diagnostic, Severity, error
from mooring.core.types import STRING, friendly_name
from mooring.core.values import Value
from mooring.reporting.product import COMMAND
from mooring.reporting.style import Style
from mooring.reporting.values_json import content
from mooring.reporting.values_text import format_value
from mooring.state.model import OutputState

Outputs = Mapping[str, OutputState]


def outputs_text(outputs: Outputs) -> str:
    """`name = value` lines in order of name; sensitive values are not shown."""
    return "".join(
        f"{name} = {'<sensitive>' if output.sensitive else format_value(output_value(output))}\n"
        for name, output in sorted(outputs.items())
    )


def outputs_section(outputs: Outputs, style: Style) -> str:
    """What stands below an apply."""
    if not outputs:
        return ""
    return f"\n{style.green(style.bold('Outputs:'))}\n\n{outputs_text(outputs)}"


def output_text(output: OutputState) -> str:
    """One output, asked for by its name: shown even if it is sensitive."""
    return f"{format_value(output_value(output))}\n"


def output_raw(name: str, output: OutputState) -> str | Diagnostic:
    """The plain text of an output that is a string, number or bool; an error for any other."""
    value = output_value(output)
    if value.raw is None:
        detail = (
            f'The output "{name}" is null, which has no plain text. -raw is for strings, numbers and bools.'
        )
        return error("Unsupported value for raw output", detail)
    converted = convert(value, STRING)
    if not isinstance(converted, Mismatch):
        return converted.text
    detail = (
        f'The output "{name}" is {friendly_name(value.type)}, which has no plain text. -raw is for strings, '
        "numbers and bools; -json prints everything."
    )
    return error("Unsupported value for raw output", detail)


def outputs_json(outputs: Outputs) -> dict[str, Json]:
    """Every output with its type, for programs: sensitive values as they are."""
    return {
        name: {
            "sensitive": output.sensitive,
            "type": encode_type(output.type),
            "value": content(output_value(output)),
        }
        for name, output in sorted(outputs.items())
    }


def output_json(output: OutputState) -> Json:
    """The value of one output, for programs."""
    return content(output_value(output))


def output_value(output: OutputState) -> Value:
    """The recorded value; without marks, so that the caller decides about `sensitive`."""
    return decode(output.value, output.type)


def output_missing(name: str) -> Diagnostic:
    """There is no output of this name."""
    detail = (
        f'The state has no output "{name}". One that the configuration declares is there once '
        f'"{COMMAND} apply" has run; "{COMMAND} output" lists those there are.'
    )
    return error(f'Output "{name}" not found', detail)


def no_outputs() -> Diagnostic:
    """There are no outputs at all."""
    detail = (
        'The state has no outputs, or all of them are null. What an "output" block of the root module '
        f'declares is there once "{COMMAND} apply" has run; "{COMMAND} console" shows what its expression '
        "comes to."
    )
    return Diagnostic(severity=Severity.WARNING, summary="No outputs found", detail=detail)
