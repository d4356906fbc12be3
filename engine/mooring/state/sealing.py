"""What is done to bytes between a store and its medium: nothing, or encryption.

The store applies it to snapshots, backups, each line of the journal, and the history; everything that comes
from a medium passes through here once. Must not know where bytes are kept.
"""

from __future__ import annotations

from typing import Final, Protocol

from mooring.core.diagnostics import Diagnostics


class Sealing(Protocol):
    """A reversible form of bytes."""

    @property
    def is_outdated(self) -> bool:
        """Whether the document that was opened last would be sealed in another way now."""
        ...

    def seal(self, content: bytes) -> bytes:
        """The form of a document, a snapshot or backup, in which it is kept."""
        ...

    def open(self, content: bytes) -> bytes | Diagnostics:
        """What was sealed; errors when it cannot be opened. `content` is not empty."""
        ...

    def seal_line(self, line: bytes) -> bytes:
        """The form of one line of a journal, both without their newline."""
        ...

    def open_line(self, line: bytes) -> bytes | Diagnostics:
        """The line that was sealed; errors when it cannot be opened."""
        ...


class Plain:
    """The form that changes nothing."""

    is_outdated: Final = False

    def seal(self, content: bytes) -> bytes:
        """The content."""
        return content

    def open(self, content: bytes) -> bytes | Diagnostics:
        """The content."""
        return content

    def seal_line(self, line: bytes) -> bytes:
        """The line."""
        return line

    def open_line(self, line: bytes) -> bytes | Diagnostics:
        """The line."""
        return line


PLAIN: Final = Plain()
