"""From the process's arguments to a command: global options, `TF_CLI_ARGS`, help, the exit code.

Nothing heavy is imported here: each command imports what it needs when it runs.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from mooring.cli import table
from mooring.cli.arguments import Arguments, UsageError, parse_arguments
from mooring.cli.boundary import run_guarded
from mooring.cli.command import Call, Command, Stopped
from mooring.cli.terminal import Terminal, system_terminal
from mooring.reporting.product import COMMAND, PRODUCT

if TYPE_CHECKING:
    from datetime import datetime

NO_COMMAND: Final = 127
_HELP: Final = frozenset({"-h", "-help", "--help"})
_VERSION: Final = frozenset({"-v", "-version", "--version"})
_COLLECTION_THRESHOLD: Final = 1_000_000
"""Nearly all that a command makes lives as long as it does: looking for cycles costs a third of the time."""


def entry_point() -> int:
    """What the console script `moor` calls."""
    gc.set_threshold(_COLLECTION_THRESHOLD, 50, 50)
    environment = dict(os.environ)
    terminal = system_terminal(environment)
    words = sys.argv[1:]
    return run_guarded(
        lambda: main(words, environment, terminal, _now),
        name=_command_name(words),
        terminal=terminal,
        environment=environment,
        clock=_now,
    )


def _now() -> datetime:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def _command_name(words: Sequence[str]) -> str:
    """The command for a crash report; never an argument, because those may be secrets."""
    named = [word for word in words if not word.startswith("-")][:2]
    pair = " ".join(named)
    return pair if pair in table.COMMANDS else named[0] if named and named[0] in table.COMMANDS else ""


def main(
    words: Sequence[str],
    environment: Mapping[str, str],
    terminal: Terminal,
    clock: Callable[[], datetime],
) -> int:
    """Runs the command that `words` name; the exit code."""
    original_folder = os.getcwd()  # noqa: PTH109 - pathlib is not imported at start
    left, problem = _enter_folder(list(words))
    if problem:
        terminal.complain(problem + "\n")
        return 1
    wants_help = bool(left) and left[0] in _HELP
    left = left[1:] if wants_help else left
    if left and left[0] in _VERSION:
        left = ["version", *left[1:]]
    if not left:
        terminal.write(table.overview())
        return 0 if wants_help else NO_COMMAND
    name, left = _take_name(left)
    if name not in table.COMMANDS:
        return _unknown(name, terminal)
    if name in table.GROUPS:
        return _group(name, left, terminal, wants_help=wants_help)
    command = table.load(name)
    if wants_help or _HELP & set(left):
        terminal.write(command.help)
        return 0
    call = Call(
        name=name,
        arguments=Arguments(),
        terminal=terminal,
        environment=environment,
        clock=clock,
        original_folder=original_folder,
    )
    return _run(command, left, call)


def _run(command: Command, typed: list[str], call: Call) -> int:
    """Runs a command with the words that were typed after its name."""
    words = typed
    try:
        words = [*_extra(call.name, call.environment), *typed]
        arguments = parse_arguments(words, command.flags)
        if arguments.is_on("no-color"):
            call = call._replace(terminal=call.terminal.without_colour())
        command.check_rest(arguments)
        return command.run(call._replace(arguments=arguments))
    except Stopped:
        return 1
    except OSError as problem:
        return _unreachable(problem, call)
    except UsageError as problem:
        plain = call.terminal.without_colour() if "-no-color" in words else call.terminal
        return _misused(call.name, words, problem, plain, call.clock)


def _unreachable(problem: OSError, call: Call) -> int:
    """Tells that the backend cannot be used. Raises any other problem again."""
    from mooring.core.diagnostics import error
    from mooring.state.backends.model import BackendError

    if not isinstance(problem, BackendError):
        raise problem
    call.terminal.tell([error("Backend cannot be used", f"The state cannot be reached: {problem}.")])
    return 1


def _enter_folder(words: list[str]) -> tuple[list[str], str]:
    """Takes `-chdir=DIR` off the front and goes there; the words left, or what is wrong."""
    if not words or words[0].lstrip("-").partition("=")[0] != "chdir" or not words[0].startswith("-"):
        return words, ""
    _, has_value, folder = words[0].partition("=")
    if not has_value or not folder:
        return words, (
            "Invalid -chdir option: the folder to go to is missing. It follows after an equals sign, "
            "without spaces, as in -chdir=lab"
        )
    try:
        os.chdir(folder)
    except OSError as problem:
        return words, f"Error handling -chdir option: chdir {folder}: {(problem.strerror or '').lower()}"
    return words[1:], ""


def _take_name(words: list[str]) -> tuple[str, list[str]]:
    """The command's name, of two words below a group."""
    if len(words) > 1:
        pair = f"{words[0]} {words[1]}"
        if pair in table.COMMANDS:
            return pair, words[2:]
    return words[0], words[1:]


def _extra(name: str, environment: Mapping[str, str]) -> list[str]:
    """Arguments from `TF_CLI_ARGS` and `TF_CLI_ARGS_name`, which come before those that were typed."""
    import shlex

    variables = ("TF_CLI_ARGS", f"TF_CLI_ARGS_{name.replace(' ', '_')}")
    try:
        return [word for variable in variables for word in shlex.split(environment.get(variable, ""))]
    except ValueError as problem:
        raise UsageError(
            "Invalid TF_CLI_ARGS", f"The variable cannot be split into words: {problem}."
        ) from None


def _group(name: str, left: list[str], terminal: Terminal, *, wants_help: bool) -> int:
    """A group alone, or with a word that is none of its commands."""
    asks = wants_help or bool(_HELP & set(left))
    (terminal.write if asks else terminal.complain)(table.group_help(name))
    return 0 if asks else 1


def _unknown(name: str, terminal: Terminal) -> int:
    from mooring.core.suggest import suggest

    if name.startswith("-"):
        return _misplaced(name, terminal)
    close = suggest(name, [each for each in table.COMMANDS if " " not in each])
    hint = f' Did you mean "{close}"?' if close else ""
    terminal.complain(
        f'{PRODUCT} has no command named "{name}".{hint}\n\n'
        f"All commands are listed by:\n  {COMMAND} -help\n\n"
    )
    return 1


def _misplaced(option: str, terminal: Terminal) -> int:
    """An option before the command that is none of the global ones."""
    terminal.complain(
        f'"{option.partition("=")[0]}" is not a global option. Options of a command come after its name:\n'
        f"  {COMMAND} <subcommand> [options]\n\n"
        f"The global options are listed by:\n  {COMMAND} -help\n\n"
    )
    return 1


def _misused(
    name: str,
    words: Sequence[str],
    problem: UsageError,
    terminal: Terminal,
    clock: Callable[[], datetime],
) -> int:
    from mooring.core.diagnostics import error

    diags = [error(each.summary, each.detail) for each in (problem, *problem.others)]
    if {"-json", "--json"} & set(words) and name in {"plan", "apply", "destroy", "refresh", "init"}:
        from mooring import __version__
        from mooring.reporting.stream_json import JsonStream

        stream = JsonStream(terminal.write, clock)
        stream.version(__version__)
        stream.diagnostics(diags)
        return 1
    terminal.tell(diags)
    terminal.complain(f"\nWhat this command takes is told by:\n  {COMMAND} {name} -help\n")
    return 1
