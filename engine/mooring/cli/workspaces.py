"""Workspaces: which there are, which one is selected, and what their commands say.

The backend says which there are; the default one always exists.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, cast

from mooring.cli.arguments import UsageError
from mooring.cli.editing import complain, refuse
from mooring.cli.places import asked
from mooring.cli.working_folder import DEFAULT_WORKSPACE
from mooring.reporting.product import COMMAND
from mooring.state.files import write_atomically

if TYPE_CHECKING:
    from mooring.cli.command import Stopped
    from mooring.cli.session import Session

T = TypeVar("T")
_NAME: Final = re.compile(r"[A-Za-z0-9_.~!$&'()*+,;=:@-]+")


def workspaces(session: Session) -> list[str]:
    """All workspaces, the default one first. Raises `Stopped` after telling why they cannot be said."""
    states = session.states
    if not states.has_workspaces:
        raise complain(session.call, "workspaces not supported\n")
    return [DEFAULT_WORKSPACE, *told(session, states.workspaces)]


def told(session: Session, ask: Callable[[], T]) -> T:
    """What the backend answers. Raises `Stopped` after telling what it gives instead."""
    found, diags = asked(ask, session.place.type)
    refuse(session.call, diags)
    return cast("T", found)


def one_name(session: Session) -> str:
    """The one name that a command takes."""
    rest = session.call.arguments.rest
    if len(rest) != 1:
        raise UsageError("Expected a single argument: NAME.", "Give the name of one workspace.")
    return rest[0]


def checked_name(session: Session, name: str) -> str:
    """A name that a workspace can have. Raises `Stopped` after telling that it cannot."""
    if name in (".", "..") or not _NAME.fullmatch(name):
        text = (
            f'\n"{name}" cannot be the name of a workspace. It becomes part of paths and URLs, so it can\n'
            "have letters, digits, and the signs that need no escape in them.\n\n"
        )
        raise complain(session.call, text)
    return name


def missing(session: Session, name: str) -> Stopped:
    """Says that there is no such workspace; to be raised."""
    text = (
        f'Workspace "{name}" doesn\'t exist.\n\n"{COMMAND} workspace list" lists those there are; '
        f'"{COMMAND} workspace new {name}" makes this one.\n'
    )
    return complain(session.call, text)


def is_overridden(session: Session) -> bool:
    """Whether the environment selects the workspace."""
    return bool(session.environment.get("TF_WORKSPACE"))


def select(session: Session, name: str) -> None:
    """Writes down which workspace is selected."""
    path = Path(session.data_folder, "environment")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, name.encode())


def create(session: Session, name: str) -> None:
    """Makes a workspace, selects it and says so."""
    told(session, lambda: session.states.create(name))
    select(session, name)
    style = session.terminal.layout.style
    headline = style.bold(f'Created and switched to workspace "{name}"!')
    session.terminal.write(
        style.green(
            f"{headline}\n\n"
            "Nothing is recorded here yet. What other workspaces have made stays with\n"
            "them: a plan here would make it a second time.\n"
        )
    )
