"""Editing a state by hand: what an address selects, what moves where, what follows, what is refused."""

from __future__ import annotations

import pytest
from tests.unit.state.samples import PROVIDER, address, made

from mooring.core.addresses import InstanceAddress, parse_instance, parse_module
from mooring.core.diagnostics import Diagnostic
from mooring.core.records import replace
from mooring.state.edits import Selection, moved, select, with_status, without
from mooring.state.model import InstanceState, State, Status
from mooring.state.moving import plan_move


def selection(text: str) -> Selection:
    found = parse_module(text) or parse_instance(text)
    assert found is not None
    return found


def instance(text: str) -> InstanceAddress:
    found = parse_instance(text)
    assert found is not None
    return found


def state_of(*texts: str) -> State:
    instances = {instance(text): InstanceState(provider=PROVIDER, current=made(text)) for text in texts}
    return State(lineage="of tests", serial=1, instances=instances)


STATE = state_of(
    "terraform_data.one",
    "terraform_data.many[0]",
    "terraform_data.many[1]",
    'module.m["k"].terraform_data.in',
)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("terraform_data.one", "terraform_data.uno", {"terraform_data.one": "terraform_data.uno"}),
        ("terraform_data.one", "terraform_data.one[0]", {"terraform_data.one": "terraform_data.one[0]"}),
        ("terraform_data.many[1]", "terraform_data.x", {"terraform_data.many[1]": "terraform_data.x"}),
        (
            "terraform_data.many",
            "module.n.terraform_data.few",
            {
                "terraform_data.many[0]": "module.n.terraform_data.few[0]",
                "terraform_data.many[1]": "module.n.terraform_data.few[1]",
            },
        ),
        (
            'module.m["k"]',
            "module.n",
            {'module.m["k"].terraform_data.in': "module.n.terraform_data.in"},
        ),
    ],
)
def test_an_address_moves_all_that_it_stands_for(source: str, target: str, expected: dict[str, str]) -> None:
    moves = plan_move(STATE, STATE, selection(source), selection(target))
    assert not isinstance(moves, Diagnostic)
    assert expected == {str(old): str(new) for old, new in moves.items()}


@pytest.mark.parametrize(
    ("source", "target", "summary"),
    [
        ("terraform_data.none", "terraform_data.x", "Invalid source address"),
        ("module.none", "module.x", "Invalid source address"),
        ("terraform_data.one", "terraform_data.one", "Invalid target address"),
        ("terraform_data.one", "terraform_data.many[0]", "Invalid target address"),
        ("terraform_data.one", "module.x", "Invalid target address"),
        ("terraform_data.many", "terraform_data.x[0]", "Invalid target address"),
        ("terraform_data.many", "terraform_data.one", "Invalid target address"),
        ('module.m["k"]', "terraform_data.x", "Invalid target address"),
        ("terraform_data.one", "null_resource.one", "Invalid state move request"),
        ("terraform_data.many", "data.terraform_data.many", "Invalid state move request"),
    ],
)
def test_what_cannot_be_moved_is_refused(source: str, target: str, summary: str) -> None:
    refused = plan_move(STATE, STATE, selection(source), selection(target))
    assert isinstance(refused, Diagnostic)
    assert summary == refused.summary


def test_what_depends_on_a_resource_follows_it_once_no_instance_is_left_behind() -> None:
    many = address("many", 0).resource.in_config
    last = InstanceState(provider=PROVIDER, current=replace(made("last"), dependencies=(many,)))
    state = replace(STATE, instances={**STATE.instances, address("last"): last})
    whole = plan_move(state, state, selection("terraform_data.many"), selection("terraform_data.few"))
    part = plan_move(state, state, selection("terraform_data.many[0]"), selection("terraform_data.few"))
    assert not isinstance(whole, Diagnostic)
    assert not isinstance(part, Diagnostic)
    assert dependencies(moved(state, whole)) == ("terraform_data.few",)
    assert dependencies(moved(state, part)) == ("terraform_data.many",)


def dependencies(state: State) -> tuple[str, ...]:
    current = state.instances[address("last")].current
    assert current is not None
    return tuple(map(str, current.dependencies))


def test_removing_forgets_what_was_selected_and_nothing_else() -> None:
    left = without(STATE, select(STATE, selection("terraform_data.many")))
    assert [str(each) for each in left.instances] == ["terraform_data.one", 'module.m["k"].terraform_data.in']


def test_marking_changes_the_status_alone() -> None:
    tainted = with_status(STATE, address("one"), Status.TAINTED)
    assert tainted != STATE
    assert with_status(tainted, address("one"), Status.READY) == STATE
