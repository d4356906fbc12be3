"""`moor validate -json` finds the problems that Terraform finds, where Terraform finds them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.conformance.check._cli import diag
from tests.conformance.check.check_config import dset
from tests.conformance.corpus import Step, steps
from tests.unit.cli.consoles import moor

STEPS_THAT_AGREE = 0.97


def found(step: Step, folder: Path) -> object:
    """The diagnostics in the form that is compared: severity, summary, file, lines."""
    shutil.copytree(step.files, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        moor("init", "-json")
        said = json.loads(moor("validate", "-json").out)
    return dset([diag(each, str(folder)) for each in said["diagnostics"]], full=False)


def test_diagnostics_agree(tmp_path: Path) -> None:
    disagreements = {}
    every = list(steps())
    for step in every:
        expected = dset(step.expected["validate"].get("diagnostics"), full=False)
        given = found(step, tmp_path / step.name)
        if given != expected:
            disagreements[step.name] = (expected, given)
    assert 1 - len(disagreements) / len(every) >= STEPS_THAT_AGREE, disagreements
