"""Access tokens: JSON Web Tokens with the claims that clients read.

Sources: "Access token claims reference" (v1.0 tokens of Azure Resource Manager); facts.md section 4: azureml-
core decodes exp, tid, oid and upn. The signature is a digest with a key that everybody may know: an emulated
cloud protects nothing, and no client verifies the tokens it merely carries.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from mooring_emulator.codec import JsonObject, decode, encode

LIFETIME = 3600
"""Seconds an access token is valid by default."""

_KEY = b"an emulated cloud protects nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a token stands for; `upn` is empty for a service principal, whose `app_id` is its client id."""

    tenant_id: str
    object_id: str
    app_id: str
    upn: str = ""


def issue_token(identity: Identity, audience: str, now: float, lifetime: int = LIFETIME) -> str:
    """Write an access token that is valid for `lifetime` seconds."""
    issued = int(now)
    claims: JsonObject = {
        "aud": audience,
        "iss": f"https://sts.windows.net/{identity.tenant_id}/",
        "iat": issued,
        "nbf": issued,
        "exp": issued + lifetime,
        "appid": identity.app_id,
        "appidacr": "1",
        "idtyp": "user" if identity.upn else "app",
        "oid": identity.object_id,
        "sub": identity.object_id,
        "tid": identity.tenant_id,
        "ver": "1.0",
    }
    if identity.upn:
        claims |= {"upn": identity.upn, "unique_name": identity.upn}
    head = f"{_part({'typ': 'JWT', 'alg': 'HS256', 'kid': 'emulator'})}.{_part(claims)}"
    return f"{head}.{_signature(head)}"


def is_own(token: str) -> bool:
    """Say whether a token was issued by an emulator, this one or another."""
    head, _, signature = token.rpartition(".")
    return hmac.compare_digest(signature.encode(), _signature(head).encode())


def read_claims(token: str) -> JsonObject | None:
    """Give the claims of a token, None when it is no JSON Web Token; the signature is not looked at."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims: Any = decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    return claims if isinstance(claims, dict) else None


def _signature(head: str) -> str:
    return _text(hmac.new(_KEY, head.encode(), hashlib.sha256).digest())


def _part(value: JsonObject) -> str:
    return _text(encode(value))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
