"""`moor emulator request`: one ARM request to the emulated Azure, to play somebody at the portal."""

from __future__ import annotations

from typing import Final

from mooring.cli.arguments import Flag, UsageError
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] emulator request METHOD PATH [JSON]

  Sends one request to the emulated Azure that configurations with
  environment = "emulator" work on, and prints the answer. Use it to look at
  what exists there, or to change something behind Mooring's back.

  PATH is a resource id, with or without "?api-version=...", or the end of
  one after three dots:

      moor emulator request GET .../computes/cpu-cluster
      moor emulator request PATCH .../computes/cpu-cluster \\
        '{"properties":{"properties":{"scaleSettings":{"maxNodeCount":9}}}}'

  JSON is the body; "-" reads it from standard input. The exit code is 1 if
  the answer is an error.

  What the emulator knows is in .terraform/emulator.sqlite: delete the file to
  begin again. Its long operations end at once; to have them take time, as on
  Azure, set MOOR_EMULATOR_LRO_SECONDS to a number of seconds.
"""
_FAILURE: Final = 400
STORE: Final = "emulator.sqlite"


def _run(call: Call) -> int:
    import json
    from pathlib import Path

    from mooring.cli.session import Session
    from mooring_emulator import open_emulator, send

    if len(call.arguments.rest) < 2:
        raise UsageError("METHOD and PATH expected", "For example: moor emulator request GET /subscriptions")
    method, path, *rest = call.arguments.rest
    body = _body(rest[0], call) if rest else None
    folder = Path(Session(call).data_folder)
    folder.mkdir(parents=True, exist_ok=True)
    emulator = open_emulator(str(folder / STORE), clock=lambda: call.clock().timestamp())
    try:
        response = send(emulator, method, path, body)
    finally:
        emulator.close()
    call.terminal.write(f"{response.status}\n")
    if response.body:
        parsed = json.loads(response.body)
        call.terminal.write(json.dumps(parsed, indent=2, ensure_ascii=False) + "\n")
    return int(response.status >= _FAILURE)


def _body(text: str, call: Call) -> object:
    import json

    content = call.terminal.read_all() if text == "-" else text
    try:
        return json.loads(content)
    except ValueError as problem:
        raise UsageError("The body is not JSON", f"{problem}.") from None


COMMAND: Final = Command(
    flags=(Flag("no-color"),),
    help=_HELP,
    run=_run,
    most=3,
    too_many="Expected METHOD, PATH and at most one body. Is the JSON in quotes?",
)
