"""What key providers keep beside encrypted data: small JSON objects, read strictly.

Bytes stand in base64, which is refused unless it is exactly what would be written for them: no change of a
character goes unnoticed.
"""

from __future__ import annotations

import base64
import binascii

from mooring.core.codec import Json, loads
from mooring.state.encryption.keys import KeyUnavailableError
from mooring.state.fields import Fields

_DAMAGED = "what is kept beside the data is damaged"


def read_kept(kept: bytes) -> Fields:
    """The object. Raises `KeyUnavailableError`."""
    try:
        fields = loads(kept)
    except (ValueError, RecursionError):
        raise KeyUnavailableError(_DAMAGED) from None
    if not isinstance(fields, dict):
        raise KeyUnavailableError(_DAMAGED)
    return fields


def text_at(fields: Fields, name: str) -> str:
    """The string in a field. Raises `KeyUnavailableError`."""
    found = fields.get(name)
    if isinstance(found, str):
        return found
    raise KeyUnavailableError(_DAMAGED)


def count_at(fields: Fields, name: str, most: int) -> int:
    """The whole number from 1 to `most` in a field. Raises `KeyUnavailableError`."""
    found = fields.get(name)
    if type(found) is int and 1 <= found <= most:
        return found
    raise KeyUnavailableError(_DAMAGED)


def bytes_at(fields: Fields, name: str) -> bytes:
    """The bytes in a field. Raises `KeyUnavailableError`."""
    found = decoded(fields.get(name))
    if found is None:
        raise KeyUnavailableError(_DAMAGED)
    return found


def encoded(content: bytes) -> str:
    """Bytes in base64."""
    return base64.b64encode(content).decode("ascii")


def decoded(text: Json) -> bytes | None:
    """The bytes of a text that `encoded` gives; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if encoded(content) == text else None
