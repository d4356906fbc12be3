"""`moor fmt`: rewrites configuration files in the canonical layout."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.core.diagnostics import Diagnostic

_HELP: Final = """\
Usage: moor [global options] fmt [options] [target...]

  Rewrites files in Terraform's layout and lists those that it changed. Only
  spaces and line ends are touched, never what a file means.

  A target is a file, a folder, or "-" for standard input, whose result goes
  to standard output. Without one it takes the current folder. It knows .tf,
  .tfvars, .tftest.hcl and .moor.hcl files, and leaves JSON alone.

  To let a build fail over files in another layout:

      moor fmt -check -recursive

Options:

  -list=false    Do not name the files that change.

  -write=false   Leave the files as they are.

  -diff          Show what changes in them.

  -check         Write nothing; exit with 3 if a file would change, with 0 if
                 none would.

  -no-color      Print plain text.

  -recursive     Go through the folders below as well.
"""
FAILED: Final = 2
NOT_FORMATTED: Final = 3
_STDIN: Final = "-"
_SUFFIXES: Final = (".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl", ".moor.hcl")


class _Options(NamedTuple):
    lists: bool
    writes: bool
    shows_diff: bool
    only_checks: bool
    recursive: bool


class _Run:
    """What one `moor fmt` has found. Private to it."""

    def __init__(self, options: _Options) -> None:
        self.options: Final = options
        self.output: Final[list[str]] = []
        self.problems: Final[list[Diagnostic]] = []
        self.has_changes = False

    def format(self, path: str, content: bytes) -> bytes | None:
        """The new content of a file if it changes; notes what is to be said of it."""
        from mooring.syntax.format import format_file

        formatted, diags = format_file(path, content)
        self.problems.extend(diags)
        if formatted is None:
            return None
        options, is_changed = self.options, formatted != content
        self.has_changes |= is_changed
        if is_changed and options.lists:
            self.output.append(f"{path}\n")
        if is_changed and options.shows_diff:
            self.output.append(_diff(path, content.decode(), formatted.decode()))
        if not (options.lists or options.writes or options.shows_diff or options.only_checks):
            self.output.append(formatted.decode())
        return formatted if is_changed else None

    def complain(self, summary: str, detail: str = "") -> None:
        """Notes a problem that is not one of a file's text."""
        from mooring.core.diagnostics import error

        self.problems.append(error(summary, detail))


def _run(call: Call) -> int:
    targets = call.arguments.rest or (".",)
    run = _Run(_options(call, from_stdin=_STDIN in targets))
    for target in targets:
        if target == _STDIN:
            run.format("<stdin>", call.terminal.read_bytes())
        else:
            _format_target(run, target)
    if not (run.problems and run.options.only_checks):
        call.terminal.write("".join(run.output))
    call.terminal.tell(run.problems)
    if run.problems:
        return FAILED
    return NOT_FORMATTED if run.has_changes and run.options.only_checks else 0


def _options(call: Call, *, from_stdin: bool) -> _Options:
    arguments = call.arguments
    checks = arguments.is_on("check")
    return _Options(
        lists=arguments.is_on("list", default=True) and not from_stdin,
        writes=arguments.is_on("write", default=True) and not from_stdin and not checks,
        shows_diff=arguments.is_on("diff"),
        only_checks=checks,
        recursive=arguments.is_on("recursive"),
    )


def _format_target(run: _Run, target: str) -> None:
    path = Path(target)
    if path.is_dir():
        for each in _files_in(path, recursive=run.options.recursive):
            _format_path(run, each)
    elif not path.exists():
        run.complain(f"No file or directory at {target}")
    elif target.endswith(_SUFFIXES):
        _format_path(run, path)
    else:
        run.complain("Only .tf, .tfvars, and .tftest.hcl files can be processed with moor fmt")


def _files_in(folder: Path, *, recursive: bool) -> Iterator[Path]:
    """The files of a folder that have a layout, by name, without hidden ones."""
    from mooring.config.files import is_ignored

    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if is_ignored(entry.name):
            continue
        if entry.is_dir():
            yield from _files_in(folder / entry.name, recursive=True) if recursive else ()
        elif entry.name.endswith(_SUFFIXES):
            yield folder / entry.name


def _format_path(run: _Run, path: Path) -> None:
    try:
        formatted = run.format(str(path), path.read_bytes())
        if formatted is not None and run.options.writes:
            path.write_bytes(formatted)
    except OSError as problem:
        run.complain(f"Failed to process {path}", f"{problem.strerror}.")


def _diff(path: str, before: str, after: str) -> str:
    from difflib import unified_diff
    from io import StringIO

    old, new = (StringIO(text, newline="\n").readlines() for text in (before, after))
    lines = unified_diff(old, new, f"old/{path}", f"new/{path}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


COMMAND: Final = Command(
    flags=(
        Flag("check"),
        Flag("diff"),
        Flag("list"),
        Flag("no-color"),
        Flag("recursive"),
        Flag("write"),
    ),
    help=_HELP,
    run=_run,
    most=None,
)
