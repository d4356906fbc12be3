"""The tables of everything the emulator speaks: resource types and compute types; routes are in `routes`.

The one place that names them all. How to add a type is in the package's docstring.
"""

from mooring_emulator.arm.catalog import Catalog, build_catalog
from mooring_emulator.arm.kinds import ResourceKind
from mooring_emulator.arm.specs import Bodies, load_spec
from mooring_emulator.machinelearning.aml_compute import AML_COMPUTE
from mooring_emulator.machinelearning.assets import asset_types
from mooring_emulator.machinelearning.children import ChildType, Specification, child_kind
from mooring_emulator.machinelearning.clusters import AKS, KUBERNETES
from mooring_emulator.machinelearning.compute_instance import COMPUTE_INSTANCE
from mooring_emulator.machinelearning.computes import compute_kind
from mooring_emulator.machinelearning.connected import CONNECTED_TYPES
from mooring_emulator.machinelearning.data_services import (
    BATCH,
    DATA_FACTORY,
    DATA_LAKE_ANALYTICS,
    DATABRICKS,
    HDINSIGHT,
    SYNAPSE_SPARK,
)
from mooring_emulator.machinelearning.datastores import datastore_type
from mooring_emulator.machinelearning.endpoints import endpoint_types
from mooring_emulator.machinelearning.jobs import job_type
from mooring_emulator.machinelearning.published import read_published
from mooring_emulator.machinelearning.services import service_kind
from mooring_emulator.machinelearning.virtual_machine import VIRTUAL_MACHINE
from mooring_emulator.machinelearning.workspaces import workspace_kind
from mooring_emulator.resources.analytics import analytics_kinds
from mooring_emulator.resources.authorization import lock_kind, role_assignment_kind
from mooring_emulator.resources.deployments import deployment_kind
from mooring_emulator.resources.groups import resource_group_kind
from mooring_emulator.resources.key_vault import key_vault_kind
from mooring_emulator.resources.monitoring import insights_component_kind, log_workspace_kind
from mooring_emulator.resources.network import network_interface_kind, public_ip_kind
from mooring_emulator.resources.others import container_registry_kind, user_assigned_identity_kind
from mooring_emulator.resources.parts import part_kinds
from mooring_emulator.resources.storage import storage_account_kind
from mooring_emulator.resources.subnets import subnet_kind, virtual_network_kind
from mooring_emulator.resources.virtual_machines import virtual_machine_kind
from mooring_emulator.routes import ROUTES

_CHILDREN = "children-2025-12-01.json"

COMPUTE_TYPES = (
    *(AML_COMPUTE, COMPUTE_INSTANCE, VIRTUAL_MACHINE, AKS, KUBERNETES, DATA_FACTORY, DATA_LAKE_ANALYTICS),
    *(DATABRICKS, HDINSIGHT, SYNAPSE_SPARK, BATCH),
)


def child_types() -> tuple[ChildType, ...]:
    """Give what is in a workspace besides computes and services."""
    return (job_type(), datastore_type(), *asset_types(), *endpoint_types(), *CONNECTED_TYPES)


def resource_kinds() -> tuple[ResourceKind, ...]:
    """Give the resource types; reads the specifications that ship with the package."""
    published = read_published()
    specification = Specification(
        published=published, stable=Bodies(_CHILDREN), preview=Bodies(_CHILDREN, keeps_unknown=True)
    )
    return (
        resource_group_kind(),
        deployment_kind(),
        lock_kind(),
        role_assignment_kind(),
        storage_account_kind(),
        key_vault_kind(),
        insights_component_kind(),
        log_workspace_kind(),
        container_registry_kind(),
        user_assigned_identity_kind(),
        public_ip_kind(),
        network_interface_kind(),
        virtual_network_kind(),
        subnet_kind(),
        virtual_machine_kind(),
        *part_kinds(),
        *analytics_kinds(),
        workspace_kind(load_spec("workspace-2026-05-01.json")),
        compute_kind(load_spec("compute-2026-05-01.json"), COMPUTE_TYPES, published),
        service_kind(published),
        *(child_kind(child, specification) for child in child_types()),
    )


def default_catalog() -> Catalog:
    """Build the catalog of everything."""
    return build_catalog(resource_kinds(), ROUTES)
