"""What `moor test` is made of: the world that tests run in, and how they are told."""

from __future__ import annotations

import secrets
import string
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from mooring.cli import options
from mooring.cli.apply_operation import interruptible
from mooring.cli.command import Call, Stopped
from mooring.cli.operations import schema_lookup
from mooring.cli.recorded import object_reader
from mooring.cli.selected_tests import folder_of
from mooring.cli.session import Session
from mooring.cli.views import View
from mooring.config.inputs import find_inputs
from mooring.config.loading import load_configuration
from mooring.core.diagnostics import Diagnostics, error, has_errors
from mooring.planning.validation import schemas_of
from mooring.reporting.stream_json import JsonStream
from mooring.reporting.tests_json import Form, TestsJson, seen_json
from mooring.reporting.tests_junit import TestsJunit
from mooring.reporting.tests_text import TestsText
from mooring.testing.bed import Bed
from mooring.testing.model import Seen, TestEvent, TestObserver

if TYPE_CHECKING:
    from mooring.config.model import Module
    from mooring.planning.providers import Providers

_CHARACTERS: Final = string.ascii_lowercase + string.digits


@contextmanager
def open_bed(call: Call, session: Session, view: View) -> Iterator[Bed]:
    """The world of the tests: this machine, but for what they must not touch."""
    schemas = session.providers(read_only=True)
    raw, diags = find_inputs(
        (".", folder_of(call)), session.files, session.environment, session.variable_options()
    )
    if has_errors(diags):
        view.tell(diags)
        raise Stopped

    def load(folder: str) -> tuple[Module | None, Diagnostics]:
        known, data_folder = session.registry.bundled(), session.data_folder
        return load_configuration(folder, files=session.files, known=known, data_folder=data_folder)

    with interruptible(view, "what was made then stays, and must be removed by hand") as cancelled:
        yield Bed(
            load=load,
            known=session.registry.bundled(),
            configure=session.configuration,
            open_providers=lambda data_folder, stand_in: session.providers(
                read_only=False, data_folder=data_folder, stand_in=stand_in
            ),
            schemas=schemas,
            raw=raw,
            random_text=_random_text,
            scratch=lambda: tempfile.TemporaryDirectory(prefix="moor-test-"),
            clock=monotonic,
            observe=_observer(call, schemas, view),
            cancelled=cancelled,
            parallelism=options.parallelism(call),
        )


def _random_text(length: int) -> str:
    return "".join(secrets.choice(_CHARACTERS) for _ in range(length))


# -- telling -------------------------------------------------------------------------------------


def _observer(call: Call, schemas: Providers, view: View) -> TestObserver:
    """Tells what happens as text or JSON, and writes a JUnit report if one is asked for."""
    is_json = call.arguments.is_on("json")
    tells = [_json(call, schemas) if is_json else _text(call, schemas, view)]
    path = call.arguments.text("junit-xml")
    if path is not None:
        tells.append(TestsJunit(_writer(path, view), call.clock).observe)

    def observe(event: TestEvent) -> None:
        for tell in tells:
            tell(event)
        call.terminal.flush()

    return observe


def _writer(path: str, view: View) -> Callable[[str], None]:
    """Writes a report. Raises `Stopped` after telling why it cannot."""

    def write(report: str) -> None:
        try:
            Path(path).write_text(report, encoding="utf-8")
        except OSError as problem:
            detail = f'The JUnit report cannot be written to "{path}": {problem.strerror}.'
            view.tell([error("Failed to write report", detail)])
            raise Stopped from None

    return write


def _text(call: Call, schemas: Providers, view: View) -> TestObserver:
    terminal = call.terminal
    is_verbose = call.arguments.is_on("verbose")
    return TestsText(
        terminal.layout,
        write=terminal.write,
        complain=terminal.complain,
        tell=view.tell,
        verbose=(schema_lookup(schemas), object_reader(schemas)) if is_verbose else None,
    ).observe


def _json(call: Call, schemas: Providers) -> TestObserver:
    def document(seen: Seen) -> Form:
        offered = schemas_of(seen.configuration.root, schemas)
        return seen_json(seen, object_reader(schemas), offered)

    stream = JsonStream(call.terminal.write, call.clock)
    return TestsJson(stream, document if call.arguments.is_on("verbose") else None).observe
