"""Encryption for one command: the block of its configuration, TF_ENCRYPTION over it, the keys of the run.

What opens a saved plan comes from the working folder, what seals the state from the plan's own configuration.
Programs that give keys are run here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.state.encryption.keys import Keyring
from mooring.state.encryption.sealing import PLAN, REMOTE, STATE, EncryptedSealing, Target

if TYPE_CHECKING:
    from mooring.cli.working_folder import WorkingFolder
    from mooring.config.model import Encryption
    from mooring.core.values import Value
    from mooring.state.encryption.configuration import Encrypted
    from mooring.state.encryption.kinds import World


class Sealings:
    """Makes what seals the states and plans of one command. Mutable: it keeps the keys."""

    def __init__(self, encrypted: Encrypted | None) -> None:
        self._encrypted: Final = encrypted
        self._keyring: Final = Keyring()

    def state(self) -> EncryptedSealing:
        """For a state of this configuration."""
        return self._sealing(STATE if self._encrypted is None else self._encrypted.state)

    def plan(self) -> EncryptedSealing:
        """For saved plans."""
        return self._sealing(PLAN if self._encrypted is None else self._encrypted.plan)

    def remote(self, name: str) -> EncryptedSealing:
        """For the state that a `terraform_remote_state` of this name reads."""
        return self._sealing(REMOTE if self._encrypted is None else self._encrypted.for_remote(name))

    def _sealing(self, target: Target) -> EncryptedSealing:
        return EncryptedSealing(target, self._keyring, os.urandom)


def open_sealings(folder: WorkingFolder) -> tuple[Sealings, Diagnostics]:
    """What the command seals with; nothing is sealed beside an error."""
    encrypted, diags = _read(folder, prospective=False)
    return Sealings(encrypted), diags


def check_encryption(folder: WorkingFolder) -> Diagnostics:
    """What is wrong with the encryption, whatever the values of the variables are."""
    return _read(folder, prospective=True)[1]


def _read(folder: WorkingFolder, *, prospective: bool) -> tuple[Encrypted | None, Diagnostics]:
    block, diags = _block(folder)
    if block is None or has_errors(diags):
        return None, diags
    from mooring.config.evaluation import Configuration
    from mooring.config.model import Module
    from mooring.state.encryption.configuration import read_configuration

    root = folder.root[0] or Module(path=(), folder=".")
    inputs: Mapping[str, Value] = {}
    if not prospective:
        given, problems = folder.inputs_as_given(root)
        if has_errors(problems):
            return None, problems
        inputs = given.values
    configuration = Configuration(root=root, inputs=inputs, surroundings=folder.surroundings)
    encrypted, problems = read_configuration(block, configuration, _world(folder), prospective=prospective)
    return encrypted, (*diags, *problems)


def _block(folder: WorkingFolder) -> tuple[Encryption | None, Diagnostics]:
    """The block of the root module with TF_ENCRYPTION over it."""
    root, diags = folder.root
    if has_errors(diags):
        return None, diags
    block = None if root is None else root.encryption
    text = folder.environment.get("TF_ENCRYPTION", "")
    if not text.strip():
        return block, ()
    from mooring.config.declarations.encryption import merged, read_variable

    override, diags = read_variable(text)
    return (block if override is None else merged(block, override)), diags


def _world(folder: WorkingFolder) -> World:
    from mooring.state.encryption.kinds import World

    return World(random_bytes=os.urandom, run=run_program, environment=folder.environment)


def run_program(command: Sequence[str], question: bytes) -> bytes:
    """What a program answers on stdout. Raises `OSError` when it cannot be run or fails."""
    import subprocess

    ended = subprocess.run(command, input=question, stdout=subprocess.PIPE, check=False)  # noqa: S603 - the user's
    if ended.returncode:
        raise OSError(f"it ended with status {ended.returncode}")
    return ended.stdout
