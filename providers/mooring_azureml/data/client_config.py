"""The data source `azureml_client_config`: who the provider is, as the access token says."""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError
from mooring_azureml.inquiry import Inquiry, told
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.table.model import Fields


def _answer(access: Access, ctx: CallContext, _config: Fields) -> Fields | ArmError | Diagnostic:
    """The claims of the token: tid, oid, appid ("Access token claims reference")."""
    caller = access.arm.caller(ctx)
    if isinstance(caller, ArmError):
        return caller
    tenant = caller.get("tid") or access.tenant_id
    return {
        "id": f"{access.subscription_id}/{caller.get('oid')}",
        "subscription_id": access.subscription_id,
        "tenant_id": tenant,
        "object_id": caller.get("oid"),
        "client_id": caller.get("appid") or caller.get("azp"),
    }


DEFINITION: Final = Inquiry(
    type_name="azureml_client_config",
    noun="the provider's identity",
    description="Who the provider is signed in as, and where it works.",
    attributes={
        "subscription_id": told("The subscription."),
        "tenant_id": told("The tenant."),
        "object_id": told("The object id of the user or service principal."),
        "client_id": told("The application."),
    },
    answer=_answer,
)
