"""A property that fails prints commands that show the failure again, to anybody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.properties.engine import NOTHING, Engine
from tests.properties.invariants import INVARIANTS
from tests.properties.scenarios import OBJECT, Scenario, reproduction

from mooring.core.codec import dumps, encode
from mooring.state.snapshot import write_snapshot

BEFORE = 'resource "terraform_data" "gone" {\n  input = { name = "terraform_data.gone" }\n}\n'
AFTER = 'output "nothing" {\n  value = "nothing"\n}\n'
ROOT = Path(__file__).parents[2]
INVARIANT = "the_next_run_completes_what_failed"


def scenario(*, keeps: bool) -> Scenario:
    """One object is to be deleted; a provider with the planted bug keeps it and says that it did not."""
    engine = Engine()
    state = engine.converge(BEFORE, NOTHING).state
    return Scenario(
        state=write_snapshot(state).decode(),
        files={"main.tf": AFTER},
        world={key: dumps(encode(value, OBJECT)).decode() for key, value in engine.service.objects.items()},
        given=engine.service.given,
        keeps=keeps,
    )


def pasted(script: str) -> subprocess.CompletedProcess[str]:
    """What the commands do in a shell, at the root of a checkout."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(  # noqa: S603 - our own text
        ["/bin/sh", "-e", "-c", script],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_printed_commands_show_a_planted_bug_again() -> None:
    buggy = scenario(keeps=True)
    with pytest.raises(AssertionError, match="an object is lost") as caught:
        INVARIANTS[INVARIANT](buggy)
    again = pasted(reproduction(INVARIANT, buggy))
    assert again.returncode == 1
    assert again.stderr.splitlines()[-1] == f"AssertionError: {str(caught.value).splitlines()[0]}"


def test_the_printed_commands_show_that_there_is_no_bug() -> None:
    again = pasted(reproduction(INVARIANT, scenario(keeps=False)))
    assert (again.returncode, again.stdout) == (0, f"{INVARIANT}: holds\n")
