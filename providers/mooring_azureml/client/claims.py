"""What an access token says about its bearer."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping

from mooring.core.codec import loads


def claims_of(token: str) -> Mapping[str, str]:
    """The claims that are texts; none for what is no JSON Web Token."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        content = loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (Base64Error, ValueError):
        return {}
    claims = content if isinstance(content, Mapping) else {}
    return {name: value for name, value in claims.items() if isinstance(value, str)}
