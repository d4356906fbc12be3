"""`moor fmt` gives what `terraform fmt` gives, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conformance.corpus import VISIBLE, format_cases

from mooring.syntax.format import format_file


def expected(path: Path) -> bytes | None:
    formatted = path.with_name(path.name.replace(".in.tf", ".out.tf"))
    return formatted.read_bytes() if formatted.exists() else None


@pytest.mark.parametrize("path", format_cases(), ids=lambda path: path.name.removesuffix(".in.tf"))
def test_a_file_is_formatted_as_terraform_formats_it(path: Path) -> None:
    formatted, diags = format_file(path.name, path.read_bytes())
    assert (formatted, bool(diags)) == (expected(path), expected(path) is None)


def test_a_formatted_file_stays_as_it_is() -> None:
    for path in sorted((VISIBLE / "fmt").glob("*.out.tf")):
        content = path.read_bytes()
        assert format_file(path.name, content) == (content, ())
