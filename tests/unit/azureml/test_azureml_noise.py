"""Every property of every type: what can change changes once and is then at rest, what cannot replaces.

Values are made from the tables themselves, so that a new property is tried without being named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pytest
from tests.unit.azureml.configurations import CASES, GROUP, SUBSCRIPTION, WORKSPACE
from tests.unit.azureml.contents import CONTENT_CASES
from tests.unit.azureml.lab import Lab, Made
from tests.unit.azureml.neighbours import ATTACHED_CASES

from mooring.core.codec import Plain, to_python
from mooring.core.diagnostics import has_errors
from mooring.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, SetType, Type
from mooring.schema.changes import replacement_paths
from mooring.sdk.testing import Case
from mooring_azureml.catalog import resource_types
from mooring_azureml.table.model import Action, Block, Property, Route, Table
from mooring_azureml.table.notation import items, members

_ALL: Final = {case.type_name: case for case in (*CASES, *CONTENT_CASES, *ATTACHED_CASES)}
_IDENTITY: Final = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-lab"
_STORAGE_ID: Final = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stmlwlab"
_SPOKEN: Final = (
    "another Enabled Disabled AllowInternetOutbound Allow Deny Hot Cool Premium Standard "
    "Standard_GRS premium TLS1_3 SystemAssigned UserAssigned Identity other PT45M PT30M None "
    "AzureServices LowPriority Windows enabled Hub BlobStorage WorkspaceSystemAssignedIdentity "
    "AAD AccountKey AzureFile Start Stop Day westeurope Standard_DS12_v2 Personal LakeHouse "
    "Week Monday SecuredByPerimeter Isolated delete detach DevTest DenseProd "
    "InternalLoadBalancer PublicIp Auto 45m "
)
_WORDS: Final = (
    *_SPOKEN.split(),
    "0 1 * * *",
    *(GROUP, WORKSPACE, _IDENTITY, SUBSCRIPTION),
    *(
        f"{GROUP}/providers/{name}"
        for name in (
            "Microsoft.Storage/storageAccounts/other",
            "Microsoft.KeyVault/vaults/other",
            "Microsoft.KeyVault/vaults/third",
            "Microsoft.Insights/components/appi-other",
            "Microsoft.Compute/virtualMachines/other",
            "Microsoft.HDInsight/clusters/other",
            "Microsoft.Databricks/workspaces/other",
            "Microsoft.Synapse/workspaces/s/bigDataPools/other",
            "Microsoft.MachineLearningServices/workspaces/w/linkedServices/other",
            "Microsoft.ContainerService/managedClusters/other",
            "Microsoft.DataLakeAnalytics/accounts/other",
            "Microsoft.Batch/batchAccounts/other",
            "Microsoft.DataFactory/factories/other",
            "Microsoft.ContainerRegistry/registries/crother",
            "Microsoft.OperationalInsights/workspaces/log-lab",
            "Microsoft.Network/virtualNetworks/v/subnets/s",
            "Microsoft.Network/virtualNetworks/v/subnets/t",
            "Microsoft.MachineLearningServices/workspaces/mlw-other",
        )
    ),
)
_NUMBERS: Final = (3, 9, 30, 60, 14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A property inside a type, by the names on the way to it."""

    part: Property
    path: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def name(self) -> str:
        return ".".join(self.path)


def _spots(table: Table, blocks: tuple[Block, ...] = ()) -> Iterator[Spot]:
    for part in table:
        if isinstance(part, Block):
            yield from _spots(part.parts, (*blocks, part))
        elif part.is_settable and not part.write_only:
            path = (*(block.name for block in blocks), part.name)
            yield Spot(part=part, path=path, blocks=blocks)


def _candidates(of: Type, name: str) -> Sequence[Plain]:
    match of:
        case MapType():
            return ({"a": "b"},)
        case ListType(element) | SetType(element):
            return tuple([one] for one in _candidates(element, name))
    if of is BOOL:
        return (True, False)
    if of is NUMBER:
        return _NUMBERS
    return _WORDS if of is STRING else ()


def _another(part: Property, now: Plain) -> Plain:
    """A value that the checks accept and that means something else; None if there is none."""
    before = part.default if now is None else now
    for candidate in _candidates(part.type, part.name):
        is_good = all(check(candidate) is None for check in part.checks)
        if is_good and not part.notation.same(candidate, before):
            return candidate
    return None


def _with(config: Mapping[str, Plain], spot: Spot, made: Made) -> Mapping[str, Plain] | None:
    """The configuration with another value at the spot; None where none can be made."""
    return _set(config, members(to_python(made.value)), spot.blocks, spot.part)


def _set(
    config: Mapping[str, Plain], now: Mapping[str, Plain], blocks: tuple[Block, ...], part: Property
) -> Mapping[str, Plain] | None:
    if not blocks:
        given = config.get(part.name)
        value = _another(part, now.get(part.name) if given is None else given)
        return None if value is None else {**config, part.name: value}
    block, *below = blocks
    held, there = _first(block, config.get(block.name)), _first(block, now.get(block.name))
    inner = _set(_complete(block, held), there, tuple(below), part)
    if inner is None:
        return None
    rest = items(config.get(block.name))[1:]
    return {**config, block.name: [inner, *rest] if block.is_list else inner}


def _first(block: Block, value: Plain) -> Mapping[str, Plain]:
    return members(next(iter(items(value)), None) if block.is_list else value)


def _complete(block: Block, given: Mapping[str, Plain]) -> Mapping[str, Plain]:
    """What a block needs at least."""
    needed = {
        part.name: _another(part, None)
        for part in block.parts
        if isinstance(part, Property) and part.required and part.name not in given
    }
    return {**needed, **given}


_IDENTITIES: Final = {
    "identity.type": {"identity": {"type": "SystemAssigned"}},
    "identity.user_assigned_identities": {
        "identity": {"type": "UserAssigned", "user_assigned_identities": [_IDENTITY]}
    },
}
_IN_PLACE: Final[Mapping[str, Mapping[str, Mapping[str, Plain]]]] = {
    "azureml_compute_instance": {"state": {"state": "stopped"}},
    "azureml_workspace": {
        "identity.type": {
            "identity": {"type": "SystemAssigned,UserAssigned", "user_assigned_identities": [_IDENTITY]}
        },
        "identity.user_assigned_identities": {
            "identity": {"type": "UserAssigned", "user_assigned_identities": [_IDENTITY]},
            "primary_user_assigned_identity": _IDENTITY,
        },
        "managed_network.firewall_sku": {
            "managed_network": {"isolation_mode": "AllowInternetOutbound", "firewall_sku": "Basic"}
        },
        "managed_network.provision": {
            "managed_network": {"isolation_mode": "AllowOnlyApprovedOutbound", "provision": True}
        },
        "managed_network.outbound_rule.name": {
            "managed_network": {
                "isolation_mode": "AllowOnlyApprovedOutbound",
                "outbound_rule": [{"name": "pypi", "fqdn": {"destination": "pypi.org"}}],
            }
        },
        "managed_network.outbound_rule.fqdn.destination": {
            "managed_network": {
                "isolation_mode": "AllowOnlyApprovedOutbound",
                "provision": True,
                "outbound_rule": [
                    {"name": "pypi", "fqdn": {"destination": "files.pythonhosted.org"}},
                    {"name": "tag", "service_tag": {"service_tag": "DataFactory", "protocol": "TCP"}},
                ],
            }
        },
        "managed_network.outbound_rule.private_endpoint.service_resource_id": {
            "managed_network": {
                "isolation_mode": "AllowOnlyApprovedOutbound",
                "provision": True,
                "outbound_rule": [
                    {
                        "name": "data",
                        "private_endpoint": {
                            "service_resource_id": _STORAGE_ID,
                            "subresource_target": "blob",
                        },
                    },
                ],
            }
        },
    },
    "azureml_compute_cluster": {
        "scale_settings.min_node_count": {"scale_settings": {"min_node_count": 1, "max_node_count": 2}},
    },
    "azureml_datastore": {
        "credentials.credentials_type": {"credentials": {"credentials_type": "None"}},
    },
    "azureml_connection": {
        "auth_type": {"auth_type": "AAD", "credentials": None},
        "credentials.username": {
            "auth_type": "UsernamePassword",
            "credentials": {"username": "somebody", "password": "never-show-this"},
        },
    },
    "azureml_arm_resource": {
        "body": {
            "body": {"properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}, "x": {"y": 1}}}
        },
        "response_export_values": {"response_export_values": ["id"]},
        "type": {"type": "Microsoft.Network/virtualNetworks@2025-01-01"},
    },
}
"""Changes that need more than one value."""

_ONLY_WITH_OTHERS: Final[Mapping[str, frozenset[str]]] = {
    "azureml_workspace": frozenset(
        {
            "encryption.key_identifier",  # encryption cannot be switched on later
            "primary_user_assigned_identity",  # with the identity that it names
            "managed_network.outbound_rule.service_tag.service_tag",
            "managed_network.outbound_rule.service_tag.protocol",
            "managed_network.outbound_rule.service_tag.port_ranges",
            "managed_network.outbound_rule.service_tag.address_prefixes",
            "managed_network.outbound_rule.service_tag.action",
            "managed_network.outbound_rule.private_endpoint.subresource_target",
            "managed_network.outbound_rule.private_endpoint.spark_enabled",
        }
    ),
    "azureml_datastore": frozenset(
        f"credentials.{name}"
        for name in ("tenant_id", "client_id", "authority_url", "resource_url", "thumbprint")
    ),
    "azureml_connection": frozenset(
        f"credentials.{name}"
        for name in ("access_key_id", "auth_url", "client_id", "resource_id", "tenant_id")
    ),
}
"""Properties that mean nothing by themselves; the contract's cases, or those above, try them."""


_NOT_COMPARED: Final[Mapping[str, frozenset[str]]] = {
    "azureml_datastore": frozenset({"artifact.artifact_type"}),  # there is one word only
    "azureml_compute_cluster": frozenset(
        {  # a GET does not tell, and nothing was given
            "user_account_credentials.admin_user_name",
            "user_account_credentials.admin_user_ssh_public_key",
        }
    ),
    "azureml_compute_instance": frozenset(
        f"setup_scripts.startup_script.{name}" for name in ("script", "arguments", "timeout")
    ),
}
"""What cannot differ, or of which nobody knows what was before."""


def _is_in_place(part: Property) -> bool:
    return isinstance(part.route, Action) or part.route in {Route.PUT, Route.PATCH, Route.LOCAL}


def _build_up_to(lab: Lab, case: Case) -> Made:
    """The case's object, with what the cases before it made."""
    lab.edit("PUT", f"{_IDENTITY}?api-version=2023-01-31", {"location": "eastus"})
    made: Made | None = None
    lab.create("azureml_resource_group", _ALL["azureml_resource_group"].config)
    lab.edit("PUT", f"{_IDENTITY}?api-version=2023-01-31", {"location": "eastus"})
    needs_workspace = "workspace_id" in case.config or case.type_name == "azureml_workspace"
    if case.type_name == "azureml_resource_group":
        return Made(**_adopt(lab, case))
    neighbours = {
        "Microsoft.OperationalInsights/workspaces/log-lab": {},
        "Microsoft.ContainerRegistry/registries/crother": {"sku": {"name": "Basic"}},
        "Microsoft.Insights/components/appi-other": {"kind": "web"},
    }
    for path, body in neighbours.items():
        assert lab.edit("PUT", f"{GROUP}/providers/{path}", {"location": "eastus", **body}) in {200, 201}
    if case in ATTACHED_CASES:
        lab.build_neighbours()
    if needs_workspace:
        for name in ("storage_account", "key_vault", "application_insights", "workspace"):
            made = lab.create(f"azureml_{name}", _ALL[f"azureml_{name}"].config)
    if case.type_name != "azureml_workspace" or made is None:
        made = lab.create(case.type_name, case.config)
    return made


def _adopt(lab: Lab, case: Case) -> Mapping[str, object]:
    assert lab.edit("DELETE", GROUP) == 202
    assert lab.edit("GET", GROUP) == 404
    made = lab.create(case.type_name, case.config)
    return {"value": made.value, "private": made.private}


def _troubles(lab: Lab, case: Case, now: Made) -> Iterator[str]:
    table = resource_types()[case.type_name].table
    special = {**_IDENTITIES, **_IN_PLACE.get(case.type_name, {})}
    skipped = _ONLY_WITH_OTHERS.get(case.type_name, ())
    spots = sorted(_spots(table), key=lambda spot: spot.path[0] == "managed_network")  # it stays on
    for spot in spots:
        if not _is_in_place(spot.part) or spot.name in skipped:
            continue
        given = special.get(spot.name)
        config = {**case.config, **given} if given is not None else _with(case.config, spot, now)
        if config is None:
            yield f"{spot.name}: no value to try"
            continue
        planned = lab.plan(case.type_name, config, now)
        block = lab.kind(case.type_name).schema.block
        if replacement_paths(block, now.value, planned.planned, planned.requires_replace):
            yield f"{spot.name}: replaces"
            continue
        result = lab.update(case.type_name, config, now)
        if has_errors(result.diagnostics) or result.current is None:
            yield f"{spot.name}: {[one.detail for one in result.diagnostics]}"
            continue
        now = Made(value=result.current, private=result.private)
        read = lab.read(case.type_name, now)
        if read.current != now.value:
            yield f"{spot.name}: drifts"
        if lab.plan(case.type_name, config, now).planned != now.value:
            yield f"{spot.name}: another plan is not empty"


@pytest.mark.parametrize("case", _ALL.values(), ids=lambda case: case.type_name)
def test_what_can_change_changes_once_and_is_then_at_rest(lab: Lab, case: Case) -> None:
    made = _build_up_to(lab, case)

    assert list(_troubles(lab, case, made)) == []


def _kept_silent(lab: Lab, case: Case, now: Made) -> Iterator[str]:
    block = lab.kind(case.type_name).schema.block
    for spot in _spots(resource_types()[case.type_name].table):
        if not spot.part.forces_replacement or spot.name in _NOT_COMPARED.get(case.type_name, ()):
            continue
        config = _with(case.config, spot, now)
        if config is None:
            yield f"{spot.name}: no value to try"
            continue
        planned = lab.plan(case.type_name, config, now)
        paths = replacement_paths(block, now.value, planned.planned, planned.requires_replace)
        named = {".".join(str(step[0]) for step in path if isinstance(step[0], str)) for path in paths}
        if not any(name.split(".")[0] == spot.path[0] for name in named):
            yield f"{spot.name}: replaces nothing, or in the name of {sorted(named)}"


@pytest.mark.parametrize("case", _ALL.values(), ids=lambda case: case.type_name)
def test_what_cannot_change_plans_a_replacement_that_names_it(lab: Lab, case: Case) -> None:
    made = _build_up_to(lab, case)

    assert list(_kept_silent(lab, case, made)) == []


def test_every_type_of_the_tables_has_dynamic_parts_named_here() -> None:
    """Values of any type cannot be made from a table: they stand in the list of special changes."""
    dynamic = {
        (name, spot.name)
        for name in _ALL
        for spot in _spots(resource_types()[name].table)
        if spot.part.type is DYNAMIC and _is_in_place(spot.part)
    }

    assert dynamic <= {(name, spot) for name, changes in _IN_PLACE.items() for spot in changes}
