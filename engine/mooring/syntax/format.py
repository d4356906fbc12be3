"""The canonical layout of native syntax, byte for byte what `terraform fmt` gives.

Owns the order of the work: check, rewrite what has an outdated form, lay out. Text that is not valid is not
formatted. Reads and writes no files.
"""

from __future__ import annotations

from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.spans import Source
from mooring.syntax.format_layout import lay_out
from mooring.syntax.format_pieces import pieces_of
from mooring.syntax.format_rewrites import modernize
from mooring.syntax.native_body import NativeBody
from mooring.syntax.parser import parse_native


def format_file(path_to_show: str, data: bytes) -> tuple[bytes | None, Diagnostics]:
    """The content of a file in canonical layout; None, and why, if it is not a valid file."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        return None, (_not_utf8(path_to_show, data, problem.start),)
    formatted, diags = format_text(Source(path_to_show, text.removeprefix("\ufeff")))
    return (None if formatted is None else formatted.encode("utf-8", "surrogatepass")), diags


def format_text(source: Source) -> tuple[str | None, Diagnostics]:
    """A text in canonical layout; None, and why, if it is not valid."""
    body, diags = parse_native(source)
    if has_errors(diags):
        return None, diags
    assert isinstance(body, NativeBody)
    laid_out = lay_out(pieces_of(modernize(source.text, body)))
    return (laid_out if laid_out.endswith("\n") else f"{laid_out}\n"), diags


def _not_utf8(path: str, data: bytes, at: int) -> Diagnostic:
    line = data.count(b"\n", 0, at) + 1
    detail = f"The byte {data[at]:#04x} in line {line} of {path} is not UTF-8 text. Save the file as UTF-8."
    return error("Invalid character encoding", detail)
