"""A configuration for each resource type, in the order in which they depend on each other."""

from __future__ import annotations

from typing import Final

from mooring.sdk.testing import Case

SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000000"
GROUP: Final = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-lab"
WORKSPACE: Final = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/mlw-lab"
VM: Final = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-datascience-vms"
    "/providers/Microsoft.Compute/virtualMachines/vm-dsvm-ubuntu"
)
PASSWORD: Final = "Zq7-never-show-this-one"
PLACE: Final = {"resource_group_name": "rg-lab", "location": "eastus"}
SCRIPT: Final = "#!/bin/bash\ngit clone https://github.com/MicrosoftLearning/mslearn-dp100\n"

RESOURCE_GROUP: Final = {"name": "rg-lab", "location": "East US"}
STORAGE: Final = {"name": "stmlwlab", **PLACE}
KEY_VAULT: Final = {"name": "kv-mlw-lab", **PLACE}
INSIGHTS: Final = {"name": "appi-mlw-lab", **PLACE}
WORKSPACE_CONFIG: Final = {
    "name": "mlw-lab",
    **PLACE,
    "storage_account_id": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stmlwlab",
    "key_vault_id": f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-mlw-lab",
    "application_insights_id": f"{GROUP}/providers/microsoft.insights/components/appi-mlw-lab",
    "identity": {"type": "SystemAssigned"},
}
CLUSTER: Final = {
    "name": "cpu-cluster",
    "workspace_id": WORKSPACE,
    "vm_size": "Standard_DS3_v2",
    "scale_settings": {"max_node_count": 2, "node_idle_time_before_scale_down": "PT120S"},
}
INSTANCE: Final = {
    "name": "ci-dp100",
    "workspace_id": WORKSPACE,
    "vm_size": "Standard_DS11_v2",
    "idle_time_before_shutdown": "PT60M",
    "ssh_settings": {"ssh_public_access": "Enabled", "admin_public_key": "ssh-rsa AAAA lab"},
    "assigned_user": {"object_id": SUBSCRIPTION, "tenant_id": SUBSCRIPTION},
    "setup_scripts": {"creation_script": {"script": SCRIPT, "arguments": "a b", "timeout": "20m"}},
    "schedule": [
        {"action": "Stop", "cron": {"expression": "0 18 * * *"}},
        {
            "action": "Start",
            "recurrence": {
                "frequency": "Week",
                "week_days": ["Monday", "Friday"],
                "hours": [8],
                "minutes": [0],
            },
        },
    ],
}
ATTACHMENT: Final = {
    "name": "dsvm",
    "workspace_id": WORKSPACE,
    "virtual_machine_id": VM,
    "username": "azureuser",
    "password": PASSWORD,
}

_CLOSED: Final = {
    "isolation_mode": "AllowOnlyApprovedOutbound",
    "provision": True,
    "outbound_rule": [
        {"name": "pypi", "fqdn": {"destination": "pypi.org"}},
        {"name": "factory", "service_tag": {"service_tag": "DataFactory", "protocol": "TCP"}},
    ],
}

CASES: Final = (
    Case(
        type_name="azureml_resource_group",
        config=RESOURCE_GROUP,
        changes=({**RESOURCE_GROUP, "tags": {"owner": "lab"}}, RESOURCE_GROUP),
    ),
    Case(
        type_name="azureml_storage_account",
        config=STORAGE,
        changes=(
            {**STORAGE, "sku_name": "Standard_GRS", "access_tier": "Cool", "tags": {"a": "b"}},
            {**STORAGE, "allow_blob_public_access": True},
        ),
    ),
    Case(
        type_name="azureml_key_vault",
        config=KEY_VAULT,
        changes=({**KEY_VAULT, "public_network_access": "Disabled", "enable_purge_protection": True},),
    ),
    Case(
        type_name="azureml_application_insights",
        config=INSIGHTS,
        changes=({**INSIGHTS, "retention_in_days": 30, "tags": {"a": "b"}},),
    ),
    Case(
        type_name="azureml_workspace",
        config=WORKSPACE_CONFIG,
        changes=(
            {**WORKSPACE_CONFIG, "description": "A lab", "tags": {"course": "dp-100"}},
            {**WORKSPACE_CONFIG, "managed_network": {"isolation_mode": "AllowInternetOutbound"}},
            {**WORKSPACE_CONFIG, "managed_network": _CLOSED, "friendly_name": "Lab"},
            {**WORKSPACE_CONFIG, "managed_network": _CLOSED, "public_network_access": "Disabled"},
        ),
    ),
    Case(
        type_name="azureml_compute_cluster",
        config=CLUSTER,
        changes=(
            {**CLUSTER, "scale_settings": {"min_node_count": 1, "max_node_count": 4}},
            {**CLUSTER, "tags": {"team": "a"}, "description": "Two nodes"},
            {**CLUSTER, "identity": {"type": "SystemAssigned"}},
        ),
    ),
    Case(
        type_name="azureml_compute_instance",
        config=INSTANCE,
        changes=(
            {**INSTANCE, "idle_time_before_shutdown": "PT2H"},
            {**INSTANCE, "tags": {"a": "b"}},
            {**INSTANCE, "state": "stopped"},
            {**INSTANCE, "state": "running"},
        ),
    ),
    Case(
        type_name="azureml_attached_virtual_machine",
        config=ATTACHMENT,
        changes=({**ATTACHMENT, "description": "The team's machine", "tags": {"a": "b"}},),
    ),
)
