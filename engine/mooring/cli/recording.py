"""What the history is told of a command: who runs it where, with which words, and what came of it.

Values of variables and of backend settings may be secrets: their names are told, what they are is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring import __version__
from mooring.reporting.product import COMMAND
from mooring.state.events import Began
from mooring.state.host import this_host
from mooring.state.lock_record import timestamp

if TYPE_CHECKING:
    from mooring.cli.command import Call
    from mooring.cli.session import Session

_SECRET: Final = frozenset({"var", "backend-config"})
_MASK: Final = "***"


def run_of(session: Session) -> Began:
    """The run that a command is."""
    host = this_host()
    return Began(
        run=host.new_id(),
        who=host.who,
        at=timestamp(session.call.clock().timestamp()),
        command=command_line(session.call),
        workspace=session.workspace,
        version=__version__,
    )


def command_line(call: Call) -> str:
    """The command as it was typed, less its secrets."""
    import shlex

    flags = [_flag(name, value) for name, value in call.arguments.given]
    return shlex.join([COMMAND, *call.name.split(), *flags, *call.arguments.rest])


def _flag(name: str, value: str) -> str:
    if name in _SECRET:
        key, has_value, _ = value.partition("=")
        return f"-{name}={key}={_MASK}" if has_value else f"-{name}={key if name != 'var' else _MASK}"
    return f"-{name}" if value == "true" else f"-{name}={value}"
