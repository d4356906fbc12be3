"""The token endpoints and what leads clients to them.

Sources: "Microsoft identity platform and the OAuth 2.0 client credentials flow", "Microsoft Entra
authentication and authorization error codes" (AADSTS), "How to use managed identities ... to acquire an
access token" (IMDS) and App Service's `IDENTITY_ENDPOINT`; facts.md section 4 for the least that azure-
identity and azureml-core ask for.

Without a directory every client id may sign in. These credentials fail, so that failures can be tried: the
client id `unknown` (AADSTS700016), the client secret `invalid` (AADSTS7000215) or `expired`
(AADSTS7000222), an assertion whose `exp` is past (AADSTS700024), a tenant that is neither a GUID nor an alias
(AADSTS90002).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.entra.directory import object_id_of
from mooring_emulator.entra.tokens import Identity, issue_token, read_claims
from mooring_emulator.messages import json_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mooring_emulator.codec import JsonObject

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ALIASES = frozenset({"common", "organizations", "consumers"})
_USER_ASSIGNED = frozenset({"Microsoft.ManagedIdentity/userAssignedIdentities"})
_ARM = "https://management.azure.com/"
_FAILING_SECRETS = {
    "invalid": (
        7000215,
        (
            "Invalid client secret provided. Ensure the secret being sent in the request is the client "
            "secret value, not the client secret ID."
        ),
    ),
    "expired": (7000222, "The provided client secret keys are expired."),
}


class _Refused(Exception):  # noqa: N818 - control flow of one request
    """A sign-in that Entra refuses."""

    def __init__(self, status: int, error: str, number: int, text: str) -> None:
        super().__init__(f"AADSTS{number}")
        self.status, self.error, self.number, self.text = status, error, number, text


def openid_configuration(call: Call) -> Outcome:
    """GET /{tenant}/v2.0/.well-known/openid-configuration, and the same without v2.0."""
    try:
        tenant = _require_tenant(call)
    except _Refused as refused:
        return Outcome(response=json_response(refused.status, _failure(call, refused)))
    base = f"{call.url.origin}/{tenant}"
    body = {
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "issuer": f"{call.url.origin}/{tenant}/v2.0",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "response_types_supported": ["code", "id_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "tenant_region_scope": "NA",
        "cloud_instance_name": "microsoftonline.com",
    }
    return Outcome(response=json_response(200, body))


def instance_discovery(call: Call) -> Outcome:
    """GET /common/discovery/instance: which host names stand for the same authority."""
    endpoint = call.url.query.get("authorization_endpoint", "")
    tenant = (endpoint.split("/") + [""] * 4)[3] or "common"
    host = call.url.origin.partition("://")[2]
    body = {
        "tenant_discovery_endpoint": f"{call.url.origin}/{tenant}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }
    return Outcome(response=json_response(200, body))


def signing_keys(_call: Call) -> Outcome:
    """GET /{tenant}/discovery/v2.0/keys: none, the tokens are not signed by a published key."""
    return Outcome(response=json_response(200, {"keys": []}))


def token(call: Call) -> Outcome:
    """POST /{tenant}/oauth2/v2.0/token, and the v1 form /{tenant}/oauth2/token."""
    form = dict(parse_qsl(call.request.body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        return _grant(call, form)
    except _Refused as refused:
        return Outcome(response=json_response(refused.status, _failure(call, refused)))


def imds_token(call: Call) -> Outcome:
    """GET /metadata/identity/oauth2/token, a virtual machine's managed identity."""
    if _header(call, "metadata").lower() != "true":
        body = {"error": "invalid_request", "error_description": "Required metadata header not specified"}
        return Outcome(response=json_response(400, body))
    return _managed_identity(call)


def app_service_token(call: Call) -> Outcome:
    """GET /msi/token, App Service's IDENTITY_ENDPOINT; any X-IDENTITY-HEADER will do."""
    if not (_header(call, "x-identity-header") or _header(call, "secret") or _header(call, "metadata")):
        return Outcome(response=json_response(403, {"statusCode": 403, "message": "Forbidden"}))
    return _managed_identity(call)


def _managed_identity(call: Call) -> Outcome:
    resource = call.url.query.get("resource", "")
    if not resource:
        body = {"error": "invalid_request", "error_description": "Required query variable 'resource' missing"}
        return Outcome(response=json_response(400, body))
    wanted = call.url.query.get("client_id") or call.url.query.get("mi_res_id") or "system-assigned"
    identity = _managed(call, wanted)
    if identity is None:
        body = {"error": "invalid_request", "error_description": "Identity not found"}
        return Outcome(response=json_response(400, body))
    lifetime = call.world.token_seconds
    body = {
        "access_token": issue_token(identity, resource, call.now, lifetime),
        "client_id": identity.app_id,
        "expires_in": str(lifetime),
        "expires_on": str(int(call.now) + lifetime),
        "ext_expires_in": str(lifetime),
        "not_before": str(int(call.now)),
        "resource": resource,
        "token_type": "Bearer",
    }
    return Outcome(response=json_response(200, body))


def _grant(call: Call, form: Mapping[str, str]) -> Outcome:
    tenant = _require_tenant(call)
    identity = _sign_in(call, tenant, form)
    scope = form.get("scope") or form.get("resource") or ""
    if not scope:
        raise _Refused(400, "invalid_request", 90014, "The required field 'scope' is missing.")
    audience = scope.split()[0].removesuffix("/.default") or _ARM
    is_version_1, lifetime = "scope" not in form, call.world.token_seconds
    body: JsonObject = {
        "token_type": "Bearer",
        "expires_in": str(lifetime) if is_version_1 else lifetime,
        "ext_expires_in": lifetime,
        "access_token": issue_token(identity, audience, call.now, lifetime),
    }
    if is_version_1:
        body |= {"expires_on": str(int(call.now) + lifetime), "resource": scope}
    return Outcome(response=json_response(200, body))


def _sign_in(call: Call, tenant: str, form: Mapping[str, str]) -> Identity:
    client_id = form.get("client_id", "")
    if not client_id:
        raise _Refused(400, "invalid_request", 900144, "The request body must contain: 'client_id'.")
    match form.get("grant_type", ""):
        case "client_credentials":
            return _sign_in_app(call, tenant, client_id, form)
        case "password" | "refresh_token" | "authorization_code":
            return _sign_in_user(call, tenant, client_id, form)
        case other:
            text = f"The app requested an unsupported grant type '{other}'."
            raise _Refused(400, "unsupported_grant_type", 70003, text)


def _sign_in_app(call: Call, tenant: str, client_id: str, form: Mapping[str, str]) -> Identity:
    directory = call.world.directory
    member = directory.member(client_id) if directory else None
    if client_id == "unknown" or (directory is not None and member is None):
        text = f"Application with identifier '{client_id}' was not found in the directory '{tenant}'."
        raise _Refused(400, "unauthorized_client", 700016, text)
    _check_credential(call, form)
    if member is None:
        return _service_principal(tenant, client_id)
    if member.secrets and form.get("client_secret", member.secrets[0]) not in member.secrets:
        raise _Refused(401, "invalid_client", *_FAILING_SECRETS["invalid"])
    return Identity(tenant_id=tenant, object_id=member.object_id, app_id=member.client_id)


def _sign_in_user(call: Call, tenant: str, client_id: str, form: Mapping[str, str]) -> Identity:
    principal, directory = call.world.principal, call.world.directory
    name = form.get("username") or principal.name
    if directory is None:
        return Identity(tenant_id=tenant, object_id=principal.object_id, app_id=client_id, upn=name)
    member = directory.member(name)
    if member is None:
        text = f"The user account {name} does not exist in the {tenant} directory."
        raise _Refused(400, "invalid_grant", 50034, text)
    if member.secrets and form.get("password") not in member.secrets:
        raise _Refused(
            400, "invalid_grant", 50126, "Error validating credentials: invalid username or password."
        )
    return Identity(tenant_id=tenant, object_id=member.object_id, app_id=client_id, upn=member.name)


def _managed(call: Call, wanted: str) -> Identity | None:
    """Give a managed identity: of the directory, or a user-assigned one that exists in this cloud."""
    tenant, directory = call.world.principal.tenant_id, call.world.directory
    if directory is None:
        return _service_principal(tenant, wanted)
    member = directory.member(wanted)
    if member is not None:
        return Identity(tenant_id=tenant, object_id=member.object_id, app_id=member.client_id)
    for found in call.view.documents("/subscriptions/", _USER_ASSIGNED):
        client_id = str(found.properties["clientId"])
        if wanted.lower() in {client_id, found.key}:
            return Identity(tenant_id=tenant, object_id=found.properties["principalId"], app_id=client_id)
    return None


def _check_credential(call: Call, form: Mapping[str, str]) -> None:
    assertion, secret = form.get("client_assertion"), form.get("client_secret")
    if assertion:
        claims = read_claims(assertion)
        if claims is None:
            raise _Refused(401, "invalid_client", 50027, "JWT token is invalid or malformed.")
        expires = claims.get("exp")
        if isinstance(expires, int | float) and expires <= call.now:
            text = "Client assertion is not within its valid time range."
            raise _Refused(401, "invalid_client", 700024, text)
        return
    if not secret:
        text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
        raise _Refused(401, "invalid_client", 7000218, text)
    if secret in _FAILING_SECRETS:
        number, text = _FAILING_SECRETS[secret]
        raise _Refused(401, "invalid_client", number, text)


def _service_principal(tenant: str, client_id: str) -> Identity:
    return Identity(tenant_id=tenant, object_id=object_id_of(tenant, client_id), app_id=client_id)


def _require_tenant(call: Call) -> str:
    name = call.parameters["tenant"]
    if not (_GUID.fullmatch(name) or name.lower() in _ALIASES or "." in name):
        raise _Refused(400, "invalid_request", 90002, f"Tenant '{name}' not found.")
    return _tenant_id(call, name)


def _tenant_id(call: Call, name: str) -> str:
    return name if _GUID.fullmatch(name) else call.world.principal.tenant_id


def _failure(call: Call, refused: _Refused) -> JsonObject:
    trace, correlation = call.world.new_id(), call.world.new_id()
    at = call.timestamp.partition(".")[0].replace("T", " ") + "Z"
    description = f"AADSTS{refused.number}: {refused.text} Trace ID: {trace} Correlation ID: {correlation}"
    return {
        "error": refused.error,
        "error_description": f"{description} Timestamp: {at}",
        "error_codes": [refused.number],
        "timestamp": at,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"{call.url.origin}/error?code={refused.number}",
    }


def _header(call: Call, name: str) -> str:
    found = (value for key, value in call.request.headers.items() if key.lower() == name)
    return next(found, "")
