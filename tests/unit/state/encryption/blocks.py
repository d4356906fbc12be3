"""Encryption blocks in memory, and sealings made of them or by hand."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Final

from mooring.config.declarations.encryption import merged, read_variable
from mooring.config.evaluation import Configuration
from mooring.config.files import MemoryFiles
from mooring.config.loading import load_configuration
from mooring.config.model import Module
from mooring.config.scopes import Surroundings
from mooring.core.diagnostics import Diagnostics
from mooring.core.values import Value
from mooring.lang.functions import Library, Outside
from mooring.state.encryption.configuration import Encrypted, read_configuration
from mooring.state.encryption.keys import KeyProvider, Keyring, KeySource
from mooring.state.encryption.kinds import World
from mooring.state.encryption.methods import AesGcm, Method, Unencrypted
from mooring.state.encryption.sealing import EncryptedSealing, Target
from mooring.state.encryption.static_key import StaticKey

KEY: Final = bytes(range(32))
SNAPSHOT: Final = (
    b'{\n  "version": 4,\n  "terraform_version": "1.11.4",\n  "serial": 7,\n'
    b'  "lineage": "3f1c",\n  "outputs": {},\n  "resources": [],\n  "check_results": null\n}\n'
)
CLEAR: Final = Unencrypted(address="method.unencrypted.clear")
BLOCK: Final = """
  key_provider "static" "k" { key = "000102030405060708090a0b0c0d0e0f" }
  method "aes_gcm" "m" { keys = key_provider.static.k }
"""


def source(provider: KeyProvider, name: str = "k", chain: KeySource | None = None) -> KeySource:
    address = f"key_provider.static.{name}"
    return KeySource(address=address, alias=address, provider=provider, chain=chain)


def aes(key: bytes = KEY, name: str = "k", aad: bytes = b"") -> AesGcm:
    return AesGcm(address=f"method.aes_gcm.{name}", keys=source(StaticKey(key=key), name), aad=aad)


def sealing(*methods: Method) -> EncryptedSealing:
    return EncryptedSealing(Target(what="state", block="state", methods=methods), Keyring(), os.urandom)


def no_program(_command: Sequence[str], _question: bytes) -> bytes:
    raise AssertionError("no program is to be run")


WORLD: Final = World(random_bytes=os.urandom, run=no_program)


def module(files: Mapping[str, str]) -> tuple[Module, Diagnostics]:
    root, diags = load_configuration(".", files=MemoryFiles(files), known={}, data_folder=".terraform")
    assert root is not None
    return root, diags


def read(
    inside: str,
    *,
    outside: str = "",
    inputs: Mapping[str, Value] | None = None,
    variable: str = "",
    prospective: bool = False,
    world: World = WORLD,
) -> tuple[Encrypted | None, list[str]]:
    """What an encryption block says, and what is wrong with it, with the places."""
    root, diags = module({"main.tf": f"{outside}\nterraform {{\n encryption {{\n{inside}\n }}\n}}\n"})
    block = root.encryption
    if variable:
        override, problems = read_variable(variable)
        diags = (*diags, *problems)
        block = block if override is None else merged(block, override)
    assert block is not None
    surroundings = Surroundings(functions=Library(Outside()))
    configuration = Configuration(root=root, inputs=inputs or {}, surroundings=surroundings)
    encrypted, problems = read_configuration(block, configuration, world, prospective=prospective)
    told = [f"{diag.summary}: {diag.detail} {diag.subject or ''}" for diag in (*diags, *problems)]
    return encrypted, told
