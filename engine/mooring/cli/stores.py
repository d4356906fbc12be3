"""Which files a command keeps its state in: the workspace's, or what the legacy options say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mooring.state.local import LocalStore

if TYPE_CHECKING:
    from mooring.cli.session import Session


def open_store(session: Session) -> LocalStore:
    """The state that the command works on.

    `-state` names the file, `-state-out` another one to write to, `-backup` where the state of before goes;
    a backup named `-` is none.
    """
    arguments = session.call.arguments
    out, backup = arguments.text("state-out"), arguments.text("backup")
    path = _chosen(session)
    written = Path(out) if out else path
    return LocalStore(
        written,
        origin=path if written != path else None,
        backup=Path(backup) if backup and backup != "-" else None,
        keep_backup=backup != "-",
    )


def open_edited(session: Session) -> LocalStore:
    """The state for a command that edits it by hand: each run keeps a backup of its own, always."""
    backup, path = session.call.arguments.text("backup"), _chosen(session)
    named = Path(backup) if backup and backup != "-" else dated_backup(path, session.call.clock().timestamp())
    return LocalStore(path, backup=named)


def _chosen(session: Session) -> Path:
    chosen = session.call.arguments.text("state")
    return Path(chosen) if chosen else session.place.state(session.workspace)


def dated_backup(path: Path, seconds: float) -> Path:
    """A name for a backup, with the time as Terraform writes it, that is not taken."""
    moment = int(seconds)
    while (name := path.with_name(f"{path.name}.{moment}.backup")).exists():
        moment += 1
    return name
