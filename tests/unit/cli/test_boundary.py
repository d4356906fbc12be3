"""Whatever happens inside, a command ends with an exit code and tells no secret."""

from __future__ import annotations

import io
from pathlib import Path
from typing import NoReturn

import pytest
from consoles import clock

from mooring.cli.boundary import BROKEN_PIPE, CRASHED, INTERRUPTED, run_guarded
from mooring.cli.terminal import Terminal
from mooring.lang.cells import NotReady

SECRET = "hunter2"


class Gone(io.StringIO):
    """A reader that went away."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError

    def fileno(self) -> int:
        raise OSError


def crash() -> NoReturn:
    try:
        {}[SECRET]
    except KeyError as cause:
        raise ValueError(SECRET) from cause


def interrupt() -> NoReturn:
    raise KeyboardInterrupt


def control_flow() -> NoReturn:
    raise NotReady([SECRET])


def guarded(work: object, environment: dict[str, str], out: io.StringIO | None = None) -> tuple[int, str]:
    err = io.StringIO()
    terminal = Terminal(out or io.StringIO(), err, io.StringIO())
    assert callable(work)
    code = run_guarded(work, name="plan", terminal=terminal, environment=environment, clock=clock)
    return code, err.getvalue()


def test_a_bug_ends_in_a_log_with_places_and_versions_but_no_values(tmp_path: Path) -> None:
    code, said = guarded(crash, {"TF_DATA_DIR": str(tmp_path)})
    (log,) = tmp_path.glob("moor-crash-20260102T030405-*.log")
    text = log.read_text()
    assert code == CRASHED
    assert str(log) in said
    assert "mooring 0." in text
    assert "moor plan, 2026-01-02T03:04:05+00:00" in text
    assert "builtins.ValueError" in text
    assert "caused by\nbuiltins.KeyError" in text
    assert f"{__file__}:" in text
    assert SECRET not in text + said
    assert log.stat().st_mode & 0o777 == 0o600


def test_the_evaluators_control_flow_does_not_escape(tmp_path: Path) -> None:
    code, said = guarded(control_flow, {"TF_DATA_DIR": str(tmp_path)})
    assert code == CRASHED
    assert "(NotReady)" in said


def test_the_whole_traceback_is_shown_to_who_asks_for_it() -> None:
    code, said = guarded(crash, {"MOOR_DEBUG": "1"})
    assert code == CRASHED
    assert "Traceback (most recent call last):" in said


def test_an_interrupt_is_no_crash() -> None:
    assert guarded(interrupt, {}) == (INTERRUPTED, "\nInterrupted.\n")


def test_a_reader_that_went_away_does_not_stop_the_work() -> None:
    done: list[int] = []
    out = Gone()
    terminal = Terminal(out, io.StringIO(), io.StringIO())

    def work() -> int:
        terminal.write("x")
        done.append(1)
        terminal.write("y")
        return 0

    code = run_guarded(work, name="plan", terminal=terminal, environment={}, clock=clock)
    assert (done, code) == ([1], BROKEN_PIPE)


@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_exit_code_is_the_command_s(code: int) -> None:
    assert (code, "") == guarded(lambda: code, {})
