"""`local-exec`: runs a command on this machine, as Terraform 1.11 does.

The command is run by an interpreter, `/bin/sh -c` by default; what it writes is told line by line. It runs in
a process group of its own, so that Ctrl-C lets it end as any other operation; a run that is aborted ends it.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import field, record
from mooring.core.types import BOOL, STRING, ListType, MapType
from mooring.core.values import Value
from mooring.sdk import Attribute, BlockSchema, CallContext, Provision

if TYPE_CHECKING:
    import subprocess

SCHEMA: Final = BlockSchema(
    attributes={
        "command": Attribute(type=STRING, required=True, description="The command, or a text for it."),
        "environment": Attribute(type=MapType(STRING), optional=True, description="Additional variables."),
        "interpreter": Attribute(
            type=ListType(STRING),
            optional=True,
            description="A program and arguments to run the command with.",
        ),
        "quiet": Attribute(type=BOOL, optional=True, description="Do not tell the command."),
        "working_dir": Attribute(type=STRING, optional=True, description="Where to run it."),
    }
)
_KEPT: Final = 8 * 1024
"""How much of the end of the output an error shows, in characters."""
_LOOK_SECONDS: Final = 0.5


@record(kw_only=True)
class LocalExec:
    """The provisioner. Stateless."""

    schema: BlockSchema = field(default=SCHEMA)

    def validate(self, _config: Value) -> Diagnostics:
        """Nothing beyond the schema: an empty command is found when it is run."""
        return ()

    def provision(self, ctx: CallContext, request: Provision) -> Diagnostics:
        """Runs the command to its end."""
        config = request.config.attributes
        command = _text(config["command"])
        if not command:
            return (
                error("Invalid local-exec provisioner command", "The command must be a non-empty string."),
            )
        words = [*_interpreter(config["interpreter"]), command]
        is_quiet = not config["quiet"].is_null and config["quiet"].truth
        shown = " ".join(f'"{_escaped(word)}"' for word in words)
        request.tell(
            "local-exec: Executing: Suppressed by quiet=true" if is_quiet else f"Executing: [{shown}]"
        )
        folder = os.path.join(request.working_folder, _text(config["working_dir"]))  # noqa: PTH118
        environment = {**request.environment, **_variables(config["environment"])}
        return _run(words, folder, environment, request, ctx.cancelled)


def _run(
    words: list[str], folder: str, environment: Mapping[str, str], request: Provision, aborted: Event
) -> Diagnostics:
    import subprocess

    if not os.path.isdir(folder):  # noqa: PTH112
        return (_failed(words[-1], f"chdir {folder}: no such file or directory", ""),)
    tail: deque[str] = deque(maxlen=_KEPT)
    try:
        child = subprocess.Popen(  # noqa: S603 - what the user's configuration says, and says so explicitly
            words,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as problem:
        return (_failed(words[-1], f"{words[0]}: {(problem.strerror or '').lower()}", ""),)
    with child:
        assert child.stdout is not None
        Thread(target=_end_if_aborted, args=(child, aborted), daemon=True).start()
        for line in child.stdout:
            tail.extend(line)
            request.tell(line.rstrip("\r\n"))
    if child.returncode:
        return (_failed(words[-1], _status(child.returncode), "".join(tail)),)
    return ()


def _end_if_aborted(child: subprocess.Popen[str], aborted: Event) -> None:
    """Asks the command and all that it has started to end, should the run be aborted before they do."""
    import signal

    while child.poll() is None:
        if aborted.wait(_LOOK_SECONDS):
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
            return


def _failed(command: str, why: str, output: str) -> Diagnostic:
    detail = f"Error running command '{command}': {why}. Output: {output}"
    return error("local-exec provisioner error", detail)


def _status(code: int) -> str:
    return f"exit status {code}" if code > 0 else f"signal {-code}"


def _interpreter(value: Value) -> list[str]:
    if value.is_null:
        return ["/bin/sh", "-c"] if os.name != "nt" else ["cmd", "/C"]
    return [_text(each) for each in value.elements]


def _variables(value: Value) -> dict[str, str]:
    if value.is_null:
        return {}
    return {name: _text(each) for name, each in value.attributes.items() if not each.is_null}


def _text(value: Value) -> str:
    return "" if value.is_null else value.text


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
