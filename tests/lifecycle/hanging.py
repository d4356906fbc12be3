"""A program: `moor`, in whose cloud nobody ever answers a request to make a workspace.

python hanging.py ARGUMENTS...
"""

from __future__ import annotations

import sys
from threading import Event

from mooring_emulator.emulator import Emulator
from mooring_emulator.messages import Request, Response


def main() -> int:
    from mooring.cli.main import entry_point

    plain = Emulator.handle

    def handle(emulator: Emulator, request: Request) -> Response:
        if request.method.upper() == "PUT" and "/workspaces/" in request.url:
            Event().wait()
        return plain(emulator, request)

    Emulator.handle = handle  # type: ignore[method-assign]
    return entry_point()


if __name__ == "__main__":
    sys.exit(main())
