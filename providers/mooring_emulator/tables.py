"""The tables of everything the emulator speaks: resource types, compute types and routes.

The one place that names them all. How to add a type is in the package's docstring.
"""

from mooring_emulator.arm.catalog import ANY, Catalog, Route, build_catalog
from mooring_emulator.arm.kinds import ResourceKind
from mooring_emulator.arm.operations import read_result, read_status
from mooring_emulator.arm.registration import (
    get_provider,
    list_providers,
    list_tenant_providers,
    register,
    unregister,
)
from mooring_emulator.arm.router import answer_group, answer_resource
from mooring_emulator.arm.specs import load_spec
from mooring_emulator.arm.versions import MACHINE_LEARNING, RESOURCES
from mooring_emulator.entra.endpoints import (
    app_service_token,
    imds_token,
    instance_discovery,
    openid_configuration,
    signing_keys,
    token,
)
from mooring_emulator.entra.metadata import cloud_endpoints, discovery
from mooring_emulator.machinelearning.aml_compute import AML_COMPUTE
from mooring_emulator.machinelearning.compute_instance import COMPUTE_INSTANCE
from mooring_emulator.machinelearning.computes import compute_kind
from mooring_emulator.machinelearning.quotas import list_quotas, list_usages, list_vm_sizes
from mooring_emulator.machinelearning.virtual_machine import VIRTUAL_MACHINE
from mooring_emulator.machinelearning.workspaces import workspace_kind
from mooring_emulator.resources.groups import (
    get_subscription,
    list_groups,
    list_subscriptions,
    resource_group_kind,
)
from mooring_emulator.resources.key_vault import key_vault_kind
from mooring_emulator.resources.listing import list_in_group, list_in_subscription
from mooring_emulator.resources.monitoring import insights_component_kind, log_workspace_kind
from mooring_emulator.resources.network import network_interface_kind, public_ip_kind, virtual_network_kind
from mooring_emulator.resources.others import container_registry_kind, user_assigned_identity_kind
from mooring_emulator.resources.storage import storage_account_kind
from mooring_emulator.resources.virtual_machines import virtual_machine_kind

COMPUTE_TYPES = (AML_COMPUTE, COMPUTE_INSTANCE, VIRTUAL_MACHINE)

_SUBSCRIPTION = "/subscriptions/{subscription}"
_GROUP = _SUBSCRIPTION + "/resourceGroups/{group}"
_ML_LOCATION = _SUBSCRIPTION + "/providers/Microsoft.MachineLearningServices/locations/{location}"

ROUTES = (
    Route(method="GET", template="/subscriptions", handler=list_subscriptions, api_versions=RESOURCES),
    Route(method="GET", template=_SUBSCRIPTION, handler=get_subscription, api_versions=RESOURCES),
    Route(
        method="GET",
        template=f"{_SUBSCRIPTION}/resources",
        handler=list_in_subscription,
        api_versions=RESOURCES,
    ),
    Route(
        method="GET", template=f"{_SUBSCRIPTION}/resourceGroups", handler=list_groups, api_versions=RESOURCES
    ),
    Route(method=ANY, template=_GROUP, handler=answer_group, api_versions=RESOURCES),
    Route(method="GET", template=f"{_GROUP}/resources", handler=list_in_group, api_versions=RESOURCES),
    Route(method="GET", template=f"{_SUBSCRIPTION}/operationresults/{{operation}}", handler=read_result),
    Route(
        method="GET", template=f"{_ML_LOCATION}/usages", handler=list_usages, api_versions=MACHINE_LEARNING
    ),
    Route(
        method="GET", template=f"{_ML_LOCATION}/quotas", handler=list_quotas, api_versions=MACHINE_LEARNING
    ),
    Route(
        method="GET", template=f"{_ML_LOCATION}/vmSizes", handler=list_vm_sizes, api_versions=MACHINE_LEARNING
    ),
    Route(
        method="GET",
        template=f"{_SUBSCRIPTION}/providers/{{namespace}}/locations/{{location}}/{{collection}}/{{operation}}",
        handler=read_status,
    ),
    Route(method=ANY, template=f"{_SUBSCRIPTION}/providers/{{namespace}}/{{rest*}}", handler=answer_resource),
    Route(method=ANY, template=f"{_GROUP}/providers/{{namespace}}/{{rest*}}", handler=answer_resource),
)


def resource_kinds() -> tuple[ResourceKind, ...]:
    """Give the resource types; reads the specifications that ship with the package."""
    return (
        resource_group_kind(),
        storage_account_kind(),
        key_vault_kind(),
        insights_component_kind(),
        log_workspace_kind(),
        container_registry_kind(),
        user_assigned_identity_kind(),
        public_ip_kind(),
        network_interface_kind(),
        virtual_network_kind(),
        virtual_machine_kind(),
        workspace_kind(load_spec("workspace-2026-05-01.json")),
        compute_kind(load_spec("compute-2026-05-01.json"), COMPUTE_TYPES),
    )


def default_catalog() -> Catalog:
    """Build the catalog of everything."""
    return build_catalog(resource_kinds(), ROUTES)
