"""The machine that Mooring runs on: the local compute target of the documents."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

_PATIENCE_SECONDS = 30.0


class Machine(Protocol):
    """What can be asked of a machine."""

    def cores(self) -> int:
        """How many cores this process may use."""
        ...

    def memory_bytes(self) -> int | None:
        """How much memory there is; None where the system does not tell."""
        ...

    def system(self) -> str:
        """The operating system: `Linux`, `Darwin`, `Windows`."""
        ...

    def has_program(self, name: str) -> bool:
        """Whether a program is on the search path."""
        ...

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables of the run."""
        ...

    def ask_program(self, words: Sequence[str], folder: str) -> str | None:
        """What a program writes that only looks; None where it is not there or does not succeed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ThisMachine:
    """The real one; `environment` are the variables of the run."""

    environment: Mapping[str, str] = field(default_factory=dict)

    def cores(self) -> int:
        """Those that the scheduler grants, where it tells."""
        affinity = getattr(os, "sched_getaffinity", None)
        return len(affinity(0)) if affinity is not None else os.cpu_count() or 1

    def memory_bytes(self) -> int | None:
        """What the system has."""
        try:
            return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        except (AttributeError, ValueError, OSError):
            return None

    def system(self) -> str:
        """What Python was built for."""
        return platform.system()

    def has_program(self, name: str) -> bool:
        """Looks for it as a shell would; conda may be a function of the shell, which names its file."""
        import shutil

        named = self.environment.get(f"{name.upper()}_EXE")
        if named is not None and Path(named).is_file():
            return True
        return shutil.which(name, path=self.environment.get("PATH", "")) is not None

    def ask_program(self, words: Sequence[str], folder: str) -> str | None:
        """Runs it without a shell, and without an input."""
        import subprocess

        try:
            done = subprocess.run(  # noqa: S603 - the words are the provider's own
                list(words),
                cwd=folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=_PATIENCE_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None
