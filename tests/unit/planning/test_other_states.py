"""What data sources read other states with: each has a name, by which the encryption block calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mooring.core.addresses import InstanceAddress, ModuleStep, ResourceAddress
from mooring.planning.other_states import outputs_reader
from mooring.sdk.states import StateSource
from mooring.state.backends.model import Around
from mooring.state.host import this_host
from mooring.state.sealing import PLAIN, Sealing


@pytest.mark.parametrize(
    ("modules", "key", "expected"),
    [
        ((), None, "net"),
        ((), 0, "net[0]"),
        ((ModuleStep("a", "x"), ModuleStep("b")), "k", 'a.b.net["k"]'),
    ],
)
def test_a_data_source_is_called_by_its_modules_and_its_key(
    modules: tuple[ModuleStep, ...], key: str | int | None, expected: str, tmp_path: Path
) -> None:
    asked: list[str] = []

    def sealing_for(name: str) -> Sealing:
        asked.append(name)
        return PLAIN

    address = InstanceAddress(ResourceAddress(modules, "data", "terraform_remote_state", "net"), key)
    around = Around(host=this_host(), environment={}, data_folder=str(tmp_path))
    read = outputs_reader(address, sealing_for, around)
    found, diags = read(StateSource(backend="local", config={"path": str(tmp_path / "none.tfstate")}))
    assert (found, diags, asked) == (None, (), [expected])
