"""Sealing by encryption: what the encryption block says of states, of plans or of one remote state.

What is written is written with the first method; what is read may have been written with any of them, so
that keys can be changed. Data in clear are read only if one of the methods is `unencrypted`: otherwise
anyone could put something else in place of what was encrypted. Must not know where bytes are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import record
from mooring.state.encryption.envelope import (
    DamagedError,
    Envelope,
    identity_of,
    looks_encrypted,
    read_envelope,
    write_envelope,
)
from mooring.state.encryption.keys import Keyring, KeyUnavailableError
from mooring.state.encryption.methods import AesGcm, Method, Unencrypted, WrongKeyError, decrypt, encrypt

NOT_CONFIGURED: Final = Unencrypted(address="")


@record(kw_only=True)
class Target:
    """What something is encrypted with first, and then what else it may be read with.

    `what` is how messages call it, `block` the block that says so.
    """

    what: str
    block: str
    methods: tuple[Method, ...] = (NOT_CONFIGURED,)

    @property
    def encrypts(self) -> bool:
        """Whether it is written encrypted."""
        return isinstance(self.methods[0], AesGcm)


STATE: Final = Target(what="state", block="state")
PLAN: Final = Target(what="plan", block="plan")
REMOTE: Final = Target(what="remote state", block="default")


class EncryptedSealing:
    """A `Sealing`. Mutable only in what it remembers of the last document. Owned by one run."""

    def __init__(self, target: Target, keyring: Keyring, random_bytes: Callable[[int], bytes]) -> None:
        self.target: Final = target
        self.is_outdated = False
        """Whether the last document that was opened would be written otherwise now."""
        self._keyring: Final = keyring
        self._random_bytes: Final = random_bytes

    # -- writing ---------------------------------------------------------------------------------

    def seal(self, content: bytes) -> bytes:
        """A document, encrypted with the first method. Raises `OSError` when there is no key."""
        return self._sealed(content, is_state=True)

    def seal_line(self, line: bytes) -> bytes:
        """The same for a line of a journal; what stands outside of a state says nothing of a line."""
        return self._sealed(line, is_state=False)

    def _sealed(self, content: bytes, *, is_state: bool) -> bytes:
        method = self.target.methods[0]
        if isinstance(method, Unencrypted):
            return content
        try:
            new = self._keyring.new_key(method.keys)
            ciphertext = encrypt(content, new.key, method.aad, self._random_bytes)
        except KeyUnavailableError as problem:
            raise OSError(f"{method.keys.address} cannot be used: {problem}") from None
        identity = identity_of(content) if is_state else None
        return write_envelope(Envelope(metadata=new.metadata, ciphertext=ciphertext, identity=identity))

    # -- reading ---------------------------------------------------------------------------------

    def open(self, content: bytes) -> bytes | Diagnostics:
        """The document in clear; errors if no method fits."""
        opened = self._opened(content)
        if isinstance(opened, Diagnostic):
            return (opened,)
        method, found = opened
        self.is_outdated = method is not self.target.methods[0] and (
            self.target.encrypts or isinstance(method, AesGcm)
        )
        return found

    def open_line(self, line: bytes) -> bytes | Diagnostics:
        """The line in clear; errors if no method fits."""
        opened = self._opened(line)
        return (opened,) if isinstance(opened, Diagnostic) else opened[1]

    def _opened(self, content: bytes) -> tuple[Method, bytes] | Diagnostic:
        if looks_encrypted(content):
            return self._decrypted(content)
        clear = next((each for each in self.target.methods if isinstance(each, Unencrypted)), None)
        return _not_encrypted(self.target) if clear is None else (clear, content)

    def _decrypted(self, content: bytes) -> tuple[Method, bytes] | Diagnostic:
        methods = [each for each in self.target.methods if isinstance(each, AesGcm)]
        if not methods:
            return _not_configured(self.target)
        try:
            envelope = read_envelope(content)
        except DamagedError as problem:
            return _damaged(self.target, str(problem))
        reasons: list[str] = []
        for method in methods:
            found = self._try(method, envelope)
            if isinstance(found, str):
                reasons.append(f"{method.address}: {found}")
            elif envelope.identity is not None and envelope.identity != identity_of(found):
                return _damaged(self.target, "its serial or lineage was changed")
            else:
                return method, found
        return _undecryptable(self.target, reasons)

    def _try(self, method: AesGcm, envelope: Envelope) -> bytes | str:
        """What is in the envelope, or why this method cannot tell."""
        try:
            key = self._keyring.kept_key(method.keys, envelope.metadata)
            return decrypt(envelope.ciphertext, key, method.aad)
        except KeyUnavailableError as problem:
            return f"{method.keys.address} cannot be used: {problem}."
        except WrongKeyError:
            return f"the key of {method.keys.address} is another one, or the data were changed."


# -- what is said --------------------------------------------------------------------------------


def _not_encrypted(target: Target) -> Diagnostic:
    detail = (
        f"The encryption block says that the {target.what} is encrypted, but it is not. It is not read, "
        "because anyone may have written it.\n\nIf it is yours and is to be encrypted from now on, allow to "
        'read it as it is: declare method "unencrypted" "NAME" {} and add\n\n'
        f'  fallback {{ method = method.unencrypted.NAME }}\n\nto the "{target.block}" block until '
        '"moor apply" has written it encrypted.'
    )
    return error(f"{target.what.capitalize()} is not encrypted", detail)


def _not_configured(target: Target) -> Diagnostic:
    where = ' (its part "remote_state_data_sources")' if target.what == REMOTE.what else ""
    detail = (
        f"The {target.what} is encrypted, and nothing says how to decrypt it. Give the method and the key "
        f'that it was encrypted with in an "encryption" block{where} inside "terraform", or in '
        "TF_ENCRYPTION. Nothing was changed."
    )
    return error(f"{target.what.capitalize()} is encrypted", detail)


def _damaged(target: Target, reason: str) -> Diagnostic:
    detail = (
        f"The {target.what} is encrypted, and {reason}. Nothing was changed. Restore it from a backup, or "
        "from where it came from."
    )
    return error(f"Encrypted {target.what} is damaged", detail)


def _undecryptable(target: Target, reasons: list[str]) -> Diagnostic:
    tried = "\n".join(f"  - {reason}" for reason in reasons)
    detail = (
        f"None of the configured methods can decrypt the {target.what}:\n\n{tried}\n\nNothing was changed. "
        "If the key was changed, keep the old key provider and its method, and name that method in a "
        '"fallback" block.'
    )
    return error(f"{target.what.capitalize()} cannot be decrypted", detail)
