"""Access keys that services make up: derived from the resource's id, so that none has to be stored.

A regenerated key differs, because the number of regenerations, which is stored, is part of what is digested.
"""

import base64
import hashlib

from mooring_emulator.store.model import Document

KEY_NUMBERS = "keyNumbers"
"""The member of a document's private part that counts regenerations by key name."""


def derive_key(document: Document, name: str, *, size: int = 64) -> str:
    """Give a key of a resource, base64 of `size` bytes (at most 64)."""
    number = (document.private.get(KEY_NUMBERS) or {}).get(name.lower(), 0)
    seed = f"{document.key} {name.lower()} {number}".encode()
    return base64.b64encode(hashlib.sha512(seed).digest()[:size]).decode()


def next_numbers(document: Document, name: str) -> dict[str, int]:
    """Give the numbers after a key was regenerated."""
    numbers: dict[str, int] = document.private.get(KEY_NUMBERS) or {}
    return {**numbers, name.lower(): numbers.get(name.lower(), 0) + 1}
