"""What the state layer asks of the machine it runs on: who, where, when, and fresh identifiers.

Everything here is a value or a function given from outside, so that tests decide the time, the process table
and the random source. Must not know files, locks or states.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Final

from mooring.core.records import record

_DEAD: Final = frozenset({"Z", "X", "x"})
_EXITING: Final = 0x4
"""The kernel's flag PF_EXITING."""
_PENDING: Final = ("SigPnd:", "ShdPnd:")
_SIGKILL: Final = 1 << 8
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


@record(kw_only=True)
class Host:
    """This process and the machine it runs on.

    `boot_id` changes with every start of the machine ("" where the system tells none). `now` is in seconds
    since the epoch; `sleep` lets them pass, `wait` at most so many, until an event: whether it came. `new_id`
    gives a random UUID, `is_alive` tells whether a process of this machine exists.
    """

    name: str
    user: str
    pid: int
    boot_id: str
    now: Callable[[], float]
    sleep: Callable[[float], None]
    wait: Callable[[Event, float], bool]
    new_id: Callable[[], str]
    is_alive: Callable[[int], bool]

    @property
    def who(self) -> str:
        """`user@machine`, as Terraform names the holder of a lock."""
        return f"{self.user}@{self.name}"


def this_host() -> Host:
    """The real one."""
    return Host(
        name=os.uname().nodename,
        user=_user_name(),
        pid=os.getpid(),
        boot_id=_boot_id(),
        now=time.time,
        sleep=time.sleep,
        wait=Event.wait,
        new_id=_random_uuid,
        is_alive=_process_exists,
    )


def _user_name() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number without a name
        return str(os.getuid())


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _random_uuid() -> str:
    import uuid

    return str(uuid.uuid4())


def _process_exists(pid: int) -> bool:
    """Whether a process runs. One that was killed does not, even if it is still there to be waited for."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return not _is_ending(Path("/proc", str(pid)))


def _is_ending(process: Path) -> bool:
    """Whether Linux says that a process is dead, is ending, or is about to be killed; see proc(5)."""
    try:
        state, *fields = (process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        status = (process / "status").read_text("utf-8", "replace")
    except (OSError, ValueError):
        return False
    pending = (int(line.split()[1], 16) for line in status.splitlines() if line.startswith(_PENDING))
    is_killed = any(signals & _SIGKILL for signals in pending)
    return state in _DEAD or is_killed or bool(int(fields[5]) & _EXITING)
