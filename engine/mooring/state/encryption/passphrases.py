"""`key_provider "pbkdf2"`: a key from a passphrase, or from another key provider's key (RFC 8018).

What is kept has the names of OpenTofu's: salt, iterations, hash_function, key_length. So what was written
with other settings than those of today can still be read with the same passphrase.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from mooring.core.codec import Json, dumps
from mooring.core.records import record
from mooring.state.encryption.kept import bytes_at, count_at, encoded, read_kept, text_at
from mooring.state.encryption.keys import KeyUnavailableError

HASHES: Final = ("sha256", "sha512")
_MOST_ITERATIONS: Final = 100_000_000
"""More than this is no setting but damage, and would keep a run busy for minutes."""
_LONGEST_KEY: Final = 1024


@record(kw_only=True, eq=False)
class Passphrase:
    """A key provider that derives keys. `passphrase` is None where a chain gives it."""

    passphrase: bytes | None
    key_length: int
    iterations: int
    salt_length: int
    hash_function: str
    random_bytes: Callable[[int], bytes]

    def __repr__(self) -> str:
        return "Passphrase(...)"

    def new_key(self, chained: bytes | None) -> tuple[bytes, bytes]:
        """A key with a new salt, and how it was derived."""
        salt = self.random_bytes(self.salt_length)
        key = self._derive(chained, salt, self.hash_function, self.iterations, self.key_length)
        kept: Json = {
            "salt": encoded(salt),
            "iterations": self.iterations,
            "hash_function": self.hash_function,
            "key_length": self.key_length,
        }
        return key, dumps(kept)

    def kept_key(self, kept: bytes, chained: bytes | None) -> bytes:
        """The key that was derived in the way that was kept."""
        fields = read_kept(kept)
        name = text_at(fields, "hash_function")
        if name not in HASHES:
            raise KeyUnavailableError(f'it was derived with the unknown hash function "{name}"')
        iterations = count_at(fields, "iterations", _MOST_ITERATIONS)
        length = count_at(fields, "key_length", _LONGEST_KEY)
        return self._derive(chained, bytes_at(fields, "salt"), name, iterations, length)

    def is_current(self, kept: bytes, key: bytes) -> bool:
        """Whether the settings are those of today; the salt is good for any number of runs."""
        fields = read_kept(kept)
        made_with = (fields.get("iterations"), fields.get("hash_function"), len(bytes_at(fields, "salt")))
        return (*made_with, len(key)) == (
            self.iterations,
            self.hash_function,
            self.salt_length,
            self.key_length,
        )

    def _derive(self, chained: bytes | None, salt: bytes, name: str, iterations: int, length: int) -> bytes:
        passphrase = chained if self.passphrase is None else self.passphrase
        assert passphrase is not None, "settings are checked: there is a passphrase or a chain"
        return hashlib.pbkdf2_hmac(name, passphrase, salt, iterations, length)
