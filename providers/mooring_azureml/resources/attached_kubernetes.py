"""`azureml_attached_kubernetes`: computeType Kubernetes. Somebody's AKS or Arc-enabled cluster.

Sources: specs/compute-schema-2026-05-01.json; "Create and attach Kubernetes": one attachment for each
namespace of a cluster, the namespace exists before and stays as it is; the service adds the instance type
`defaultinstancetype` where none is given.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mooring.core.types import STRING, MapType
from mooring.sdk import Nesting
from mooring_azureml.common import identity
from mooring_azureml.computes.attaching import ATTACHED, attached_id
from mooring_azureml.preflight.attachments import free_to_attach
from mooring_azureml.preflight.underlying import existing_cluster
from mooring_azureml.table.checks import matching
from mooring_azureml.table.model import Block, Property, Route

_SETTINGS: Final = "properties.properties"


def _quantities(name: str, arm: str, description: str) -> Property:
    return Property(name=name, type=MapType(STRING), arm=arm, route=Route.PUT, description=description)


_INSTANCE_TYPE: Final = Block(
    name="instance_type",
    arm=f"{_SETTINGS}.instanceTypes",
    nesting=Nesting.LIST,
    keyed_by="name",
    added_by_service=("defaultinstancetype",),
    parts=(
        Property(
            name="name", type=STRING, required=True, route=Route.PUT, description="What jobs choose it by."
        ),
        _quantities("node_selector", "nodeSelector", "Labels of the nodes to run on."),
        _quantities("requests", "resources.requests", "What a pod asks for, like `cpu` and `memory`."),
        _quantities("limits", "resources.limits", "What a pod may use, like `nvidia.com/gpu`."),
    ),
    description="A size that jobs can ask for.",
)

DEFINITION: Final = replace(
    ATTACHED,
    type_name="azureml_attached_kubernetes",
    noun="attached Kubernetes cluster",
    discriminator={"properties.computeType": "Kubernetes"},
    attaches="kubernetes_cluster_id",
    attached_per="namespace",
    description="An existing AKS or Arc-enabled Kubernetes cluster, attached. Detaching leaves it as it is.",
    guards=(existing_cluster("kubernetes_cluster_id"), free_to_attach("kubernetes_cluster_id", "namespace")),
    table=(
        *ATTACHED.table,
        attached_id(
            "kubernetes_cluster_id",
            "Microsoft.ContainerService/managedClusters",
            "Microsoft.Kubernetes/connectedClusters",
            description="The ARM id of the AKS cluster, or of the Arc-enabled cluster.",
        ),
        Property(
            name="namespace",
            type=STRING,
            arm=f"{_SETTINGS}.namespace",
            route=Route.FIXED,
            default="default",
            checks=(
                matching(
                    r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
                    "must have 1 to 63 lower-case letters, digits and dashes, and no dash at either end",
                ),
            ),
            description="The namespace that workloads run in; it must exist.",
        ),
        identity(Route.PUT),
        Property(
            name="default_instance_type",
            type=STRING,
            arm=f"{_SETTINGS}.defaultInstanceType",
            route=Route.PUT,
            computed=True,
            description="The instance type of jobs that choose none.",
        ),
        _INSTANCE_TYPE,
    ),
)
