"""A program: works on a state as a run would, until it is killed or its standard input ends.

python -m tests.backends.working hold PLACE       locks, says so, waits
python -m tests.backends.working run PLACE        journals objects one after another, says how many
python -m tests.backends.working count PLACE N    N times: locks, adds an object, commits
"""

from __future__ import annotations

import sys

from tests.backends.places import Somewhere
from tests.unit.state.samples import intent, recorded

from mooring.state.events import fold
from mooring.state.journalled import JournalledStore
from mooring.state.store import Journal, Lock, Opened


def locked(store: JournalledStore, timeout: float = 0.0) -> Lock:
    """The lock, or an exception that says why not."""
    lock = store.lock("OperationTypeApply", timeout=timeout)
    assert not isinstance(lock, tuple), lock
    return lock


def opened(store: JournalledStore) -> Opened:
    """What the store holds, or an exception that says what is wrong."""
    found, diags = store.read()
    assert found is not None, diags
    return found


def begun(store: JournalledStore) -> Journal:
    """The journal, or an exception that says why there is none."""
    journal = store.begin()
    assert not isinstance(journal, tuple), journal
    return journal


def add(store: JournalledStore, name: str) -> int:
    """Adds an object to what the store holds, in one run; the serial of the state."""
    state = opened(store).state
    begun(store).append_all([intent(name), recorded(name)])
    state, diags = store.commit(fold(state, [recorded(name)]))
    assert diags == ()
    return state.serial


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _run(store: JournalledStore) -> None:
    locked(store)
    opened(store)
    journal = begun(store)
    for number in range(1_000_000):
        before = [recorded(f"r{number - 1}")] if number else []
        journal.append_all([*before, intent(f"r{number}")])
        _say(str(number))


def _count(place: Somewhere, name: str, times: int) -> None:
    for number in range(times):
        store = place.store()
        lock = locked(store, timeout=60)
        add(store, f"{name}{number}")
        lock.release()


def main(what: str, text: str, *rest: str) -> None:
    """Does one of the things above."""
    place = Somewhere.parse(text)
    if what == "hold":
        locked(place.store())
        _say("locked")
        sys.stdin.read()
    elif what == "run":
        _run(place.store())
    else:
        _count(place, rest[0], int(rest[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
