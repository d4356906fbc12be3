"""`moor emulator`: the emulated Azure over HTTPS, for any client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Flag, Kind, UsageError
from mooring.cli.command import Call, Command
from mooring.cli.commands.emulator_request import STORE

if TYPE_CHECKING:
    from mooring_emulator.serving import Settings

_HELP: Final = """\
Usage: moor [global options] emulator [options]
       moor [global options] emulator request METHOD PATH [JSON]

  Serves the emulated Azure of this directory over HTTPS on loopback, until it
  is interrupted or terminated. When it is ready it prints one line of JSON:

      {"endpoint": "https://localhost:...", "ca": ".../ca.pem", "proxy": null}

  "endpoint" is Azure Resource Manager, Microsoft Entra ID and the metadata
  document in one; "ca" is the certificate that clients must trust. Clients
  that insist on Azure's public host names take "proxy" as HTTPS_PROXY.

  With "request" it sends one request instead; see moor emulator request -help.

Options:

  -port=N            Port of the endpoint. Any free one by default.

  -tls-dir=DIR       Where the certificate authority is, or will be. By default
                     in the data directory, ".terraform/emulator-tls".

  -store=FILE        Where the cloud is kept; ":memory:" for one that is gone
                     afterwards. By default the one that configurations with
                     environment = "emulator" work on.

  -lro=SECONDS       How long operations take. 0 by default: done when polled.

  -latency=SECONDS   How long every answer takes at least.

  -token-lifetime=N  Seconds that access tokens are valid. 3600 by default.

  -faults=SPEC       Faults to inject: "METHOD PATH FAULT [name=value ...]; ...",
                     or a file with such lines or with JSON. For example:
                     "PUT */computes/* 429 nth=2 retry-after=1; * * 503
                     probability=0.05 seed=7; DELETE * lro-failed". Faults are
                     400 to 599, reset, reset-after, slow, lro-failed,
                     lro-canceled, lro-endless, 404-after-202, stale and
                     expired-token; options nth, times, probability, seed,
                     retry-after, seconds, code and message.

  -as-specified      Answer with the specifications' status codes where Azure
                     was recorded to differ: 200 to PATCH, not 202.

  -proxy             Also listen as a proxy for Azure's public host names.

  -directory=FILE    Who may sign in, and with which roles: JSON with
                     "principals" ({"name", "client_id", "secret"}) and "roles"
                     ({"principal", "role", "scope"}). Without it anybody may
                     do everything.

  -subscriptions=ID,...
                     Subscriptions beside the one that is always there.

  -log=FILE          Append a line of JSON for each request.
"""


def _run(call: Call) -> int:
    import json

    from mooring_emulator.serving import ServingError, serve

    def tell(addresses: dict[str, object]) -> None:
        call.terminal.write(json.dumps(addresses) + "\n")
        call.terminal.flush()

    try:
        serve(_settings(call), tell, lambda: call.clock().timestamp())
    except ServingError as problem:
        raise UsageError("The emulator cannot be served", f"{problem}.") from None
    return 0


def _settings(call: Call) -> Settings:
    from pathlib import Path

    from mooring.cli.session import Session
    from mooring_emulator.serving import Settings

    arguments = call.arguments
    folder = Path(Session(call).data_folder)
    return Settings(
        store=arguments.text("store") or str(folder / STORE),
        tls_folder=arguments.text("tls-dir") or str(folder / "emulator-tls"),
        port=arguments.number("port", 0),
        has_proxy=arguments.is_on("proxy"),
        is_as_specified=arguments.is_on("as-specified"),
        lro_seconds=_seconds(call, "lro"),
        latency=_seconds(call, "latency"),
        token_seconds=arguments.number("token-lifetime", 3600),
        faults=arguments.text("faults") or "",
        log=arguments.text("log") or "",
        directory=arguments.text("directory") or "",
        subscriptions=tuple(filter(None, (arguments.text("subscriptions") or "").split(","))),
    )


def _seconds(call: Call, name: str) -> float:
    text = (call.arguments.text(name) or "0").removesuffix("s")
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e9:
        raise UsageError(f"Invalid -{name}", "A number of seconds is expected, such as 2 or 0.5.")
    return seconds


COMMAND: Final = Command(
    flags=(
        Flag("port", Kind.NUMBER),
        Flag("tls-dir", Kind.TEXT),
        Flag("store", Kind.TEXT),
        Flag("lro", Kind.TEXT),
        Flag("latency", Kind.TEXT),
        Flag("token-lifetime", Kind.NUMBER),
        Flag("faults", Kind.TEXT),
        Flag("as-specified"),
        Flag("proxy"),
        Flag("log", Kind.TEXT),
        Flag("directory", Kind.TEXT),
        Flag("subscriptions", Kind.TEXT),
        Flag("no-color"),
    ),
    help=_HELP,
    run=_run,
    too_many='Expected no words after "emulator" but "request".',
)
