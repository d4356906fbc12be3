"""Running `moor` as a process in a folder, as it is or until it is killed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from signal import SIGINT, SIGKILL
from time import sleep

from tests.scripts.runner import EXAMPLES, clean_environment

CRASHING = Path(__file__).with_name("crashing.py")
HANGING = Path(__file__).with_name("hanging.py")
PLAN = ("plan", "-detailed-exitcode", "-input=false", "-no-color")
APPLY = ("apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=1")
DESTROY = ("destroy", "-auto-approve", "-input=false", "-no-color", "-parallelism=1")


def copy_lab(folder: Path) -> Path:
    """The files of the lab in a new folder, on an emulated cloud that is new."""
    ignored = shutil.ignore_patterns(".terraform", "terraform.tfstate*")
    shutil.copytree(EXAMPLES / "dp100-lab", folder, ignore=ignored)
    (folder / "terraform.tfvars").write_text('virtual_machine_password = "hunter2"\n')
    return folder


class Moor:
    """Runs commands in one folder."""

    def __init__(self, program: str, folder: Path, **environment: str) -> None:
        self._program = program
        self._folder = folder
        self._environment = {**clean_environment(folder), **environment}

    def run(self, *arguments: str, status: int = 0) -> str:
        """What a command writes that ends with this status."""
        result = self._start([self._program, *arguments])
        assert result.returncode == status, result.stdout
        return result.stdout

    def try_with(self, environment: Mapping[str, str], *arguments: str) -> str:
        """What a command writes in other surroundings, however it ends."""
        before, self._environment = self._environment, {**self._environment, **environment}
        try:
            return self._start([self._program, *arguments]).stdout
        finally:
            self._environment = before

    def outcome(self, *arguments: str) -> tuple[int, str]:
        """The status of a command, and what it writes."""
        result = self._start([self._program, *arguments])
        return result.returncode, result.stdout

    def is_killed_at(self, moment: int, *arguments: str, operations_take: float = 0.0) -> bool:
        """Whether the command was killed at that moment; if it ended before, it succeeded.

        The long operations that it begins in the emulated cloud take that many seconds.
        """
        count_file = self._folder.parent / "moments"
        self._environment["MOOR_EMULATOR_LRO_SECONDS"] = str(operations_take)
        result = self._start([sys.executable, str(CRASHING), str(count_file), str(moment), *arguments])
        del self._environment["MOOR_EMULATOR_LRO_SECONDS"]
        assert result.returncode in (0, -SIGKILL), result.stdout
        return result.returncode == -SIGKILL

    def lines_until_killed(self, lines: int, *arguments: str) -> str:
        """What a command writes until it is killed from outside after some lines."""
        with subprocess.Popen(  # noqa: S603 - the product under test
            [self._program, *arguments],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as child:
            assert child.stdout is not None
            seen = [line for line, _ in zip(child.stdout, range(lines), strict=False)]
            child.kill()
            seen += child.stdout.readlines()
        assert child.returncode == -SIGKILL, "".join(seen)
        return "".join(seen)

    def killed_when(self, arm: Callable[[Callable[[], None]], None], *arguments: str) -> None:
        """Runs a command; what kills it is handed to `arm`, for whoever calls it in time."""
        with subprocess.Popen(  # noqa: S603 - the product under test
            [self._program, *arguments],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as child:
            arm(child.kill)

    def interrupted_after(self, text: str, times: int, *arguments: str, operations_take: float) -> str:
        """What a command writes that is sent so many SIGINTs once it has written `text`."""
        environment = {**self._environment, "MOOR_EMULATOR_LRO_SECONDS": str(operations_take)}
        return self._interrupted([self._program, *arguments], environment, text, times)[0]

    def interrupted_while_hanging(self, text: str, times: int, *arguments: str) -> tuple[str, int]:
        """The same, and its status, of a command in whose cloud nobody answers (see hanging.py)."""
        return self._interrupted([sys.executable, str(HANGING), *arguments], self._environment, text, times)

    def _interrupted(
        self, command: list[str], environment: dict[str, str], text: str, times: int
    ) -> tuple[str, int]:
        with subprocess.Popen(  # noqa: S603 - the product under test
            command,
            cwd=self._folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as child:
            assert child.stdout is not None
            seen = []
            for line in child.stdout:
                seen.append(line)
                if text in line:
                    break
            for _ in range(times):
                sleep(0.5)
                child.send_signal(SIGINT)
            seen += child.stdout.readlines()
        return "".join(seen), child.returncode

    def _start(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the product under test
            command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
