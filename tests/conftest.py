"""What all tests share: options, which program `moor` is, and surroundings free of a user's settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from tests.faults.tally import print_table

settings.register_profile("default", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("campaign", deadline=None, max_examples=2000, print_blob=True)
_SETTINGS_OF_USERS = ("TF_", "MOOR_", "ARM_", "AZURE_")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow, and longer searches")
    parser.addoption("--faults", action="store_true", help="run the whole fault campaign")
    parser.addoption(
        "--azureml-core",
        action="store_true",
        help="run azureml-core too, which you may install if you agree to Microsoft's licence for it",
    )
    parser.addoption("--moor", metavar="PROGRAM", help="test this program instead of the installed moor")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("campaign" if config.getoption("--slow") else "default")
    for name in [name for name in os.environ if name.startswith(_SETTINGS_OF_USERS)]:
        del os.environ[name]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("-m"):
        return
    unwanted = [name for name in ("slow", "faults") if not config.getoption(f"--{name}")]
    left_out = [item for item in items if any(map(item.get_closest_marker, unwanted))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    print_table(terminalreporter)


@pytest.fixture(scope="session")
def moor_program(pytestconfig: pytest.Config) -> str:
    """The program under test: the `moor` that is installed beside this Python."""
    program = pytestconfig.getoption("--moor") or str(Path(sys.executable).with_name("moor"))
    assert isinstance(program, str)
    return program
