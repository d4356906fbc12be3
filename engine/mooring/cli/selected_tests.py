"""The test files of the working folder, as the command line asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mooring.cli.command import Call
    from mooring.cli.session import Session
    from mooring.config.test_files.model import TestFile
    from mooring.core.diagnostics import Diagnostic, Diagnostics


def folder_of(call: Call) -> str:
    """The folder of tests."""
    from mooring.config.test_files.files import DEFAULT_FOLDER

    return call.arguments.text("test-directory") or DEFAULT_FOLDER


def selected_tests(call: Call, session: Session) -> tuple[tuple[TestFile, ...], Diagnostics]:
    """The test files that `-filter` lets pass, and everything that is wrong with any of them."""
    from mooring.config.files import join
    from mooring.config.test_files.files import read_test_files

    files, diags = read_test_files(session.files, folder_of(call))
    wanted = {join(".", path) for path in call.arguments.texts("filter")}
    if not wanted:
        return files, diags
    there = [file.path for file in files]
    missing = tuple(_unknown(path, there) for path in sorted(wanted.difference(there)))
    return tuple(file for file in files if file.path in wanted), (*diags, *missing)


def _unknown(path: str, there: Sequence[str]) -> Diagnostic:
    """A warning, because Terraform says nothing of it and passes."""
    from mooring.config.names import did_you_mean
    from mooring.core.diagnostics import warning

    detail = f'-filter names "{path}", which is no test file here, so nothing of it runs.'
    return warning("Unknown test file", detail + did_you_mean(path, there))
