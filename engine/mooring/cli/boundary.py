"""The one place that catches every exception: an interrupt, a bug.

What a user can mend is never an exception.

A bug ends in two lines for the user and a file for the maintainer. The file has versions, the command's name
and where the code was, but no text of exceptions, no values and no arguments: they may hold secrets. With
`MOOR_DEBUG=1` the whole traceback is shown instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from mooring import __version__
from mooring.cli.terminal import Terminal

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141
CRASHED: Final = 11
"""What Terraform exits with after a panic."""


def run_guarded(
    work: Callable[[], int],
    *,
    name: str,
    terminal: Terminal,
    environment: Mapping[str, str],
    clock: Callable[[], datetime],
) -> int:
    """The exit code of the work, whatever happens in it."""
    try:
        code = work()
        terminal.flush()
    except KeyboardInterrupt:
        terminal.complain("\nInterrupted.\n")
        return INTERRUPTED
    except BrokenPipeError:
        return BROKEN_PIPE
    except (SystemExit, GeneratorExit):
        raise
    except BaseException as crash:  # noqa: BLE001 - the one boundary; the evaluator's control flow is one
        _report(crash, name, terminal, environment, clock())
        return CRASHED
    return BROKEN_PIPE if terminal.is_broken and code == 0 else code


def _report(
    crash: BaseException, name: str, terminal: Terminal, environment: Mapping[str, str], moment: datetime
) -> None:
    if environment.get("MOOR_DEBUG"):
        import traceback

        terminal.complain("".join(traceback.format_exception(crash)))
        return
    path = _write_log(_log_text(crash, name, moment), environment, moment)
    where = f"What is needed to find it is in {path}" if path else "No log could be written"
    terminal.complain(
        f"\nError: moor {name} failed because of a bug in Mooring ({type(crash).__name__})\n\n"
        f"This is not your mistake. {where};\n"
        "the file names versions and places in the code, no values. Please report it, or see the whole\n"
        "traceback with MOOR_DEBUG=1. The state is safe: run the command again to go on.\n"
    )


def _log_text(crash: BaseException, name: str, moment: datetime) -> str:
    import platform

    lines = [
        f"mooring {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"moor {name}, {moment.isoformat(timespec='seconds')}",
        *_chain(crash),
    ]
    return "\n".join(lines) + "\n"


def _chain(crash: BaseException) -> list[str]:
    """The exception and its causes, innermost last: types and places only."""
    lines = [f"{type(crash).__module__}.{type(crash).__qualname__}", *_places(crash.__traceback__)]
    cause = crash.__cause__ or (None if crash.__suppress_context__ else crash.__context__)
    return lines if cause is None else [*lines, "caused by", *_chain(cause)]


def _places(trace: TracebackType | None) -> list[str]:
    import traceback

    return [f"  {each.filename}:{each.lineno} in {each.name}" for each in traceback.extract_tb(trace)]


def _write_log(text: str, environment: Mapping[str, str], moment: datetime) -> str | None:
    import tempfile

    data_folder = environment.get("TF_DATA_DIR") or ".terraform"
    file_name = f"moor-crash-{moment:%Y%m%dT%H%M%S}-{os.getpid()}.log"
    for folder in (data_folder, tempfile.gettempdir()):
        path = os.path.join(folder, file_name)  # noqa: PTH118 - pathlib is not imported at start
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError:
            continue
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        return path
    return None
