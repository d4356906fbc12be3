"""`key_provider "static"`: a key that stands in the configuration. For tests, as in OpenTofu."""

from __future__ import annotations

from typing import Final

from mooring.core.records import record
from mooring.state.encryption.keys import KeyUnavailableError

_KEPT: Final = b"{}"


@record(kw_only=True, eq=False)
class StaticKey:
    """A key provider that always gives the same key and keeps nothing."""

    key: bytes

    def __repr__(self) -> str:
        return "StaticKey(...)"

    @property
    def key_length(self) -> int | None:
        """The length of the key."""
        return len(self.key)

    def new_key(self, _chained: bytes | None) -> tuple[bytes, bytes]:
        """The key."""
        return self.key, _KEPT

    def kept_key(self, kept: bytes, _chained: bytes | None) -> bytes:
        """The key."""
        if kept != _KEPT:
            raise KeyUnavailableError("what is kept beside the data is damaged")
        return self.key

    def is_current(self, _kept: bytes, _key: bytes) -> bool:
        """There is no other key."""
        return True
