"""Ephemeral resources: opened for those who need them, renewed in time, closed in the opposite order."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Event as Flag

import pytest
from tests.unit.planning.vault import Vault

from mooring.applying.executor import ApplyOptions, apply_plan
from mooring.core.diagnostics import Diagnostics
from mooring.planning.model import Plan
from mooring.planning.plan_file import save_plan
from mooring.planning.planner import make_plan
from mooring.planning.run import PlanOptions
from mooring.state.events import Event
from mooring.state.model import State
from mooring.state.store import Opened

CHAIN = """
ephemeral "vault_secret" "a" {
  name = "a"
}

ephemeral "vault_secret" "b" {
  name = "b-${ephemeral.vault_secret.a.name}"
}

resource "vault_entry" "one" {
  name      = "one"
  secret_wo = ephemeral.vault_secret.b.token
}
"""
USER = """
ephemeral "vault_secret" "it" {
  name = "%s"
}

resource "vault_entry" "user" {
  name      = "%s"
  secret_wo = ephemeral.vault_secret.it.token
}
"""
NOTHING = Opened(state=State(lineage="tests"))


class Journal:
    """Keeps nothing."""

    def append(self, _event: Event, /) -> None:
        return

    def append_all(self, _events: Iterable[Event], /) -> None:
        return

    def close(self) -> None:
        return


def plan(vault: Vault, text: str) -> tuple[Plan, list[str]]:
    made, diags = make_plan(vault.configuration(text), NOTHING, vault.providers(), PlanOptions())
    return made, summaries(diags)


def apply(vault: Vault, text: str) -> tuple[State, list[str]]:
    made, problems = plan(vault, text)
    assert problems == []
    vault.log.clear()
    state, diags = apply_plan(
        made,
        NOTHING.state,
        configuration=vault.configuration(text),
        providers=vault.providers(),
        journal=Journal(),
        options=ApplyOptions(cancelled=Flag()),
        observe=lambda _event: None,
    )
    return state, summaries(diags)


def summaries(diags: Diagnostics) -> list[str]:
    return [diag.summary for diag in diags]


@pytest.mark.parametrize("is_blocking", [True, False])
def test_a_plan_opens_each_once_and_closes_it_after_those_that_need_it(*, is_blocking: bool) -> None:
    vault = Vault(is_blocking=is_blocking)

    assert plan(vault, CHAIN)[1] == []
    assert vault.log == ["open a", "open b-a", "close b-a", "close a"]


@pytest.mark.parametrize("is_blocking", [True, False])
def test_an_apply_opens_them_again_for_its_own_work(*, is_blocking: bool) -> None:
    vault = Vault(is_blocking=is_blocking)

    assert apply(vault, CHAIN)[1] == []
    assert vault.log == ["open a", "open b-a", "create one with hush-b-a", "close b-a", "close a"]


def test_nothing_of_them_is_in_the_plan_or_the_state() -> None:
    vault = Vault()
    made, _ = plan(vault, CHAIN)
    state, _ = apply(vault, CHAIN)

    assert [str(change.address) for change in made.changes] == ["vault_entry.one"]
    assert b"hush" not in save_plan(made)
    assert "hush" not in str(state)
    assert [str(address) for address in state.instances] == ["vault_entry.one"]


def test_what_needs_one_depends_on_what_that_one_needs() -> None:
    text = """
    resource "vault_entry" "first" {
      name = "first"
    }

    ephemeral "vault_secret" "between" {
      name = vault_entry.first.id
    }

    resource "vault_entry" "last" {
      name      = "last"
      secret_wo = ephemeral.vault_secret.between.token
    }
    """
    vault = Vault()
    state, _ = apply(vault, text)

    assert vault.log == ["create first with None", "open first", "create last with hush-first", "close first"]
    [recorded] = [each for address, each in state.instances.items() if address.resource.name == "last"]
    assert recorded.current is not None
    assert [str(each) for each in recorded.current.dependencies] == ["vault_entry.first"]


def test_one_that_cannot_be_opened_fails_what_needs_it_and_closes_the_others() -> None:
    vault = Vault()
    text = CHAIN + USER % ("broken", "user")

    assert plan(vault, text)[1] == ["No such secret"]
    assert vault.log == ["open a", "open b-a", "close b-a", "close a"]


def test_one_that_cannot_be_closed_is_told_and_does_not_keep_the_others_open() -> None:
    vault = Vault()

    assert plan(vault, CHAIN + USER % ("stuck", "user"))[1] == ["Cannot close"]
    assert sorted(vault.log) == ["close a", "close b-a", "close stuck", "open a", "open b-a", "open stuck"]


def test_one_that_does_not_last_is_renewed_while_somebody_needs_it() -> None:
    vault = Vault()

    assert apply(vault, USER % ("short", "patient"))[1] == []
    assert vault.log == ["open short", "create patient with hush-short", "close short, renewed"]


def test_leaks_are_found_before_anything_is_opened() -> None:
    from mooring.planning.validation import validate_configuration

    text = """
    ephemeral "vault_secret" "a" {
      name = "a"
    }

    resource "vault_entry" "leak" {
      name = ephemeral.vault_secret.a.token
    }

    output "leak" {
      value = ephemeral.vault_secret.a.name
    }
    """
    vault = Vault()

    assert sorted(summaries(validate_configuration(vault.configuration(text), vault.providers()))) == [
        "Ephemeral value not allowed",
        "Invalid use of ephemeral value",
    ]
    assert vault.log == []
