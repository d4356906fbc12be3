"""Resource types that people look for and that there are not: what to do instead.

Sources: facts.md section 1 (which targets are never attached), section 2 (which have no compute type in any
published API version).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_CONTAINER_INSTANCE: Final = (
    "A container instance is no compute that can be attached: Azure makes one for a model that is "
    'deployed. Use "azureml_container_instance_service", or "azureml_online_endpoint" with '
    '"azureml_online_deployment", which has taken its place.'
)
_LOCAL: Final = (
    "The local computer is no compute of a workspace, and is never attached. Jobs run on it with "
    'compute = "local" in "azureml_command_job"; what they find there says data.azureml_local_computer.'
)
_MACHINE: Final = 'Virtual machines, also those for data science, are "azureml_attached_virtual_machine".'
_AKS: Final = (
    'To attach or create an AKS cluster for deployments there is "azureml_inference_cluster"; to attach '
    'AKS or Arc for jobs and endpoints, "azureml_attached_kubernetes".'
)
_MANAGED: Final = (
    'Computes that Azure manages are "azureml_compute_cluster" and "azureml_compute_instance"; a job '
    'without a compute ("azureml_command_job") runs on a serverless one.'
)
_KUSTO: Final = "No published version of the service's API can attach Kusto or Azure Data Explorer."

HINTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            "azureml_attached_aci",
            "azureml_attached_container_instance",
            "azureml_container_instance",
            "azureml_compute_containerinstance",
        ),
        _CONTAINER_INSTANCE,
    ),
    **dict.fromkeys(
        (
            "azureml_attached_local",
            "azureml_attached_local_computer",
            "azureml_compute_local",
            "azureml_local",
            "azureml_local_computer_attachment",
        ),
        _LOCAL,
    ),
    **dict.fromkeys(
        ("azureml_attached_dsvm", "azureml_attached_remote_vm", "azureml_attached_vm", "azureml_remote_vm"),
        _MACHINE,
    ),
    **dict.fromkeys(
        ("azureml_aks", "azureml_attached_aks", "azureml_attached_arc", "azureml_kubernetes_cluster"), _AKS
    ),
    **dict.fromkeys(
        ("azureml_amlcompute", "azureml_compute", "azureml_compute_amlcompute", "azureml_serverless_compute"),
        _MANAGED,
    ),
    **dict.fromkeys(("azureml_attached_data_explorer", "azureml_attached_kusto"), _KUSTO),
}
"""By the name that somebody wrote."""
