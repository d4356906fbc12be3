"""Which files a command keeps its state in: the workspace's, or what the legacy options say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mooring.cli.command import Stopped
from mooring.cli.operations import require_files
from mooring.core.diagnostics import error
from mooring.state.backends.local_type import LocalStates
from mooring.state.backends.model import DEFAULT
from mooring.state.host import this_host
from mooring.state.journalled import JournalledStore
from mooring.state.local import LocalStore

if TYPE_CHECKING:
    from mooring.cli.session import Session


def open_workspace(session: Session, workspace: str) -> JournalledStore:
    """The state of a workspace. Raises `Stopped` after telling that the backend has only one."""
    states = session.states
    if workspace != DEFAULT and not states.has_workspaces:
        detail = (
            f'The backend "{session.place.type}" keeps one state, and the workspace "{workspace}" is '
            "selected. Unset TF_WORKSPACE, or select the workspace default."
        )
        session.terminal.tell([error("Workspaces not supported", detail)])
        raise Stopped
    return JournalledStore(states.medium(workspace), this_host(), sealing=session.sealings.state())


def open_store(session: Session) -> JournalledStore:
    """The state that the command works on.

    `-state` names the file, `-state-out` another one to write to, `-backup` where the state of before goes;
    a backup named `-` is none.
    """
    arguments = session.call.arguments
    out, backup = arguments.text("state-out"), arguments.text("backup")
    path = _chosen(session)
    if path is None:
        return open_workspace(session, session.workspace)
    written = Path(out) if out else path
    return LocalStore(
        written,
        origin=path if written != path else None,
        backup=Path(backup) if backup and backup != "-" else None,
        keep_backup=backup != "-",
        sealing=session.sealings.state(),
    )


def open_edited(session: Session) -> JournalledStore:
    """The state for a command that edits it by hand: each run keeps a backup of its own, in local files."""
    backup, path = session.call.arguments.text("backup"), _chosen(session)
    require_files(session)
    if path is None:
        return open_workspace(session, session.workspace)
    named = Path(backup) if backup and backup != "-" else dated_backup(path, session.call.clock().timestamp())
    return LocalStore(path, backup=named, sealing=session.sealings.state())


def open_file(session: Session, path: Path) -> LocalStore:
    """The state in another file than the workspace's own; it is encrypted like that, if at all."""
    return LocalStore(path, sealing=session.sealings.state())


def _chosen(session: Session) -> Path | None:
    """The file; None if it is none. The configuration must be in order even if an option names a file."""
    states, chosen = session.states, session.call.arguments.text("state")
    if chosen:
        return Path(chosen)
    return states.state(session.workspace) if isinstance(states, LocalStates) else None


def dated_backup(path: Path, seconds: float) -> Path:
    """A name for a backup, with the time as Terraform writes it, that is not taken."""
    moment = int(seconds)
    while (name := path.with_name(f"{path.name}.{moment}.backup")).exists():
        moment += 1
    return name
