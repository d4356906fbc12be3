"""What a configuration says of provisioners: their schemas, their blocks as values, what is wrong with them.

Shared by validation, which looks at every block, and by applying, which runs them.
"""

from __future__ import annotations

from typing import Final

from mooring.config.evaluation import decode
from mooring.config.model import Module, Provisioner, Resource
from mooring.core.addresses import BUILTIN_PROVIDER
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.types import BOOL, NUMBER, STRING
from mooring.core.values import Value, unmark
from mooring.lang.scope import Report, Scope
from mooring.planning.providers import Providers
from mooring.schema.model import Attribute, BlockSchema
from mooring.schema.plan import plan_block
from mooring.sdk import provisioning as sdk

_TEXTS: Final = [
    "type",
    "user",
    "password",
    "host",
    "timeout",
    "script_path",
    "target_platform",
    "private_key",
    "certificate",
    "host_key",
    "agent_identity",
    "proxy_scheme",
    "proxy_host",
    "proxy_user_name",
    "proxy_user_password",
    "bastion_user",
    "bastion_password",
    "bastion_host",
    "bastion_host_key",
    "bastion_private_key",
    "bastion_certificate",
    "cacert",
]
_NUMBERS: Final = ("port", "proxy_port", "bastion_port")
_SWITCHES: Final = ("agent", "https", "insecure", "use_ntlm")
CONNECTION: Final = BlockSchema(
    attributes={
        name: Attribute(type=of, required=name == "host", optional=name != "host")
        for of, names in ((STRING, _TEXTS), (NUMBER, _NUMBERS), (BOOL, _SWITCHES))
        for name in names
    }
)
_REMOTE: Final = frozenset({"file", "remote-exec"})


def find_provisioner(providers: Providers, name: str) -> sdk.Provisioner | None:
    """The provisioner of this name; None if there is none."""
    return providers.provisioners(BUILTIN_PROVIDER).get(name)


def decode_provisioner(
    block: Provisioner, kind: sdk.Provisioner, scope: Scope, report: Report
) -> tuple[Value, Value | None]:
    """The arguments and the connection of a block. May raise `NotReady`."""
    config = decode(block.body, plan_block(kind.schema), scope, report)
    if block.connection is None:
        return config, None
    return config, decode(block.connection, plan_block(CONNECTION), scope, report)


def check_provisioners(resource: Resource, providers: Providers, scope: Scope, report: Report) -> None:
    """Looks at every provisioner of a resource; in `scope`, what is not known yet is unknown."""
    for block in resource.provisioners:
        kind = find_provisioner(providers, block.type)
        if kind is None:
            if block.type in _REMOTE:
                report.add(_refused(block))
            continue
        config, _ = decode_provisioner(block, kind, scope, report)
        report.extend(diag.at(block.span) for diag in kind.validate(unmark(config)[0]))


def missing_provisioners(root: Module, providers: Providers) -> Diagnostics:
    """An error for each kind of provisioner that the configuration needs and nobody has."""
    blocks = (
        block
        for module in root.tree()
        for resource in module.resources.values()
        for block in resource.provisioners
    )
    missing = {
        block.type: block
        for block in blocks
        if block.type not in _REMOTE and find_provisioner(providers, block.type) is None
    }
    return tuple(
        error(
            "Missing required provisioner plugin",
            f'There is no provisioner "{name}" (at {block.span}). There is "local-exec".',
        )
        for name, block in missing.items()
    )


def _refused(block: Provisioner) -> Diagnostic:
    detail = (
        f'Mooring does not run the provisioner "{block.type}": it has no connections to other machines. '
        'Use "local-exec" with a program that has, as ssh or scp, or leave the work to the image or to '
        "cloud-init."
    )
    return error("Provisioner not supported", detail, block.span)
