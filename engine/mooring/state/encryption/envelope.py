"""The form in which encrypted data are kept: OpenTofu's JSON envelope, version v0.

    {"serial":3,"lineage":"...","meta":{"key_provider.pbkdf2.a":"..."},"encrypted_data":"...",
     "encryption_version":"v0"}

Serial and lineage stand outside for backends that look at them, of states only. `meta` has for each key
provider, under its alias, what it needs to get the key again, in base64.
"""

from __future__ import annotations

import re
from typing import Final

from mooring.core.codec import dumps, loads
from mooring.core.records import record
from mooring.state.encryption.kept import decoded, encoded
from mooring.state.encryption.keys import Metadata
from mooring.state.fields import Fields

VERSION: Final = "v0"
_FIELDS: Final = frozenset({"serial", "lineage", "meta", "encrypted_data", "encryption_version"})
_MARKS: Final = (b'"encrypted_data"', b'"encryption_version"')
_BEGINNINGS: Final = (b'{"serial":', b'{"meta":')
"""How envelopes begin: one that is cut off has no more than this."""
_HEAD: Final = (
    rb'\A\s*\{\s*"version":\s*\d+,\s*"terraform_version":\s*"[^"\\]*",'
    rb'\s*"serial":\s*(\d+),\s*"lineage":\s*"([^"\\]*)"'
)


class DamagedError(Exception):
    """Encrypted data do not have the form of an envelope. The text says what is wrong with them."""


@record(kw_only=True)
class Identity:
    """Which state it is, and which of its versions."""

    serial: int
    lineage: str


@record(kw_only=True)
class Envelope:
    """Encrypted data with what is kept beside them. `identity` is None for anything but a state."""

    metadata: Metadata
    ciphertext: bytes
    identity: Identity | None = None


def write_envelope(envelope: Envelope) -> bytes:
    """The bytes of an envelope: one line without a newline."""
    identity = envelope.identity
    outside: Fields = {} if identity is None else {"serial": identity.serial, "lineage": identity.lineage}
    return dumps(
        {
            **outside,
            "meta": {alias: encoded(kept) for alias, kept in envelope.metadata.items()},
            "encrypted_data": encoded(envelope.ciphertext),
            "encryption_version": VERSION,
        }
    )


def looks_encrypted(content: bytes) -> bool:
    """Whether it is an envelope, damaged perhaps, and nothing in clear."""
    if not content.startswith(_BEGINNINGS) and not any(mark in content for mark in _MARKS):
        return False
    try:
        document = loads(content)
    except (ValueError, RecursionError):
        return True
    return isinstance(document, dict) and bool({"encrypted_data", "encryption_version"} & document.keys())


def read_envelope(content: bytes) -> Envelope:
    """The envelope. Raises `DamagedError`."""
    try:
        document = loads(content)
    except (ValueError, RecursionError):
        raise DamagedError("it is not JSON: it was changed or cut off") from None
    if not isinstance(document, dict) or not document.keys() <= _FIELDS:
        raise DamagedError("it has other fields than encrypted data have")
    if document.get("encryption_version") != VERSION:
        raise DamagedError(f'its "encryption_version" is not "{VERSION}", the only one that Mooring reads')
    ciphertext, meta = decoded(document.get("encrypted_data")), document.get("meta")
    if ciphertext is None or not isinstance(meta, dict):
        raise DamagedError("its encrypted data are not base64")
    metadata: dict[str, bytes] = {}
    for alias, kept in meta.items():
        metadata[alias] = decoded(kept) or b""
    return Envelope(metadata=metadata, ciphertext=ciphertext, identity=_identity(document))


def identity_of(content: bytes) -> Identity | None:
    """Which state a snapshot in clear is; None if it is none."""
    head = re.match(_HEAD, content)
    if head is not None:
        return Identity(serial=int(head[1]), lineage=head[2].decode("utf-8", "replace"))
    try:
        document = loads(content)
    except (ValueError, RecursionError):
        return None
    return _identity(document) if isinstance(document, dict) else None


def _identity(document: Fields) -> Identity | None:
    serial, lineage = document.get("serial"), document.get("lineage")
    if type(serial) is not int or not isinstance(lineage, str):
        return None
    return Identity(serial=serial, lineage=lineage)
