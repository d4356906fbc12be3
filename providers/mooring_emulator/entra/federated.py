"""The token endpoints of CI systems, so that signing in without a secret can be tried.

Sources: "Configuring OpenID Connect in Azure" (GitHub Actions), "Azure DevOps REST API: Oidctoken - Create".
Any request token will do; the audience, or the service connection, must be there as it must be there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.entra.tokens import Identity, issue_token
from mooring_emulator.messages import json_response

if TYPE_CHECKING:
    from mooring_emulator.codec import JsonObject

_AUDIENCE = "api://AzureADTokenExchange"
_LIFETIME = 300


def github_token(call: Call) -> Outcome:
    """GET /ci/github: ACTIONS_ID_TOKEN_REQUEST_URL."""
    return _answer(call, "value", is_complete=call.url.query.get("audience") == _AUDIENCE)


def azure_devops_token(call: Call) -> Outcome:
    """POST /ci/azure-devops: SYSTEM_OIDCREQUESTURI."""
    return _answer(call, "oidcToken", is_complete="serviceconnectionid" in call.url.query)


def _answer(call: Call, member: str, *, is_complete: bool) -> Outcome:
    authorization = {name.lower(): value for name, value in call.request.headers.items()}.get(
        "authorization", ""
    )
    if not authorization.lower().startswith("bearer "):
        return Outcome(response=json_response(401, {"message": "A request token is required."}))
    if not is_complete:
        return Outcome(response=json_response(400, {"message": "The request is incomplete."}))
    identity = Identity(
        tenant_id=call.world.principal.tenant_id, object_id=call.world.principal.object_id, app_id="ci"
    )
    body: JsonObject = {member: issue_token(identity, _AUDIENCE, call.now, _LIFETIME)}
    return Outcome(response=json_response(200, body))
