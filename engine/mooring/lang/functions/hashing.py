"""Digests, identifiers and secrets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from mooring.core.types import NUMBER, STRING
from mooring.core.values import UNKNOWN_NOT_NULL, Value, string, unknown
from mooring.lang.functions.arguments import whole_number
from mooring.lang.functions.encoding import base64_text, decode_base64
from mooring.lang.functions.model import ArgumentError, Body, Call, CallError, Function, Parameter, plain

_DEFAULT_COST: Final = 10
_LEAST_COST: Final = 4
_MOST_COST: Final = 31
_LONGEST_PASSWORD: Final = 72
_STANDARD_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BCRYPT_ALPHABET: Final = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_UNKNOWN_TEXT: Final = unknown(STRING, UNKNOWN_NOT_NULL)
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NAMESPACES: Final = {
    name: f"6ba7b81{digit}-9dad-11d1-80b4-00c04fd430c8"
    for name, digit in {"dns": 0, "url": 1, "oid": 2, "x500": 4}.items()
}


def digest(algorithm: str, data: bytes) -> bytes:
    """The digest of bytes by an algorithm of hashlib."""
    import hashlib

    return hashlib.new(algorithm, data, usedforsecurity=False).digest()


def _hexadecimal(algorithm: str) -> Body:
    return plain(lambda text: digest(algorithm, text.encode()).hex())


def _base64(algorithm: str) -> Body:
    return plain(lambda text: base64_text(digest(algorithm, text.encode())))


# -- UUID ----------------------------------------------------------------------------------------


def _random_uuid(call: Call) -> Value:
    from uuid import UUID

    random_bytes = _randomness(call)
    if random_bytes is None:
        return _UNKNOWN_TEXT
    return string(str(UUID(bytes=random_bytes(16), version=4)))


def _randomness(call: Call) -> Callable[[int], bytes] | None:
    """None while a plan is made: apply will have another answer."""
    return call.outside.random_bytes if call.outside is not None else None


def _named_uuid(namespace: str, name: str) -> str:
    from uuid import UUID

    found = _NAMESPACES.get(namespace) or _plain_uuid(namespace)
    if found is None:
        raise CallError(f'the namespace "{namespace}" is neither dns, url, oid or x500 nor a UUID')
    mixed = bytearray(digest("sha1", UUID(found).bytes + name.encode())[:16])
    return str(UUID(bytes=bytes(mixed), version=5))


def _plain_uuid(text: str) -> str | None:
    """A UUID in any of its usual forms as the one with dashes."""
    lowered = text.lower()
    if len(lowered) == 38:
        lowered = lowered[1:-1]
    elif len(lowered) == 32:
        lowered = "-".join((lowered[:8], lowered[8:12], lowered[12:16], lowered[16:20], lowered[20:]))
    else:
        lowered = lowered.removeprefix("urn:uuid:")
    return lowered if _UUID.fullmatch(lowered) else None


# -- secrets -------------------------------------------------------------------------------------


def _bcrypt(call: Call) -> Value:
    if len(call) > 2:
        raise CallError("no more than two arguments are allowed")
    cost = whole_number(call[1]) if len(call) == 2 else _DEFAULT_COST
    if cost < _LEAST_COST:
        cost = _DEFAULT_COST
    if cost > _MOST_COST:
        raise CallError(f"the cost {cost} is not between {_LEAST_COST} and {_MOST_COST}")
    password = call[0].text.encode()
    if len(password) > _LONGEST_PASSWORD:
        raise CallError(f"the string is longer than {_LONGEST_PASSWORD} bytes")
    random_bytes = _randomness(call)
    return _UNKNOWN_TEXT if random_bytes is None else string(_hash_password(password, cost, random_bytes))


def _hash_password(password: bytes, cost: int, random_bytes: Callable[[int], bytes]) -> str:
    import bcrypt

    salt = base64_text(random_bytes(16))[:22].translate(str.maketrans(_STANDARD_ALPHABET, _BCRYPT_ALPHABET))
    return bcrypt.hashpw(password, f"$2a${cost:02d}${salt}".encode()).decode("ascii")


def _decrypt(call: Call) -> Value:
    ciphertext = decode_base64(call[0].text)
    if ciphertext is None:
        raise ArgumentError(0, "it is not base64")
    try:
        return string(_decrypt_rsa(ciphertext, call[1].text.encode()).decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise CallError("what it decrypts to is not text in UTF-8") from problem


def _decrypt_rsa(ciphertext: bytes, key: bytes) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    load = load_ssh_private_key if b"BEGIN OPENSSH PRIVATE KEY" in key else load_pem_private_key
    try:
        private_key = load(key, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise ArgumentError(1, "it is not an RSA private key in PEM form without a password") from problem
    if not isinstance(private_key, RSAPrivateKey):
        raise ArgumentError(1, "it is a private key, but not of RSA")
    try:
        return private_key.decrypt(ciphertext, PKCS1v15())
    except ValueError as problem:
        raise CallError("it cannot be decrypted with this key") from problem


_STR: Final = Parameter(name="str", description="The text, hashed as UTF-8.", type=STRING)

FUNCTIONS: Final = (
    *(
        Function(
            name=name,
            description=f"The {title} digest of a text, in hexadecimal digits.",
            parameters=(_STR,),
            returns=STRING,
            body=_hexadecimal(name),
        )
        for name, title in (("md5", "MD5"), ("sha1", "SHA-1"), ("sha256", "SHA-256"), ("sha512", "SHA-512"))
    ),
    Function(
        name="base64sha256",
        description="The SHA-256 digest of a text, in base64.",
        parameters=(_STR,),
        returns=STRING,
        body=_base64("sha256"),
    ),
    Function(
        name="base64sha512",
        description="The SHA-512 digest of a text, in base64.",
        parameters=(_STR,),
        returns=STRING,
        body=_base64("sha512"),
    ),
    Function(
        name="uuid",
        description="A random UUID, another one at each call; known when applying.",
        returns=STRING,
        body=_random_uuid,
    ),
    Function(
        name="uuidv5",
        description="The UUID that a name always has within a namespace.",
        parameters=(
            Parameter(name="namespace", description="A UUID, or one of dns, url, oid and x500.", type=STRING),
            Parameter(name="name", description="The name within the namespace.", type=STRING),
        ),
        returns=STRING,
        body=plain(_named_uuid),
    ),
    Function(
        name="bcrypt",
        description="A salted bcrypt hash of a password, another one at each call.",
        parameters=(_STR,),
        variadic=Parameter(
            name="cost", description="How many rounds, as a power of two: 10 if it is left out.", type=NUMBER
        ),
        returns=STRING,
        body=_bcrypt,
    ),
    Function(
        name="rsadecrypt",
        description="Text that was encrypted for an RSA key, in the clear.",
        parameters=(
            Parameter(name="ciphertext", description="What was encrypted, in base64.", type=STRING),
            Parameter(name="privatekey", description="The key in PEM form, without a password.", type=STRING),
        ),
        returns=STRING,
        body=_decrypt,
    ),
)
