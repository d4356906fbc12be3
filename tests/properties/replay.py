"""Runs one invariant on the scenario in a folder: `python -m tests.properties.replay INVARIANT FOLDER`.

A property that fails prints the commands that make such a folder.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.properties.invariants import INVARIANTS
from tests.properties.scenarios import read_scenario


def main() -> None:
    """Raises what the invariant raises."""
    name, folder = sys.argv[1:]
    INVARIANTS[name](read_scenario(Path(folder)))
    print(f"{name}: holds")  # noqa: T201 - for whoever pasted the command


if __name__ == "__main__":
    main()
