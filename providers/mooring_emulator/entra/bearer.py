"""Who makes a request: the bearer of an access token.

Codes and messages are those ARM answers: AuthenticationFailed without a token, InvalidAuthenticationToken for
what is none or was issued by somebody else, ExpiredAuthenticationToken after its time,
InvalidAuthenticationTokenTenant for one of another tenant where there is a directory. Paths outside ARM need
none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mooring_emulator.arm.errors import ArmError
from mooring_emulator.arm.principals import Principal
from mooring_emulator.entra.tokens import is_own, read_claims

if TYPE_CHECKING:
    from mooring_emulator.arm.call import Call
    from mooring_emulator.codec import JsonObject

CHALLENGE = 'Bearer authorization_uri="https://login.microsoftonline.com/", error="invalid_token"'
"""What a 401 tells about how to do better."""
_ARM_ROOTS = frozenset({"subscriptions", "providers", "tenants", "rp"})


def authenticate(call: Call, *, needs_token: bool) -> Call:
    """Give the call in the name of the token's bearer; raises ArmError when a token is needed and missing."""
    token = _token(call)
    claims = read_claims(token) if token else None
    if needs_token and call.url.segments[:1] and call.url.segments[0].lower() in _ARM_ROOTS:
        _require_valid(call, token, claims)
    if claims is None or not isinstance(claims.get("oid"), str):
        return call
    return replace(call, world=replace(call.world, principal=_principal(call, claims)))


def _token(call: Call) -> str:
    for name, value in call.request.headers.items():
        if name.lower() == "authorization":
            scheme, _, token = value.partition(" ")
            return token.strip() if scheme.lower() == "bearer" else ""
    return ""


def _require_valid(call: Call, token: str, claims: JsonObject | None) -> None:
    if not token:
        message = "Authentication failed. The 'Authorization' header is missing."
        raise ArmError(401, "AuthenticationFailed", message)
    if claims is None or not is_own(token) or not isinstance(claims.get("exp"), int | float):
        raise ArmError(401, "InvalidAuthenticationToken", "The access token is invalid.")
    if claims["exp"] <= call.now:
        raise ArmError(
            401,
            "ExpiredAuthenticationToken",
            f"The access token expiry UTC time is earlier than current UTC time '{call.timestamp}'.",
        )
    tenant = call.world.principal.tenant_id
    if call.world.directory is not None and claims.get("tid") != tenant:
        raise ArmError(
            401,
            "InvalidAuthenticationTokenTenant",
            f"The access token is from the wrong issuer '{claims.get('iss')}'. It must match the tenant "
            f"'https://sts.windows.net/{tenant}/' associated with this subscription. Please use the "
            f"authority (URL) 'https://login.windows.net/{tenant}' to get the token.",
        )


def _principal(call: Call, claims: JsonObject) -> Principal:
    default = call.world.principal
    name = claims.get("upn") or claims.get("appid") or default.name
    return Principal(tenant_id=default.tenant_id, object_id=claims["oid"], name=str(name))
