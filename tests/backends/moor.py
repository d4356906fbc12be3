"""Running `moor`, and real Terraform where there is one, in a folder with a backend."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.scripts.runner import clean_environment

TERRAFORM = shutil.which("terraform")


class Folder:
    """A working folder: commands run in it with the environment it was given."""

    def __init__(self, path: Path, program: str, environment: Mapping[str, str]) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._program = program
        self._environment = {**clean_environment(path), **environment}

    def write(self, text: str, name: str = "main.tf") -> None:
        """Writes a file."""
        (self.path / name).write_text(text)

    def moor(self, *arguments: str, status: int = 0, **environment: str) -> str:
        """All that a command writes that ends with this status."""
        return self._run([self._program, *arguments], status, environment)

    def terraform(self, *arguments: str, status: int = 0) -> str:
        """The same with Terraform."""
        assert TERRAFORM is not None
        return self._run([TERRAFORM, *arguments, "-no-color"], status, {"CHECKPOINT_DISABLE": "1"})

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Starts a program that goes on while others run."""
        return subprocess.Popen(  # noqa: S603 - the product, or Terraform
            command,
            cwd=self.path,
            env={**self._environment, "CHECKPOINT_DISABLE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _run(self, command: list[str], status: int, environment: Mapping[str, str]) -> str:
        result = subprocess.run(  # noqa: S603 - the product, or Terraform
            command,
            cwd=self.path,
            env={**self._environment, "PATH": os.environ["PATH"], **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert result.returncode == status, result.stdout
        return result.stdout
