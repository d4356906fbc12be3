"""A program, run by its path: starts a local run's command, waits for it, and writes down how it ended.

    python -I keeper.py LOCK EXIT SECONDS COMMAND ARGUMENT...

LOCK is the number of an open, locked file, which says for as long as it is held that the run goes on; the
process's own number is written into it. EXIT is the file that gets the exit status, or `canceled` when the
SECONDS (0: no end) are over. The keeper outlives a Mooring that is killed, so that the run's end is known.
It imports nothing of Mooring.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

_NOT_STARTED = 127


def main(lock: str, ending: str, seconds: str, *command: str) -> None:
    """Runs the command to its end."""
    os.write(int(lock), str(os.getpid()).encode())
    try:
        child = subprocess.Popen(command)  # noqa: S603 - what the user's configuration says
        _note(ending, str(child.wait(float(seconds) or None)))
    except OSError as problem:
        print(f"{command[0]}: {problem.strerror}", file=sys.stderr)  # noqa: T201 - into the run's log
        _note(ending, str(_NOT_STARTED))
    except subprocess.TimeoutExpired:
        _note(ending, "canceled")
        os.killpg(0, signal.SIGKILL)


def _note(ending: str, text: str) -> None:
    draft = Path(f"{ending}.new")
    draft.write_text(text, encoding="ascii")
    draft.replace(ending)


if __name__ == "__main__":
    main(*sys.argv[1:])
