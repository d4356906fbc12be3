"""Where keys come from: what key providers are, and the keys of one run.

A key provider makes keys and says what must be kept beside the data to get them again: a salt, a wrapped
key. A run writes with the key that it has read with, while that is as good as a new one, so a run costs one
derivation or one call of a service. Must not know what keys are used for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from threading import Lock
from typing import Final, Protocol

from mooring.core.codec import dumps
from mooring.core.records import record

Metadata = Mapping[str, bytes]
"""What is kept beside encrypted data: for each alias what that key provider needs to get its key again."""


class KeyUnavailableError(Exception):
    """There is no key. The text says why, to follow "cannot be used: "; it holds no secret."""


class KeyProvider(Protocol):
    """A way to get keys. `chained` is the key of the provider before it in a chain."""

    @property
    def key_length(self) -> int | None:
        """How many bytes its new keys have, if that is known before there is one."""
        ...

    def new_key(self, chained: bytes | None) -> tuple[bytes, bytes]:
        """A new key, and what is to be kept to get it again. Raises `KeyUnavailableError`."""
        ...

    def kept_key(self, kept: bytes, chained: bytes | None) -> bytes:
        """The key that belongs to what was kept. Raises `KeyUnavailableError`."""
        ...

    def is_current(self, kept: bytes, key: bytes) -> bool:
        """Whether a new key would be made in the same way as this one was. Raises `KeyUnavailableError`."""
        ...


@record(kw_only=True, eq=False)
class KeySource:
    """A configured key provider. `alias` is the name under which its metadata is kept."""

    address: str
    alias: str
    provider: KeyProvider
    chain: KeySource | None = None


@record(kw_only=True)
class NewKey:
    """A key for what is written, and what is kept with it."""

    key: bytes
    metadata: Metadata

    def __repr__(self) -> str:
        return "NewKey(...)"


class Keyring:
    """The keys of one run: each is made or fetched once. Mutable, owned by the run; any thread may ask."""

    def __init__(self) -> None:
        self._new: Final[dict[str, NewKey]] = {}
        self._kept: Final[dict[tuple[str, ...], bytes]] = {}
        self._fetched: Final[dict[str, NewKey]] = {}
        self._lock: Final = Lock()

    def new_key(self, source: KeySource) -> NewKey:
        """The key with which this run writes. Raises `KeyUnavailableError`."""
        with self._lock:
            return self._make(source)

    def kept_key(self, source: KeySource, metadata: Metadata) -> bytes:
        """The key with which something was written. Raises `KeyUnavailableError`."""
        with self._lock:
            return self._fetch(source, metadata)

    def _make(self, source: KeySource) -> NewKey:
        made = self._new.get(source.address)
        if made is None:
            fetched = self._fetched.get(source.address)
            is_good = fetched is not None and self._is_current(source, fetched.metadata)
            made = fetched if fetched is not None and is_good else self._make_anew(source)
            self._new[source.address] = made
        return made

    def _is_current(self, source: KeySource, metadata: Metadata) -> bool:
        """Whether the key that was fetched is what its providers would make now."""
        return all(
            each.provider.is_current(metadata[each.alias], self._kept[_identity(each, metadata)])
            for each in _chain(source)
        )

    def _make_anew(self, source: KeySource) -> NewKey:
        before = None if source.chain is None else self._make(source.chain)
        key, kept = source.provider.new_key(None if before is None else before.key)
        metadata = {**({} if before is None else before.metadata), source.alias: kept}
        self._kept[_identity(source, metadata)] = key
        return NewKey(key=key, metadata=metadata)

    def _fetch(self, source: KeySource, metadata: Metadata) -> bytes:
        identity = _identity(source, metadata)
        key = self._kept.get(identity)
        if key is None:
            chained = None if source.chain is None else self._fetch(source.chain, metadata)
            key = source.provider.kept_key(metadata[source.alias], chained)
            self._kept[identity] = key
            own = {each.alias: metadata[each.alias] for each in _chain(source)}
            self._fetched.setdefault(source.address, NewKey(key=key, metadata=own))
        return key


def _chain(source: KeySource) -> Iterator[KeySource]:
    """The source and those that it builds on."""
    each: KeySource | None = source
    while each is not None:
        yield each
        each = each.chain


def _identity(source: KeySource, metadata: Metadata) -> tuple[str, ...]:
    """What a kept key depends on. Raises `KeyUnavailableError` if the metadata are of other providers."""
    missing = [each.alias for each in _chain(source) if each.alias not in metadata]
    if missing:
        others = f"only for {_listed(metadata)}" if metadata else "nor for any other"
        raise KeyUnavailableError(
            "the data were encrypted with other key providers: beside them, nothing is kept for "
            f"{_listed(missing)}, {others}"
        )
    return tuple(part for each in _chain(source) for part in (each.address, metadata[each.alias].hex()))


def _listed(names: Iterable[str]) -> str:
    """Names as text, some of which anybody may have written."""
    return ", ".join(sorted(dumps(name).decode() for name in names))
