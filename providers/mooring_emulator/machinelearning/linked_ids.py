"""How the service spells the ids of other resources that a workspace or a compute refers to.

Recorded from the live service: sent `/resourcegroups/g/providers/microsoft.keyvault/vaults/v`, answered
`/resourceGroups/g/providers/Microsoft.Keyvault/vaults/v` (facts.md section 3). Names keep their spelling.
"""

_SPELLINGS = {
    "microsoft.storage/storageaccounts": "microsoft.storage/storageAccounts",
    "microsoft.keyvault/vaults": "Microsoft.Keyvault/vaults",
    "microsoft.insights/components": "Microsoft.insights/components",
    "microsoft.containerregistry/registries": "Microsoft.ContainerRegistry/registries",
    "microsoft.compute/virtualmachines": "Microsoft.Compute/virtualMachines",
}
_SEGMENTS = {"subscriptions": "subscriptions", "resourcegroups": "resourceGroups", "providers": "providers"}


def respell(resource_id: str) -> str:
    """Give a resource id as the service answers it; anything that is no resource id stays as it is."""
    parts = [part for part in resource_id.split("/") if part]
    if len(parts) != 8 or parts[0].lower() != "subscriptions":
        return resource_id
    folded = [_SEGMENTS.get(part.lower(), part) if i in {0, 2, 4} else part for i, part in enumerate(parts)]
    type_name = _SPELLINGS.get(f"{parts[5]}/{parts[6]}".lower(), f"{parts[5]}/{parts[6]}")
    return "/" + "/".join((*folded[:5], type_name, parts[7]))
