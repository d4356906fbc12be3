"""What a workspace needs beside its PUT and PATCH: recovery, rules that go, the managed network at once.

Sources: specs/operations-2025-12-01.json (provisionManagedNetwork, outboundRules); "Recover workspace data
while soft deleted": recovery brings the old settings back, so that the wanted ones are sent once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mooring.sdk import CallContext
from mooring_azureml.arm.ids import child_id
from mooring_azureml.arm.port import ArmError, Target
from mooring_azureml.common import ML_API_VERSION
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.table.model import Fields
from mooring_azureml.table.notation import items, members
from mooring_azureml.table.to_arm import Body, set_at

RECOVER: Final = "recover_soft_deleted"
PURGE: Final = "purge_on_destroy"
_MANAGED: Final = "managed_network"


def purged(fields: Fields) -> Mapping[str, str]:
    """The query of a DELETE: for good, where the workspace is not to be kept for recovery."""
    return {"forceToPurge": "true"} if fields.get(PURGE) is True else {}


def recovers(fields: Fields) -> bool:
    """Whether a soft-deleted workspace of this name is to come back."""
    return fields.get(RECOVER) is True


def with_recovery(fields: Fields, body: Body) -> Body:
    """The body of a PUT that may find its name held by a soft-deleted workspace."""
    if recovers(fields):
        set_at(body, "properties.allowRecoverSoftDeletedWorkspace", value=True)
    return body


def accompany(access: Access, ctx: CallContext, prior: Fields | None, wanted: Fields) -> ArmError | None:
    """The requests that follow a create or an update."""
    failed = _remove_rules(access, ctx, prior, wanted) if prior is not None else None
    if failed is None and _is_to_provision(wanted) and not (prior is not None and _is_to_provision(prior)):
        failed = _provision(access, ctx, str(wanted["id"]))
    return failed


def _remove_rules(access: Access, ctx: CallContext, prior: Fields, wanted: Fields) -> ArmError | None:
    """PATCH adds rules and changes them; one that is gone must be deleted by itself."""
    for name in sorted(_rule_names(prior) - _rule_names(wanted)):
        rule = child_id(str(wanted["id"]), "outboundRules", name)
        failed = access.arm.delete(ctx, Target(id=rule, api_version=ML_API_VERSION))
        if failed is not None and not failed.is_absent:
            return failed
    return None


def _rule_names(fields: Fields) -> set[str]:
    rules = items(members(fields.get(_MANAGED)).get("outbound_rule"))
    return {str(members(one).get("name")) for one in rules}


def _is_to_provision(fields: Fields) -> bool:
    network = members(fields.get(_MANAGED))
    is_closed = str(network.get("isolation_mode") or "Disabled").lower() != "disabled"
    return network.get("provision") is True and is_closed


def _provision(access: Access, ctx: CallContext, workspace: str) -> ArmError | None:
    ctx.progress("Provisioning the managed network")
    target = Target(id=f"{workspace}/provisionManagedNetwork", api_version=ML_API_VERSION)
    answer = access.arm.post(ctx, target, {"includeSpark": False})
    return answer if isinstance(answer, ArmError) else None
