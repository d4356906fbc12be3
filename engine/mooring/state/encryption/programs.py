"""`key_provider "external"`: keys from a program, in OpenTofu's protocol, version 1.

The program writes one line that says that it speaks the protocol; it reads what was kept for it (or null,
for a new key) as JSON, and answers with keys and with what is to be kept, as JSON. What it writes to stderr
goes to the user.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from mooring.core.codec import Json, dumps, loads
from mooring.core.records import record
from mooring.state.encryption.kept import decoded, read_kept
from mooring.state.encryption.keys import KeyUnavailableError
from mooring.state.fields import Fields

Run = Callable[[Sequence[str], bytes], bytes]
"""Runs a program with an input; what it wrote. Raises `OSError` when it cannot be run or fails."""

_MAGIC: Final = "OpenTofu-External-Key-Provider"
_VERSION: Final = 1


@record(kw_only=True, eq=False)
class Program:
    """A key provider that asks a program."""

    command: tuple[str, ...]
    run: Run
    key_length: None = None

    def new_key(self, _chained: bytes | None) -> tuple[bytes, bytes]:
        """The key that the program gives for writing."""
        answer = self._ask(b"null")
        kept = answer.get("meta")
        return self._key(answer, "encryption_key"), dumps(kept if isinstance(kept, dict) else {})

    def kept_key(self, kept: bytes, _chained: bytes | None) -> bytes:
        """The key that the program gives for reading."""
        return self._key(self._ask(dumps(read_kept(kept))), "decryption_key")

    def is_current(self, _kept: bytes, _key: bytes) -> bool:
        """The program alone knows: it is asked for a new key."""
        return False

    def _ask(self, question: bytes) -> Fields:
        try:
            header, _, body = self.run(self.command, question + b"\n").partition(b"\n")
        except OSError as problem:
            raise KeyUnavailableError(f"{self.command[0]}: {problem.strerror or problem}") from None
        if _object(header) != {"magic": _MAGIC, "version": _VERSION}:
            raise KeyUnavailableError(
                f"{self.command[0]} does not begin its answer with the line "
                f'{{"magic":"{_MAGIC}","version":{_VERSION}}}'
            )
        return _object(body)

    def _key(self, answer: Fields, name: str) -> bytes:
        keys: Json = answer.get("keys", answer.get("key"))  # the schema says one, the documentation the other
        found = decoded(keys.get(name)) if isinstance(keys, dict) else None
        if found is None:
            raise KeyUnavailableError(f'{self.command[0]} has given no "{name}" in base64')
        return found


def _object(text: bytes) -> Fields:
    try:
        found = loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
