"""Fields of stored JSON, read with their types checked: snapshots, journals, lock records.

Must not know what the fields mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from mooring.core.codec import Json
from mooring.core.diagnostics import Diagnostic, error

INVALID: Final = "Invalid state file format"
UNSUPPORTED: Final = "Unsupported state file format"

Fields = Mapping[str, Json]
Entry = dict[str, Json]


class StoredError(Exception):
    """Stored data cannot be read. Control flow inside this package: readers turn it into a diagnostic."""

    def __init__(self, detail: str, *, summary: str = INVALID) -> None:
        super().__init__(summary, detail)
        self.summary: Final = summary
        self.detail: Final = detail

    def diagnostic(self, shown_as: str) -> Diagnostic:
        """What to tell the user about the file `shown_as`."""
        return error(self.summary, f"{shown_as} cannot be read: {self.detail}")


def text_of(fields: Fields, name: str) -> str:
    """A string; one that is missing or null is empty."""
    found = fields.get(name)
    if found is None or isinstance(found, str):
        return found or ""
    raise unexpected(name, found)


def count_of(fields: Fields, name: str) -> int:
    """A whole number that is not negative; one that is missing is 0."""
    found = fields.get(name, 0)
    if type(found) is int and found >= 0:
        return found
    raise unexpected(name, found)


def list_of(fields: Fields, name: str) -> Sequence[Json]:
    """A list; one that is missing or null is empty."""
    found = fields.get(name)
    if found is None:
        return ()
    if isinstance(found, list):
        return found
    raise unexpected(name, found)


def fields_of(fields: Fields, name: str) -> Fields:
    """An object; one that is missing or null is empty."""
    found = fields.get(name)
    return {} if found is None else as_fields(found, name)


def as_fields(of: Json, name: str) -> Fields:
    """An object, found in the field `name`."""
    if isinstance(of, dict):
        return of
    raise unexpected(name, of)


def as_text(of: Json, name: str) -> str:
    """A string, found in the field `name`."""
    if isinstance(of, str):
        return of
    raise unexpected(name, of)


def unexpected(name: str, of: Json) -> StoredError:
    """The error of a field that holds something of another type."""
    return StoredError(f'the field "{name}" holds an unexpected {type(of).__name__}.')


def refuse_unknown(fields: Fields, known: frozenset[str], where: str) -> None:
    """Raises `StoredError` for fields that writing the data back would lose."""
    if not fields.keys() <= known:
        names = ", ".join(sorted(fields.keys() - known))
        detail = (
            f"{where} has fields that this version does not know ({names}), and writing the state would lose "
            "them. Use the program that has written it, or a newer version of Mooring."
        )
        raise StoredError(detail, summary=UNSUPPORTED)
