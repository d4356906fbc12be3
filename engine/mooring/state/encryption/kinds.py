"""The types of key providers: what their blocks hold, and how a provider is made of one.

Limits are OpenTofu's. Must not know expressions: settings are plain values here, all of them known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from mooring.core.codec import Plain
from mooring.core.records import field, record
from mooring.core.types import BOOL, NUMBER, STRING, ListType, Type
from mooring.schema.model import Attribute, BlockSchema
from mooring.state.backends.model import Kind as ArgumentKind
from mooring.state.encryption import azure_login
from mooring.state.encryption.azure_vault import AES_SIZES, VaultKey, is_loopback
from mooring.state.encryption.keys import KeyProvider
from mooring.state.encryption.passphrases import HASHES, Passphrase
from mooring.state.encryption.programs import Program, Run
from mooring.state.encryption.static_key import StaticKey

ALIAS: Final = "encrypted_metadata_alias"
_TYPES: Final[Mapping[ArgumentKind, Type]] = {
    ArgumentKind.TEXT: STRING,
    ArgumentKind.FLAG: BOOL,
    ArgumentKind.COUNT: NUMBER,
}
_SHORTEST_PASSPHRASE: Final = 16
_FEWEST_ITERATIONS: Final = 200_000

Settings = Mapping[str, Plain]


@record(kw_only=True, eq=False)
class World:
    """What key providers need of the world around."""

    random_bytes: Callable[[int], bytes]
    run: Run
    environment: Mapping[str, str] = field(default_factory=dict)


@record(kw_only=True, eq=False)
class Kind:
    """A type of key provider. `make` gives the provider, or what is wrong with the settings."""

    schema: BlockSchema
    make: Callable[[Settings, World, bool], KeyProvider | str]
    can_chain: bool = False


def _required(of: Type) -> Attribute:
    return Attribute(type=of, required=True)


def _optional(of: Type) -> Attribute:
    return Attribute(type=of, optional=True)


def _schema(**attributes: Attribute) -> BlockSchema:
    return BlockSchema(attributes={ALIAS: _optional(STRING), **attributes})


# -- making --------------------------------------------------------------------------------------


def _passphrase(settings: Settings, world: World, is_chained: bool) -> KeyProvider | str:  # noqa: FBT001
    text = settings["passphrase"]
    if (text is None) != is_chained:
        return 'It needs a value for either "passphrase" or "chain", the key provider that gives one.'
    if isinstance(text, str) and len(text) < _SHORTEST_PASSPHRASE:
        return f"The passphrase must have at least {_SHORTEST_PASSPHRASE} characters."
    iterations = _count(settings, "iterations", 600_000)
    if iterations < _FEWEST_ITERATIONS:
        return f'"iterations" must be at least {_FEWEST_ITERATIONS}; 600000 is what is recommended today.'
    lengths = {name: _count(settings, name, 32) for name in ("key_length", "salt_length")}
    for name, length in lengths.items():
        if length < 1:
            return f'"{name}" must be a whole number of bytes, at least 1.'
    hash_function = settings["hash_function"] or "sha512"
    if hash_function not in HASHES:
        return f'"hash_function" must be one of {", ".join(HASHES)}.'
    return Passphrase(
        passphrase=text.encode() if isinstance(text, str) else None,
        key_length=lengths["key_length"],
        iterations=iterations,
        salt_length=lengths["salt_length"],
        hash_function=str(hash_function),
        random_bytes=world.random_bytes,
    )


def _static(settings: Settings, _world: World, _is_chained: bool) -> KeyProvider | str:  # noqa: FBT001
    try:
        return StaticKey(key=bytes.fromhex(str(settings["key"])))
    except ValueError:
        return 'The "key" must be written in hexadecimal digits, two for each byte.'


def _program(settings: Settings, world: World, _is_chained: bool) -> KeyProvider | str:  # noqa: FBT001
    command = settings["command"]
    words = [word for word in command if isinstance(word, str)] if isinstance(command, list) else []
    if not words:
        return 'The "command" must name a program, as ["/path/to/program", "argument"].'
    return Program(command=tuple(words), run=world.run)


def _vault_key(settings: Settings, world: World, _is_chained: bool) -> KeyProvider | str:  # noqa: FBT001
    uri = str(settings["vault_uri"])
    parts = urlsplit(uri)
    if not parts.hostname or (parts.scheme != "https" and not is_loopback(uri)):
        return 'The "vault_uri" must be as https://NAME.vault.azure.net.'
    length, size = _count(settings, "key_length", 0), _count(settings, "symmetric_key_size", 0)
    if length < 1:
        return '"key_length" must be a whole number of bytes, at least 1; AES-GCM takes 16, 24 or 32.'
    if bool(settings["symmetric"]) != bool(size) or (size and size not in AES_SIZES):
        return (
            f'"symmetric_key_size" is given with symmetric = true: one of {", ".join(map(str, AES_SIZES))}.'
        )
    login = azure_login.login_of(settings, world.environment)
    return VaultKey(
        vault_uri=uri,
        name=str(settings["vault_key_name"]),
        key_length=length,
        aes_size=size or None,
        credential=partial(azure_login.credential_for, login),
        random_bytes=world.random_bytes,
    )


def _count(settings: Settings, name: str, default: int) -> int:
    """A whole number; one that is not whole is less than any."""
    found = settings[name]
    return default if found is None else found if type(found) is int else -1


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "pbkdf2": Kind(
            schema=_schema(
                passphrase=_optional(STRING),
                key_length=_optional(NUMBER),
                iterations=_optional(NUMBER),
                salt_length=_optional(NUMBER),
                hash_function=_optional(STRING),
            ),
            make=_passphrase,
            can_chain=True,
        ),
        "static": Kind(schema=_schema(key=_required(STRING)), make=_static),
        "external": Kind(schema=_schema(command=_required(ListType(STRING))), make=_program),
        "azure_vault": Kind(
            schema=_schema(
                vault_uri=_required(STRING),
                vault_key_name=_required(STRING),
                key_length=_required(NUMBER),
                symmetric=_optional(BOOL),
                symmetric_key_size=_optional(NUMBER),
                **{name: _optional(_TYPES[each.kind]) for name, each in azure_login.ARGUMENTS.items()},
            ),
            make=_vault_key,
        ),
    }
)
NOT_BUILT: Final = frozenset({"aws_kms", "gcp_kms", "openbao", "stackit_kms"})
"""Key providers that OpenTofu has and Mooring has not."""
