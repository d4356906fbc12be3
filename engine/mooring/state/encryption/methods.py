"""Encryption methods: AES-GCM (NIST SP 800-38D), and none.

A ciphertext is 12 random bytes, the nonce, then what AES-GCM gives, the tag of 16 bytes at its end: the form
of OpenTofu. Random nonces are good for 2^32 messages with one key; a run makes a key of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mooring.core.records import record
from mooring.state.encryption.keys import KeySource, KeyUnavailableError

_NONCE: Final = 12
KEY_LENGTHS: Final = (16, 24, 32)


@record(kw_only=True, eq=False)
class AesGcm:
    """`method "aes_gcm"`. `aad` is authenticated with the data and not kept."""

    address: str
    keys: KeySource
    aad: bytes = b""


@record(kw_only=True, eq=False)
class Unencrypted:
    """`method "unencrypted"`."""

    address: str


Method = AesGcm | Unencrypted


class WrongKeyError(Exception):
    """The data were not encrypted with this key, or they were changed since: nobody can tell which."""


def encrypt(content: bytes, key: bytes, aad: bytes, random_bytes: Callable[[int], bytes]) -> bytes:
    """The ciphertext. Raises `KeyUnavailableError` for a key of the wrong length."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = random_bytes(_NONCE)
    return nonce + AESGCM(_checked(key)).encrypt(nonce, content, aad)


def decrypt(content: bytes, key: bytes, aad: bytes) -> bytes:
    """What was encrypted. Raises `WrongKeyError`; `KeyUnavailableError` for a key of the wrong length."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(_checked(key)).decrypt(content[:_NONCE], content[_NONCE:], aad)
    except (InvalidTag, ValueError):  # a nonce or tag that is cut off is a ValueError
        raise WrongKeyError from None


def _checked(key: bytes) -> bytes:
    if len(key) not in KEY_LENGTHS:
        raise KeyUnavailableError(f"AES-GCM needs a key of 16, 24 or 32 bytes, and it gives {len(key)}")
    return key
