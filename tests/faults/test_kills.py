"""A run that is killed loses nothing and makes nothing twice: the next one goes on from there.

Killed at numbered moments (either side of every flush, rename, removal and request that changes something;
either side of everything that is sent to the server that keeps the state) and from outside at random times.
The emulated cloud's log of requests is the witness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from threading import Timer
from time import monotonic

import pytest
from tests.faults.folders import DESTROY, check_applied, check_destroyed
from tests.faults.labs import APPLY, Labs
from tests.faults.sites import Site
from tests.faults.tally import Campaign
from tests.lifecycle.moor import Moor
from tests.servers.relay import relay

MANY = {"local": 300, "azurerm": 100, "pg": 100}
FEW = 30
FEWER = 4
TIMES = 20
PARTS = 10
SHARED_PARTS = 2


def parts(name: str, count: int, *, by_default: int = 1) -> list[object]:
    """The parts of a campaign on a site; so many of them are run by default."""
    marks = [*[()] * by_default, *[(pytest.mark.faults,)] * (count - by_default)]
    return [pytest.param(name, part, marks=mark) for part, mark in enumerate(marks)]


def on_all(*, with_pg: bool = True) -> pytest.MarkDecorator:
    """On every site; PostgreSQL may be left to the campaign."""
    on_pg = parts("pg", SHARED_PARTS, by_default=int(with_pg))
    sites = [*parts("local", PARTS), *parts("azurerm", SHARED_PARTS), *on_pg]
    return pytest.mark.parametrize(("site", "part"), sites, indirect=["site"])


on_local = pytest.mark.parametrize(("site", "part"), parts("local", PARTS), indirect=["site"])
on_servers = pytest.mark.parametrize(
    "site",
    ["azurerm", *(pytest.param(each, marks=pytest.mark.faults) for each in ("pg", "http"))],
    indirect=True,
)


def moments(part: int, last: int) -> Iterator[int]:
    """Every moment of a part of the whole."""
    return iter(range(part + 1, last + 1, PARTS))


def times(seed: str, longest: float) -> Iterator[float]:
    """Moments within a run, in seconds."""
    random = Random(seed)  # noqa: S311 - nothing is secret here
    return (random.uniform(0.1, longest) for _ in range(TIMES))


def count_moments(moor: Moor, folder: Path, *arguments: str) -> int:
    assert not moor.is_killed_at(10**9, *arguments)
    return int((folder.parent / "moments").read_text())


def seconds_of(moor: Moor, *arguments: str) -> float:
    started = monotonic()
    moor.run(*arguments)
    return monotonic() - started


def after(seconds: float) -> Callable[[Callable[[], None]], None]:
    """What kills a command after so many seconds, unless it has ended by then."""
    return lambda kill: Timer(seconds, kill).start()


@on_local
def test_an_apply_killed_at_any_moment(
    site: Site, part: int, tmp_path: Path, labs: Labs, campaign: Campaign
) -> None:
    folder = tmp_path / "lab"
    last = count_moments(labs.bare(site, FEW, folder), folder, *APPLY)

    def inject(moment: int) -> None:
        moor = labs.bare(site, FEW, folder)
        moor.is_killed_at(moment, *APPLY)
        check_applied(moor, folder, FEW, apply=APPLY)

    campaign.inject_all(f"kill -9 at every moment of an apply of {FEW}", moments(part, last), inject)


@on_local
def test_a_destroy_killed_at_any_moment(
    site: Site, part: int, tmp_path: Path, labs: Labs, campaign: Campaign
) -> None:
    folder = tmp_path / "lab"
    last = count_moments(labs.whole(site, FEW, folder), folder, *DESTROY)

    def inject(moment: int) -> None:
        moor = labs.whole(site, FEW, folder)
        moor.is_killed_at(moment, *DESTROY)
        check_destroyed(moor, folder)

    campaign.inject_all(f"kill -9 at every moment of a destroy of {FEW}", moments(part, last), inject)


@on_all()
def test_an_apply_killed_at_a_random_time(
    site: Site, part: int, tmp_path: Path, labs: Labs, campaign: Campaign
) -> None:
    folder, size = tmp_path / "lab", MANY[site.type]
    longest = seconds_of(labs.bare(site, size, folder), *APPLY)

    def inject(seconds: float) -> None:
        moor = labs.bare(site, size, folder)
        moor.killed_when(after(seconds), *APPLY)
        check_applied(moor, folder, size, apply=APPLY)

    kind = f"{site}: kill -9 at random in an apply of {size}"
    campaign.inject_all(kind, times(f"apply {part}", longest), inject)


@on_all(with_pg=False)
def test_a_destroy_killed_at_a_random_time(
    site: Site, part: int, tmp_path: Path, labs: Labs, campaign: Campaign
) -> None:
    folder, size = tmp_path / "lab", MANY[site.type]
    longest = seconds_of(labs.whole(site, size, folder), *DESTROY)

    def inject(seconds: float) -> None:
        moor = labs.whole(site, size, folder)
        moor.killed_when(after(seconds), *DESTROY)
        check_destroyed(moor, folder)

    kind = f"{site}: kill -9 at random in a destroy of {size}"
    campaign.inject_all(kind, times(f"destroy {part}", longest), inject)


@on_servers
def test_an_apply_killed_at_any_moment_on_the_wire(
    site: Site, tmp_path: Path, labs: Labs, campaign: Campaign
) -> None:
    folder = tmp_path / "lab"
    with relay(site.port) as wire:
        labs.bare(site, FEWER, folder, wire.port).run(*APPLY)
        last = wire.passed

    def inject(moment: int) -> None:
        with relay(site.port) as wire:
            moor = labs.bare(site, FEWER, folder, wire.port)
            moor.killed_when(lambda kill: wire.at(moment, kill), *APPLY)
            check_applied(moor, folder, FEWER, apply=APPLY)

    campaign.inject_all(f"{site}: kill -9 at every moment on the wire", range(1, last + 1), inject)
