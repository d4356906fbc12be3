"""The invariants of a state, one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.unit.state.samples import PROVIDER, STATES, address, made

from mooring.core.addresses import InstanceAddress, ResourceAddress
from mooring.core.paths import Attr, Index
from mooring.core.records import replace
from mooring.state.integrity import check_integrity
from mooring.state.model import InstanceState, ObjectState, State, Status

DATA = InstanceAddress(ResourceAddress((), "data", "t_x", "a"))
EPHEMERAL = InstanceAddress(ResourceAddress((), "ephemeral", "t_x", "a"))
OTHER = address("b").resource.in_config


@given(STATES)
def test_a_sound_state_breaks_no_invariant(state: State) -> None:
    assert check_integrity(state) == ()


def test_an_empty_state_needs_no_lineage() -> None:
    assert check_integrity(State()) == ()


def broken(where: InstanceAddress, current: ObjectState | None, **deposed: ObjectState) -> list[str]:
    instance = InstanceState(provider=PROVIDER, current=current, deposed=deposed)
    found = check_integrity(State(lineage="l", instances={where: instance}))
    return [diag.detail for diag in found]


@pytest.mark.parametrize(
    ("where", "current", "said"),
    [
        (address("a"), None, "terraform_data.a has no object"),
        (EPHEMERAL, made("1"), "ephemeral.t_x.a is ephemeral"),
        (
            DATA,
            replace(made("1"), status=Status.TAINTED),
            "is a data source with a deposed or tainted object",
        ),
        (address("b"), replace(made("1"), dependencies=(OTHER,)), "terraform_data.b depends on itself"),
        (address("a"), replace(made("1"), dependencies=(OTHER, OTHER)), "names a dependency twice"),
        (address("a"), replace(made("1"), sensitive=((),)), "sensitive path that does not begin"),
        (address("a"), replace(made("1"), sensitive=((Index(0), Attr("x")),)), "sensitive path"),
    ],
)
def test_a_broken_invariant_is_named(where: InstanceAddress, current: ObjectState | None, said: str) -> None:
    (detail,) = broken(where, current)
    assert said in detail


def test_a_deposed_key_that_terraform_would_not_read_is_refused() -> None:
    (detail,) = broken(address("a"), made("1"), short=made("2"))
    assert "invalid deposed key 'short'" in detail


def test_a_state_with_objects_and_without_lineage_is_refused() -> None:
    instance = InstanceState(provider=PROVIDER, current=made("1"))
    (diag,) = check_integrity(State(instances={address("a"): instance}))
    assert "it has no lineage" in diag.detail


def test_instances_that_are_kept_as_they_were_are_not_judged() -> None:
    doubled = replace(made("1"), dependencies=(OTHER, OTHER))
    instances = {address("a"): InstanceState(provider=PROVIDER, current=doubled)}
    before = State(lineage="l", serial=1, instances=instances)
    assert check_integrity(replace(before, serial=2), before) == ()
    assert len(check_integrity(before)) == 1
