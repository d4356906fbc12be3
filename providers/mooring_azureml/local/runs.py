"""Runs on this machine: what stands where `Arm` does for a job whose compute is `local`.

A run is a folder, `.azureml/runs/NAME`: `code` (the copy of the snapshot that the command runs in),
`outputs`, `log.txt` (all that it wrote), `run.json` (the job's document) and `exit` (how it ended). Nothing
is sent to Azure. The command runs in a process group of its own under `keeper`, as a run in Azure goes
on without whoever submitted it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from mooring.core.codec import Json, dumps, loads
from mooring.sdk import CallContext
from mooring_azureml.arm.port import WRITE_REFUSED, ArmError, Document, NotConfigured, Target
from mooring_azureml.local.commands import Command, command_of
from mooring_azureml.table.to_arm import Body, merge

RUNS: Final = ".azureml/runs"
CODE: Final = "code"
_LOG: Final = "log.txt"
_KEEPER: Final = Path(__file__).with_name("keeper.py")
_GRACE_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRuns(NotConfigured):
    """The runs below a working folder; ids are paths from there. `environment` are the run's variables."""

    working_folder: Path
    environment: Mapping[str, str]
    read_only: bool = False

    def get(self, _ctx: CallContext, target: Target) -> Document | ArmError:
        """The job's document, with its status as it is now."""
        folder = self.working_folder / target.id
        document = _read(folder)
        if isinstance(document, ArmError):
            return document
        merge(document, {"properties": {"status": _status(folder), "logPath": f"{target.id}/{_LOG}"}})
        return document

    def put(self, ctx: CallContext, target: Target, body: Document) -> ArmError | None:
        """Starts a run; of one that was started, what is said about it changes."""
        if ctx.read_only or self.read_only:
            return refused()
        folder, document = self.working_folder / target.id, dict[str, Json]()
        merge(document, body)
        is_new = not (folder / "run.json").exists()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / "run.json", dumps(document, indent=True).decode())
            if is_new:
                self._start(folder, command_of(document, folder, self.working_folder, self.environment))
        except OSError as problem:
            return failed(folder, problem)
        return None

    def post(self, ctx: CallContext, target: Target, _body: Document) -> Document | ArmError:
        """`cancel`: ends the run's processes, at first with a request to end."""
        if ctx.read_only or self.read_only:
            return refused()
        path, _, action = target.id.rpartition("/")
        assert action == "cancel", action
        _end(self.working_folder / path)
        return {}

    def delete(self, ctx: CallContext, target: Target) -> ArmError | None:
        """Removes the run's folder with all that is in it."""
        from shutil import rmtree

        if ctx.read_only or self.read_only:
            return refused()
        try:
            rmtree(self.working_folder / target.id)
        except OSError as problem:
            return failed(self.working_folder / target.id, problem)
        return None

    def _start(self, folder: Path, command: Command) -> None:
        """Starts the keeper, which holds the lock from here on."""
        import fcntl
        import subprocess
        import sys
        from threading import Thread

        for each in (folder / CODE, *command.folders):
            each.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock, _open_private(folder / _LOG) as log:
            fcntl.flock(lock, fcntl.LOCK_EX)
            arguments = (str(lock.fileno()), str((folder / "exit").resolve()), str(command.seconds))
            child = subprocess.Popen(  # noqa: S603 - what the user's configuration says, and says so explicitly
                [sys.executable, "-I", str(_KEEPER), *arguments, *command.words],
                cwd=folder / CODE,
                env=dict(command.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(lock.fileno(),),
            )
        Thread(target=child.wait, daemon=True).start()


def _read(folder: Path) -> Body | ArmError:
    path = folder / "run.json"
    try:
        document: Json = loads(path.read_text("utf-8"))
    except OSError as problem:
        return failed(folder, problem)
    except ValueError:
        document = None
    if isinstance(document, dict):
        return document
    return ArmError(status=0, code="UnreadableFile", message=f"{path} is not the record of a run.")


def _status(folder: Path) -> str:
    """How it ended; without a word about that it goes on, or was killed with its keeper."""
    with suppress(OSError):
        ended = (folder / "exit").read_text("ascii")
        return {"0": "Completed", "canceled": "Canceled"}.get(ended, "Failed")
    return "Running" if _is_held(folder / "lock") else "NotResponding"


def _is_held(path: Path) -> bool:
    import fcntl

    try:
        with path.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _end(folder: Path) -> None:
    """Asks the group to end, and ends it where it does not."""
    import signal
    from time import monotonic, sleep

    while _is_held(folder / "lock") and not (folder / "lock").read_text("ascii"):
        sleep(_LOOK_SECONDS)  # the keeper is being started in this moment
    if not _is_held(folder / "lock"):
        return
    group, until = int((folder / "lock").read_text("ascii")), monotonic() + _GRACE_SECONDS
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
        while monotonic() < until:
            os.killpg(group, 0)
            sleep(_LOOK_SECONDS)
        os.killpg(group, signal.SIGKILL)
    if not (folder / "exit").exists():
        _write(folder / "exit", "canceled")


def _open_private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _write(path: Path, content: str) -> None:
    """Whole or not at all; a record holds the run's variables, so that it is its owner's alone."""
    draft = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as to:
        to.write(content)
    draft.replace(path)


def failed(path: Path, problem: OSError) -> ArmError:
    """The error of a run's files."""
    if isinstance(problem, FileNotFoundError):
        return ArmError(status=404, code="RunNotFound", message=f"There is no run in {path}.")
    return ArmError(status=0, code="UnusableFile", message=f"{path}: {problem.strerror or problem}")


def refused() -> ArmError:
    """The error of a write that a run which only reads asked for."""
    return ArmError(status=0, code=WRITE_REFUSED, message="This run only reads.")
