"""This process, as if time passed otherwise for it."""

from __future__ import annotations

from mooring.core import records
from mooring.state.host import Host, this_host

QUICK = 20
"""How many seconds pass in one, where time flies."""


def hasty(slept: list[float] | None = None) -> Host:
    """This process, without the patience to wait before it tries again; notes how long it should."""
    return records.replace(this_host(), sleep=(slept if slept is not None else []).append)


def quick() -> Host:
    """This process, for which time flies."""
    here = this_host()
    began = here.now()
    return records.replace(
        here,
        now=lambda: began + QUICK * (here.now() - began),
        sleep=lambda seconds: here.sleep(seconds / QUICK),
        wait=lambda event, seconds: here.wait(event, seconds / QUICK),
    )
