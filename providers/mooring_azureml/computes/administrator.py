"""Access by SSH to what is attached: a port, an address, an administrator with a password or a key.

Sources: specs/compute-schema-2026-05-01.json (sshPort, address, administratorAccount); facts.md section 1:
password XOR private key. The passphrase is not in the specification; azureml-core sends it.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics, Severity
from mooring.core.paths import Attr
from mooring.core.types import NUMBER, STRING
from mooring_azureml.combinations import exactly_one
from mooring_azureml.computes.attaching import CREDENTIALS_VERSION
from mooring_azureml.lifecycle.definition import Rule
from mooring_azureml.table.checks import between
from mooring_azureml.table.model import Fields, Property, Route
from mooring_azureml.table.shorthand import secret

_SETTINGS: Final = "properties.properties"
_ACCOUNT: Final = f"{_SETTINGS}.administratorAccount"

SSH_ACCESS: Final = (
    Property(
        name="ssh_port",
        type=NUMBER,
        arm=f"{_SETTINGS}.sshPort",
        route=Route.FIXED,
        default=22,
        checks=(between(1, 65535),),
        description="The port of the SSH server.",
    ),
    Property(
        name="username",
        type=STRING,
        arm=f"{_ACCOUNT}.username",
        route=Route.FIXED,
        required=True,
        echoed=False,
        description="The administrator's name.",
    ),
    secret("password", f"{_ACCOUNT}.password", "The administrator's password.", route=Route.FIXED),
    secret("private_key", f"{_ACCOUNT}.privateKeyData", "The private key.", route=Route.FIXED),
    secret("passphrase", f"{_ACCOUNT}.passphrase", "The private key's passphrase.", route=Route.FIXED),
    CREDENTIALS_VERSION,
    Property(
        name="address",
        type=STRING,
        arm=f"{_SETTINGS}.address",
        route=Route.FIXED,
        computed=True,
        description="The public address that the workspace uses; found out if an id is given.",
    ),
)


def _passphrase_needs_key(config: Fields) -> Diagnostics:
    """A passphrase is that of a private key."""
    if config.get("passphrase") is None or config.get("private_key") is not None:
        return ()
    return (
        Diagnostic(
            summary="Invalid combination of arguments",
            detail='"passphrase" belongs to "private_key", which is not given.',
            path=(Attr("passphrase"),),
            code="azureml.passphrase_without_key",
        ),
    )


def _key_is_better(config: Fields) -> Diagnostics:
    """The documents recommend keys over passwords ("Set up compute targets", remote virtual machines).

    It is told at the block and not at the argument, whose line may hold the password itself.
    """
    if not isinstance(config.get("password"), str):
        return ()
    return (
        Diagnostic(
            severity=Severity.WARNING,
            summary="Password instead of SSH key",
            detail='A key is harder to guess than a password. Azure recommends "private_key", with a '
            '"passphrase" if the key has one.',
            code="azureml.password_instead_of_key",
        ),
    )


SSH_RULES: Final[tuple[Rule, ...]] = (
    exactly_one("azureml.password_xor_key", "password", "private_key"),
    _passphrase_needs_key,
    _key_is_better,
)
