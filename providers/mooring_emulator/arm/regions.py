"""Azure's regions and how a location is spelled.

Source: the public region list ("az account list-locations"); display names fold to the canonical name.
"""

from mooring_emulator.arm.errors import location_required, location_unavailable
from mooring_emulator.codec import Json

REGIONS = (
    *(
        "australiacentral",
        "australiaeast",
        "australiasoutheast",
        "brazilsouth",
        "canadacentral",
        "canadaeast",
    ),
    *("centralindia", "centralus", "eastasia", "eastus", "eastus2", "francecentral", "germanywestcentral"),
    *("israelcentral", "italynorth", "japaneast", "japanwest", "koreacentral", "koreasouth", "mexicocentral"),
    *("northcentralus", "northeurope", "norwayeast", "polandcentral", "qatarcentral", "southafricanorth"),
    *("southcentralus", "southeastasia", "southindia", "spaincentral", "swedencentral", "switzerlandnorth"),
    *(
        "switzerlandwest",
        "uaenorth",
        "uksouth",
        "ukwest",
        "westcentralus",
        "westeurope",
        "westindia",
        "westus",
    ),
    *("westus2", "westus3"),
)


def fold_location(location: str) -> str:
    """Give the canonical spelling: 'East US' is 'eastus'."""
    return location.replace(" ", "").lower()


def require_location(location: Json, type_name: str) -> str:
    """Give the canonical location of a tracked resource; raises ArmError when absent or no region."""
    if not isinstance(location, str) or not location.strip():
        raise location_required()
    folded = fold_location(location)
    if folded not in REGIONS:
        raise location_unavailable(location, type_name, REGIONS)
    return folded
