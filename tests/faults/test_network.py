"""A server that is gone or refuses for a while costs a run, never a resource.

Every piece that a run sends can be the one that does not arrive, and the one whose answer does not come back:
while it locks, journals, shows that it lives, commits and unlocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Timer

import pytest
from tests.faults.folders import DESTROY, check_applied, check_destroyed
from tests.faults.labs import APPLY, Labs
from tests.faults.sites import Site
from tests.faults.tally import Campaign
from tests.lifecycle.moor import Moor
from tests.lifecycle.witness import creations
from tests.servers.relay import Relay, relay

SIZE = 6
MANY = 100
AT_ONCE = 2
FEW_AT_ONCE = (*APPLY, f"-parallelism={AT_ONCE}")
WAITING = "-lock-timeout=30s"
GONE = 12
SILENT = 4

http = pytest.param("http", marks=pytest.mark.faults)
on_servers = pytest.mark.parametrize("site", ["azurerm", "pg", http], indirect=True)
on_servers_of_http = pytest.mark.parametrize("site", ["azurerm", http], indirect=True)
gone_on_servers = pytest.mark.parametrize(
    "site",
    [*(pytest.param(each, marks=pytest.mark.faults) for each in ("azurerm", "pg")), "http"],
    indirect=True,
)
"""They are waited for for a quarter of a minute."""


@dataclass(slots=True, kw_only=True)
class Gone:
    """Cuts a wire for good, and counts what had been made by then."""

    wire: Relay
    folder: Path
    made: list[int] = field(default_factory=list)

    def __call__(self) -> None:
        self.wire.cut()
        self.made.append(creations(self.folder).total())


def check_told(status: int, told: str) -> None:
    """Whatever happened, the command ended with words."""
    assert "Traceback" not in told
    assert "because of a bug" not in told, told
    assert (status == 0) == ("Error: " not in told), told


def check_went_on(status: int, told: str) -> None:
    """It went on as if nothing had happened."""
    check_told(status, told)
    assert status == 0, told


def recover(moor: Moor, folder: Path, *, pushes: bool) -> None:
    """What a user does after an error: brings the state in again, or just runs once more."""
    errored = folder / "errored.tfstate"
    if errored.exists() and pushes:
        status, told = moor.outcome("state", "push", WAITING, str(errored))
        assert status == 0 or "a run was interrupted" in told, told
        errored.unlink()


def count_moments(site: Site, make: Callable[[int], Moor], *command: str) -> int:
    with relay(site.port) as wire:
        moor = make(wire.port)
        wire.at(0, lambda: None)
        moor.run(*command)
        return wire.passed


def some_of(site: Site, moments: range) -> Iterable[int]:
    """All of them, or so many as there is time for where commands are patient."""
    chosen = Random(str(site))  # noqa: S311 - nothing is secret here
    return moments if site.type == "http" else sorted(chosen.sample(moments, GONE))


@on_servers
def test_an_apply_whose_connection_breaks_at_any_moment(
    site: Site, tmp_path: Path, labs: Labs, campaign: Campaign
) -> None:
    folder = tmp_path / "lab"
    last = count_moments(site, lambda port: labs.bare(site, SIZE, folder, port), *APPLY)

    def inject(moment: int) -> None:
        with relay(site.port) as wire:
            moor = labs.bare(site, SIZE, folder, wire.port)
            wire.at(moment, wire.break_connections)
            check_went_on(*moor.outcome(*APPLY))
            check_applied(moor, folder, SIZE, apply=APPLY)

    campaign.inject_all(f"{site}: connection breaks in an apply", range(1, last + 1), inject)


@pytest.mark.faults
@on_servers
def test_a_destroy_whose_connection_breaks_at_any_moment(
    site: Site, tmp_path: Path, labs: Labs, campaign: Campaign
) -> None:
    folder = tmp_path / "lab"
    last = count_moments(site, lambda port: labs.whole(site, SIZE, folder, port), *DESTROY)

    def inject(moment: int) -> None:
        with relay(site.port) as wire:
            moor = labs.whole(site, SIZE, folder, wire.port)
            wire.at(moment, wire.break_connections)
            check_went_on(*moor.outcome(*DESTROY))
            check_destroyed(moor, folder)

    campaign.inject_all(f"{site}: connection breaks in a destroy", range(1, last + 1), inject)


@on_servers_of_http
def test_an_apply_that_is_refused_at_any_moment(
    site: Site, tmp_path: Path, labs: Labs, campaign: Campaign
) -> None:
    folder = tmp_path / "lab"
    last = count_moments(site, lambda port: labs.bare(site, SIZE, folder, port), *APPLY)

    def inject(moment: int) -> None:
        with relay(site.port) as wire:
            moor = labs.bare(site, SIZE, folder, wire.port)
            wire.at(moment, lambda: wire.refuse(1))
            check_went_on(*moor.outcome(*APPLY))
            check_applied(moor, folder, SIZE, apply=APPLY)

    campaign.inject_all(f"{site}: 503 in an apply", range(1, last + 1, 2), inject)


@pytest.mark.faults
@on_servers
def test_an_apply_whose_server_falls_silent_at_some_moment(
    site: Site, tmp_path: Path, labs: Labs, campaign: Campaign
) -> None:
    folder = tmp_path / "lab"
    last = count_moments(site, lambda port: labs.bare(site, SIZE, folder, port), *APPLY)

    def inject(moment: int) -> None:
        with relay(site.port) as wire:
            moor = labs.bare(site, SIZE, folder, wire.port)
            wire.at(moment, wire.mute_connections)
            check_went_on(*moor.outcome(*APPLY))
            check_applied(moor, folder, SIZE, apply=(*APPLY, WAITING))

    moments = [last * part // SILENT for part in range(1, SILENT)]
    campaign.inject_all(f"{site}: silent in an apply", moments, inject)


@gone_on_servers
def test_an_apply_whose_server_is_gone_from_any_moment_on(
    site: Site, tmp_path: Path, labs: Labs, campaign: Campaign
) -> None:
    folder = tmp_path / "lab"
    last = count_moments(site, lambda port: labs.bare(site, SIZE, folder, port), *FEW_AT_ONCE)

    def inject(moment: int) -> None:
        with relay(site.port) as wire:
            moor = labs.bare(site, SIZE, folder, wire.port)
            gone = Gone(wire=wire, folder=folder)
            wire.at(moment, gone)
            check_told(*moor.outcome(*FEW_AT_ONCE))
            if site.has_journal and gone.made:
                assert creations(folder).total() <= sum(gone.made) + AT_ONCE, "something new was started"
            wire.mend()
            recover(moor, folder, pushes=moment % 4 < 2)
            check_applied(moor, folder, SIZE, apply=(*APPLY, WAITING))

    campaign.inject_all(f"{site}: gone in an apply", some_of(site, range(1, last + 1)), inject)


@pytest.mark.faults
@on_servers
def test_a_destroy_whose_server_is_gone_from_any_moment_on(
    site: Site, tmp_path: Path, labs: Labs, campaign: Campaign
) -> None:
    folder = tmp_path / "lab"
    last = count_moments(site, lambda port: labs.whole(site, SIZE, folder, port), *DESTROY)

    def inject(moment: int) -> None:
        with relay(site.port) as wire:
            moor = labs.whole(site, SIZE, folder, wire.port)
            wire.at(moment, wire.cut)
            check_told(*moor.outcome(*DESTROY))
            wire.mend()
            recover(moor, folder, pushes=moment % 4 < 2)
            check_destroyed(moor, folder, destroy=(*DESTROY, WAITING))

    campaign.inject_all(f"{site}: gone in a destroy", some_of(site, range(1, last + 1)), inject)


@pytest.mark.faults
@on_servers
def test_a_big_apply_whose_server_is_gone_from_a_random_time_on(
    site: Site, tmp_path: Path, labs: Labs, campaign: Campaign
) -> None:
    folder = tmp_path / "lab"
    chosen = Random(str(site))  # noqa: S311 - nothing is secret here

    def inject(seconds: float) -> None:
        with relay(site.port) as wire:
            moor = labs.bare(site, MANY, folder, wire.port)
            timer = Timer(seconds, wire.cut)
            timer.start()
            check_told(*moor.outcome(*APPLY))
            timer.cancel()
            wire.mend()
            recover(moor, folder, pushes=chosen.random() < 0.5)
            check_applied(moor, folder, MANY, apply=(*APPLY, WAITING))

    times = [chosen.uniform(0.4, 2.0) for _ in range(GONE)]
    campaign.inject_all(f"{site}: gone at random in an apply of {MANY}", times, inject)
