"""`moor state mv`: gives objects another address, in the same state or in another one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from mooring.cli import editing
from mooring.cli.arguments import Flag, Kind, UsageError
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.core.diagnostics import Diagnostics
    from mooring.state.edits import Moves, Selection
    from mooring.state.local import LocalStore
    from mooring.state.model import State

_HELP: Final = f"""\
Usage: moor [global options] state mv [options] SOURCE DESTINATION

  Gives what the state records another address: a resource instance, a resource
  with all its instances, or a module. What exists is not touched. With
  -state-out, it moves into another state file.

  A "moved" block in the configuration does the same for everybody who applies
  it, and is planned first.

  The state of before is kept in a backup file of its own; so is that of the
  other state file.

      moor state mv azureml_workspace.lab module.lab.azureml_workspace.main

Options:

  -dry-run            Only print what would be moved.

{editing.LOCKING_HELP}
{editing.LEGACY_HELP}"""


def _run(call: Call) -> int:
    from mooring.cli.session import Session
    from mooring.cli.stores import open_edited

    if len(call.arguments.rest) != 2:
        raise UsageError("Exactly two arguments expected.", "Give the address to move, and its new address.")
    source, target = [editing.parse_selection(call, text) for text in call.arguments.rest]
    session = Session(call)
    move = _Move(session, source, target)
    out = call.arguments.text("state-out")
    change = move.within if out is None else move.out_to(Path(out))
    if editing.edit(session, open_edited(session), change):
        call.terminal.write("Successfully moved 1 object(s).\n")
    return 0


class _Move:
    """One move, as the user asked for it."""

    def __init__(self, session: Session, source: Selection, target: Selection) -> None:
        self._session: Final = session
        self._ends: Final = source, target
        self._is_dry: Final = session.call.arguments.is_on("dry-run")

    def within(self, state: State) -> State | Diagnostics:
        """The state after the move."""
        from mooring.state.edits import moved

        moves = self._planned(state, state)
        if isinstance(moves, tuple):
            return moves
        return state if self._is_dry else moved(state, moves)

    def out_to(self, path: Path) -> editing.Change:
        """Moves into the state of another file, which is written first: nothing is ever in neither."""

        def change(state: State) -> State | Diagnostics:
            from mooring.state.edits import moved, with_instances, without

            def take_in(into: State) -> State | Diagnostics:
                moves = self._planned(state, into)
                if isinstance(moves, tuple):
                    return moves
                after = moved(state, moves).instances
                arrived = {new: after[new] for new in moves.values()}
                gone.extend(moves)
                return into if self._is_dry else with_instances(into, arrived)

            gone = list[object]()
            has_arrived = editing.edit(self._session, self._other(path), take_in, must_exist=False)
            return (
                without(state, [each for each in state.instances if each in gone]) if has_arrived else state
            )

        return change

    def _planned(self, state: State, into: State) -> Moves | Diagnostics:
        from mooring.core.addresses import quote
        from mooring.core.diagnostics import Diagnostic
        from mooring.state.moving import plan_move, shown

        source, target = self._ends
        moves = plan_move(state, into, source, target)
        if isinstance(moves, Diagnostic):
            return (moves,)
        verb = "Would move" if self._is_dry else "Move"
        self._session.terminal.write(f"{verb} {quote(shown(source))} to {quote(shown(target))}\n")
        return moves

    def _other(self, path: Path) -> LocalStore:
        from mooring.cli.stores import dated_backup
        from mooring.state.local import LocalStore

        call = self._session.call
        backup = call.arguments.text("backup-out")
        return LocalStore(
            path,
            backup=Path(backup) if backup else dated_backup(path, call.clock().timestamp()),
            sealing=self._session.sealings.state(),
        )


COMMAND: Final = Command(
    flags=(*editing.FLAGS, Flag("dry-run"), Flag("backup-out", Kind.TEXT)),
    help=_HELP,
    run=_run,
    most=None,
)
