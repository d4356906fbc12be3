"""What is above resource groups: tenants, and the locations of a subscription."""

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.paging import list_all
from mooring_emulator.arm.regions import REGIONS


def list_tenants(call: Call) -> Outcome:
    """GET /tenants."""
    tenant = call.world.principal.tenant_id
    return list_all(
        [
            {
                "id": f"/tenants/{tenant}",
                "tenantId": tenant,
                "displayName": "Emulated tenant",
                "tenantCategory": "Home",
            }
        ]
    )


def list_locations(call: Call) -> Outcome:
    """GET /subscriptions/{subscription}/locations."""
    scope = f"/subscriptions/{call.parameters['subscription']}/locations"
    return list_all(
        [{"id": f"{scope}/{name}", "name": name, "type": "Region", "displayName": name} for name in REGIONS]
    )
