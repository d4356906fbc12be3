"""The part of `init` that settles where the state is: the backend block, `-backend-config`, what is asked.

Must not know modules or providers, nor how states are copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.backends import (
    Place,
    Recorded,
    current_place,
    read_block,
    read_record,
    unsupported,
    write_record,
)
from mooring.cli.migration import migrate, open_or_stop, stop
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.reporting.product import PRODUCT
from mooring.state.backends.model import BackendType, Setting, Settings, complete, fitting

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.config.model import Backend

_CHANGED: Final = (
    "The files name another backend than the one that this folder uses, or other settings of it.\n\n"
    'To take the states along, run "moor init -migrate-state".\n'
    'To go there without them, run "moor init -reconfigure".'
)
_CONFIGURED: Final = """\

Successfully configured the backend "{type}"! {product} keeps the states of
this folder there from now on.
"""
_UNSET: Final = """\

Successfully unset the backend "{type}". {product} keeps the states in this
folder from now on.
"""


def initialize_backend(session: Session, view: View) -> None:
    """Makes the place that the files ask for the one in use. Raises `Stopped` after telling why not."""
    arguments = session.call.arguments
    if not arguments.is_on("backend", default=True) or not arguments.is_on("cloud", default=True):
        return
    backend, recorded = session.backend, read_record(session.data_folder)
    if backend is None and recorded is None:
        return
    view.say("Initializing the backend...\n")
    block, place = _wanted(session, view, backend)
    before = Place() if recorded is None else recorded.place
    is_same = (recorded is None) == (backend is None) and before == place
    is_changed = recorded is not None and not is_same
    if is_changed and not arguments.has("backend-config") and _agrees(backend, recorded):
        return
    place = place if is_same else _with_answers(session, place)
    if is_changed and not _may_change(session):
        stop(view, error("Backend configuration changed", _CHANGED))
    _settle(session, view, before, place, is_same=is_same)
    write_record(session.data_folder, block, place)
    if not is_same:
        text, of = (_UNSET, before) if block is None else (_CONFIGURED, place)
        view.say(text.format(type=of.type, product=PRODUCT))


def _agrees(backend: Backend | None, recorded: Recorded | None) -> bool:
    """Whether the record came from the block as it is, with arguments of the command line."""
    return not has_errors(current_place(backend, recorded)[1])


def _settle(session: Session, view: View, before: Place, place: Place, *, is_same: bool) -> None:
    """Copies states to the new place, if they are wanted there; asks it for something in any case."""
    if is_same:
        return
    after = open_or_stop(session, view, place)
    try:
        if not session.call.arguments.is_on("reconfigure"):
            migrate(session, view, before, place, after)
    finally:
        after.close()


def _wanted(session: Session, view: View, backend: Backend | None) -> tuple[Place | None, Place]:
    """What the block says, and that with `-backend-config` on top."""
    if backend is None:
        return None, Place()
    problem = unsupported(backend, "Unsupported backend type")
    if problem is not None:
        stop(view, problem)
    block, diags = read_block(backend)
    given, problems = _given(session, block)
    stop(view, *diags, *problems)
    settings = {**block.settings, **given}
    return block, Place(type=block.type, settings={name: settings[name] for name in sorted(settings)})


def _with_answers(session: Session, place: Place) -> Place:
    """The place with what is required and was set nowhere, as far as somebody may be asked for it."""
    settings, diags = complete(place.backend, place.settings, session.environment)
    if not diags or not session.may_ask:
        return place
    answers: dict[str, Setting] = {}
    for name, argument in place.backend.arguments.items():
        if argument.is_required and not settings[name]:
            answers[name] = session.terminal.ask(f"{name}\n\n  Enter a value: ") or None
    found = {**place.settings, **answers}
    return Place(type=place.type, settings={n: found[n] for n in sorted(found) if found[n] is not None})


# -- -backend-config -----------------------------------------------------------------------------


def _given(session: Session, block: Place) -> tuple[Settings, Diagnostics]:
    """The arguments of `-backend-config`, `name=value` or files."""
    found: dict[str, Setting] = {}
    diags: list[Diagnostic] = []
    for text in session.call.arguments.texts("backend-config"):
        name, has_value, value = text.partition("=")
        if has_value:
            found[name] = value
        elif text:
            more, problems = _read_file(session, text)
            found |= more
            diags += problems
    fit = {name: fitting(block.backend, name, value) for name, value in found.items()}
    diags += [_misfit(block.backend, name) for name, value in fit.items() if value is None]
    return fit, tuple(diags)


def _misfit(of: BackendType, name: str) -> Diagnostic:
    argument = of.arguments.get(name)
    what = "is not an argument" if argument is None else f"must be a {argument.kind.value}"
    detail = f'"{name}", given with -backend-config, {what} of the backend "{of.name}".'
    if argument is not None:
        detail = f'"{name}", given with -backend-config for the backend "{of.name}", {what}.'
    return error("Invalid backend configuration argument", detail)


def _read_file(session: Session, path: str) -> tuple[Settings, Diagnostics]:
    from mooring.config.declarations.constants import constant_value
    from mooring.syntax import parse_file

    content = session.files.read(path)
    if content is None:
        return {}, (error("Failed to read file", f'The file "{path}" could not be read.'),)
    body, diags = parse_file(path, content)
    attributes, problems = body.just_attributes()
    found: dict[str, Setting] = {}
    diags = (*diags, *problems)
    for name, attribute in attributes.items():
        value, problems = constant_value(attribute.expression)
        diags = (*diags, *problems)
        if value is not None and value.is_known and isinstance(value.raw, str | bool | int):
            found[name] = value.raw
    return found, diags


def _may_change(session: Session) -> bool:
    return any(session.call.arguments.is_on(name) for name in ("reconfigure", "migrate-state", "force-copy"))
