"""Serving a cloud until a signal ends it: what `moor emulator` does.

Owns the composition of store, faults, log and listening sockets, and the clean end. The one place of this
package with effects beside the store: files, signals, sockets.
"""

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from typing import IO

from mooring_emulator.arm.call import Clock
from mooring_emulator.arm.principals import Directory
from mooring_emulator.codec import JsonObject, encode
from mooring_emulator.emulator import Emulator, Surroundings
from mooring_emulator.entra.directory import DirectoryError, parse_directory
from mooring_emulator.faults.rules import FaultSpecError, Rule, parse_rules
from mooring_emulator.opening import MEMORY, open_emulator
from mooring_emulator.resources.subscriptions import is_subscription_id
from mooring_emulator.seed import TENANT_ID
from mooring_emulator.store.model import LoggedRequest


class ServingError(Exception):
    """Settings that cannot be served; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to serve; `faults` is a specification or a file with one, `directory` a file. Times are seconds."""

    store: str
    tls_folder: str
    port: int = 0
    has_proxy: bool = False
    lro_seconds: float = 0.0
    latency: float = 0.0
    token_seconds: int = 3600
    faults: str = ""
    log: str = ""
    directory: str = ""
    is_as_specified: bool = False
    subscriptions: tuple[str, ...] = ()


def serve(settings: Settings, tell: Callable[[JsonObject], None], clock: Clock) -> None:
    """Serve until SIGTERM or SIGINT; `tell` gets the addresses when all is ready. Raises ServingError."""
    from mooring_emulator.server.service import Service  # heavy: certificates

    ended = Event()
    with ExitStack() as stack:
        emulator = _open(settings, clock, stack)
        try:
            service = Service(
                emulator.handle,
                Path(settings.tls_folder),
                port=settings.port,
                has_proxy=settings.has_proxy,
                latency=settings.latency,
            )
        except (OSError, OverflowError) as problem:
            raise ServingError(str(problem)) from problem
        stack.callback(service.close)
        for number in (signal.SIGTERM, signal.SIGINT):
            stack.callback(signal.signal, number, signal.signal(number, lambda *_: ended.set()))
        tell(service.addresses)
        ended.wait()


def read_faults(text: str) -> tuple[Rule, ...]:
    """Read a specification, or the file it names; raises ServingError."""
    path = Path(text)
    try:
        is_file = bool(text) and "\n" not in text and path.is_file()
    except OSError:
        is_file = False
    try:
        return parse_rules(path.read_text(encoding="utf-8") if is_file else text)
    except (FaultSpecError, OSError) as problem:
        raise ServingError(str(problem)) from problem


def read_directory(path: str) -> Directory | None:
    """Read the file of principals and roles, if there is one; raises ServingError."""
    try:
        return parse_directory(Path(path).read_text(encoding="utf-8"), TENANT_ID) if path else None
    except (DirectoryError, OSError) as problem:
        raise ServingError(str(problem)) from problem


def _open(settings: Settings, clock: Clock, stack: ExitStack) -> Emulator:
    import sqlite3  # heavy

    from mooring_emulator.store.sqlite import FormatError  # heavy

    faults, directory = read_faults(settings.faults), read_directory(settings.directory)
    wrong = [subscription for subscription in settings.subscriptions if not is_subscription_id(subscription)]
    if wrong:
        raise ServingError(f"'{wrong[0]}' is no subscription id; it must be a GUID")
    try:
        if settings.store != MEMORY:
            Path(settings.store).parent.mkdir(parents=True, exist_ok=True)
        log = stack.enter_context(_open_log(settings.log)) if settings.log else None
        surroundings = Surroundings(
            faults=faults,
            on_request=_writer(log) if log else _tell_nobody,
            needs_token=True,
            directory=directory,
            is_as_specified=settings.is_as_specified,
            subscriptions=settings.subscriptions,
        )
        emulator = open_emulator(
            settings.store,
            clock=clock,
            lro_seconds=settings.lro_seconds,
            token_seconds=settings.token_seconds,
            surroundings=surroundings,
        )
    except (OSError, FormatError, sqlite3.Error) as problem:
        raise ServingError(str(problem)) from problem
    stack.callback(emulator.close)
    return emulator


def _open_log(path: str) -> IO[bytes]:
    """Open the log for appending, unbuffered, readable by its owner alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(descriptor, "ab", buffering=0)


def _tell_nobody(_entry: LoggedRequest, _fault: str) -> None:
    """Write nothing."""


def _writer(log: IO[bytes]) -> Callable[[LoggedRequest, str], None]:
    lock = Lock()

    def write(entry: LoggedRequest, fault: str) -> None:
        line = {
            "time": entry.time,
            "method": entry.method,
            "path": entry.path,
            "api_version": entry.api_version,
            "status": entry.status,
            "body_digest": entry.body_digest,
            "fault": fault or None,
        }
        with lock:
            log.write(encode(line) + b"\n")

    return write
