"""The tree of differences: how a value, a collection or a block changes. Data only."""

from __future__ import annotations

from enum import Enum
from typing import Literal, NamedTuple

from mooring.core.values import Value


class Change(Enum):
    """What happens to one part."""

    NO_OP = "no-op"
    CREATE = "create"
    DELETE = "delete"
    UPDATE = "update"


class Whole(NamedTuple):
    """A value that appears, disappears or stays, with everything in it."""

    change: Change
    value: Value
    strict: bool = False
    replaces: bool = False


class Secret(NamedTuple):
    """A sensitive value. `note` tells that only now it becomes sensitive, or stops to be."""

    change: Change
    note: Literal["", "gains", "loses"] = ""
    is_unchanged: bool = False
    replaces: bool = False


class Unresolved(NamedTuple):
    """A value that is known after apply only; `before` is what is there now."""

    before: Value | None
    strict: bool = False
    replaces: bool = False

    @property
    def change(self) -> Change:
        """A new value, or another one."""
        return Change.CREATE if self.before is None else Change.UPDATE


class Exchanged(NamedTuple):
    """One value for another that shares no structure with it."""

    before: Value
    after: Value
    strict: bool = False
    replaces: bool = False

    @property
    def change(self) -> Change:
        """Always another value."""
        return Change.UPDATE


class TextLines(NamedTuple):
    """A text of several lines, line by line."""

    lines: tuple[tuple[Change, str], ...]
    replaces: bool = False

    @property
    def change(self) -> Change:
        """Always another value; lines that are all the same differ in blanks around the text."""
        return Change.UPDATE


class Members(NamedTuple):
    """A map or object that changes in some of its members, all of which are here."""

    entries: tuple[tuple[str, Diff], ...]
    is_map: bool = False
    replaces: bool = False

    @property
    def change(self) -> Change:
        """Always another value."""
        return Change.UPDATE


class Items(NamedTuple):
    """A list, set or tuple that changes in some of its elements, all of which are here."""

    entries: tuple[Diff, ...]
    is_set: bool = False
    replaces: bool = False

    @property
    def change(self) -> Change:
        """Always another value."""
        return Change.UPDATE


class Encoded(NamedTuple):
    """A string that holds JSON before and after. An `inner` without change: only blanks differ."""

    inner: Diff
    replaces: bool = False

    @property
    def change(self) -> Change:
        """Always another string."""
        return Change.UPDATE


Diff = Whole | Secret | Unresolved | Exchanged | TextLines | Members | Items | Encoded


class BlockDiff(NamedTuple):
    """A nested block; `key` labels a block of a map. A `body` of None is known after apply, or sensitive."""

    change: Change
    body: BodyDiff | None
    key: str | None = None
    is_sensitive: bool = False
    replaces: bool = False


class BodyDiff(NamedTuple):
    """Attributes and blocks of a resource or of a nested block; null ones are left out."""

    change: Change
    attributes: tuple[tuple[str, Diff], ...]
    blocks: tuple[tuple[str, tuple[BlockDiff, ...]], ...] = ()
