"""Write-only properties: they go to the service, are stored nowhere, and their change is noticed.

A keyed digest (HMAC-SHA-256 with a random key per object) of their values is kept in the object's private
part. A computed property of the table (`Definition.secret_version`) becomes unknown in the plan when the
digest of what is configured differs, so that the change shows and, where the service cannot change it in
place, replaces. An imported object counts as having what its block says; one without a record (imported
with secrets that were not known) as unchanged.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Final, TypeAlias

from mooring.core.codec import Json, Plain, dumps, loads
from mooring.sdk import Private
from mooring_azureml.table.differences import is_known
from mooring_azureml.table.model import Block, Fields, Table, walk
from mooring_azureml.table.notation import items, members

Secrets: TypeAlias = tuple[tuple[str, Plain], ...]
"""Write-only values with their dotted paths."""

_KEY_BYTES: Final = 32


def secrets_in(table: Table, config: Fields) -> Secrets:
    """The write-only values of a configuration with their dotted paths; those that are null are left out."""
    return tuple(_find(table, config, ""))


def _find(table: Table, fields: Fields, prefix: str) -> Iterator[tuple[str, Plain]]:
    for part in table:
        value = fields.get(part.name)
        if isinstance(part, Block):
            inner = items(value) if part.is_list else (value,)
            for at, one in enumerate(inner):
                yield from _find(part.parts, members(one), f"{prefix}{part.name}.{at}.")
        elif part.write_only and value is not None:
            yield f"{prefix}{part.name}", value


def texts_of(found: Secrets) -> tuple[str, ...]:
    """The texts inside the values, at any depth: what must be struck out of messages."""
    return tuple(text for _, value in found for text in _leaves(value))


def _leaves(value: Plain) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in (*items(value), *members(value).values()):
        yield from _leaves(one)


def with_secrets(table: Table, planned: Fields, config: Fields) -> Fields:
    """The planned object with the write-only values of the configuration in their places."""
    merged = dict(planned)
    for part in table:
        given = config.get(part.name)
        if isinstance(part, Block):
            merged[part.name] = _block_with_secrets(part, planned.get(part.name), given)
        elif part.write_only:
            merged[part.name] = given
    return merged


def _block_with_secrets(part: Block, planned: Plain, given: Plain) -> Plain:
    if planned is None:
        return None
    if not part.is_list:
        return with_secrets(part.parts, members(planned), members(given))
    pairs = zip_longest(items(planned), items(given)[: len(items(planned))])
    return [with_secrets(part.parts, members(one), members(other)) for one, other in pairs]


def replaces_secrets(table: Table) -> bool:
    """Whether another secret replaces the object. One digest covers them all: a single fixed one decides."""
    return any(part.write_only and part.forces_replacement for part in walk(table))


def record(found: Secrets, private: Private, random_bytes: Callable[[int], bytes]) -> Private:
    """The private part that remembers these values, or that there are none; an existing key is kept."""
    key = _read(private).get("key")
    key_text = key if isinstance(key, str) else random_bytes(_KEY_BYTES).hex()
    return dumps({**_read(private), "key": key_text, "digest": _digest(key_text, found)})


def made_here(private: Private) -> Private:
    """The private part of an object that was created and not imported: what it was given is known."""
    return dumps({**_read(private), "made": True})


def is_made_here(private: Private) -> bool:
    """Whether an object is known to have been created here."""
    return _read(private).get("made") is True


def has_changed(found: Secrets, private: Private) -> bool:
    """Whether the values are others than those on record; unknown values and no record count as unchanged."""
    content = _read(private)
    key, digest = content.get("key"), content.get("digest")
    if not isinstance(key, str) or not isinstance(digest, str):
        return False
    if not all(is_known(value) for _, value in found):
        return False
    return not hmac.compare_digest(_digest(key, found), digest)


def _digest(key: str, found: Secrets) -> str:
    message = dumps([[path, str(value)] for path, value in found])
    return hmac.digest(bytes.fromhex(key), message, "sha256").hex()


def _read(private: Private) -> dict[str, Json]:
    content = loads(private) if private else {}
    return content if isinstance(content, dict) else {}
