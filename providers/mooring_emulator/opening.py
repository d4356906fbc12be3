"""Opening an emulator: a store, the catalog of types, the seed."""

from uuid import uuid4

from mooring_emulator.arm.call import Clock, IdSource, World
from mooring_emulator.emulator import Emulator, Surroundings
from mooring_emulator.entra.tokens import LIFETIME
from mooring_emulator.seed import PRINCIPAL, plant
from mooring_emulator.store.memory import MemoryStore
from mooring_emulator.store.protocol import Store
from mooring_emulator.tables import default_catalog

MEMORY = ":memory:"
"""The path of a cloud that lives as long as its emulator."""

DEFAULT_PAGE_SIZE = 100
PLAIN = Surroundings()
"""No faults, no log beside the store's, no access tokens: the in-process cloud."""


def random_id() -> str:
    """Give a random GUID."""
    return str(uuid4())


def open_emulator(
    path: str,
    *,
    clock: Clock,
    lro_seconds: float = 0.0,
    new_id: IdSource = random_id,
    page_size: int = DEFAULT_PAGE_SIZE,
    token_seconds: int = LIFETIME,
    surroundings: Surroundings = PLAIN,
) -> Emulator:
    """Open the cloud kept in an SQLite file, or a new one in memory for `:memory:`.

    A new cloud is seeded. `clock` gives Unix seconds (`time.time`). Long-running operations take
    `lro_seconds`; 0 means they are done at the first poll. `page_size` is the number of items on one page of
    a list, `token_seconds` how long an access token is valid. `surroundings` has faults, a request log and
    who may do what. Raises `store.sqlite.FormatError` for a file of another format, and what `sqlite3` raises
    for one it cannot open.
    """
    catalog = default_catalog()
    world = World(
        catalog=catalog,
        principal=PRINCIPAL,
        new_id=new_id,
        lro_seconds=lro_seconds,
        page_size=page_size,
        token_seconds=token_seconds,
        directory=surroundings.directory,
        is_as_specified=surroundings.is_as_specified,
    )
    store = _open_store(path)
    plant(store, world, clock(), surroundings.subscriptions)
    return Emulator(store, world, clock, surroundings)


def _open_store(path: str) -> Store:
    if path == MEMORY:
        return MemoryStore()
    from mooring_emulator.store.sqlite import SqliteStore  # sqlite3 is heavy

    return SqliteStore(path)
