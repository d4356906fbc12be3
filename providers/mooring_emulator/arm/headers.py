"""The headers every ARM response carries.

Source: recordings of the live service of 2025 (facts.md section 3): request id equals correlation id, the
routing id names the region and time, and the remaining calls are those of a full token bucket. Throttling
that counts them down belongs to fault injection.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

_CONSTANT = {
    "Cache-Control": "no-cache",
    "Pragma": "no-cache",
    "Expires": "-1",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}
_LIMITS = {
    "reads": {
        "x-ms-ratelimit-remaining-subscription-reads": "249",
        "x-ms-ratelimit-remaining-subscription-global-reads": "3749",
    },
    "writes": {
        "x-ms-ratelimit-remaining-subscription-writes": "199",
        "x-ms-ratelimit-remaining-subscription-global-writes": "2999",
    },
    "deletes": {
        "x-ms-ratelimit-remaining-subscription-deletes": "199",
        "x-ms-ratelimit-remaining-subscription-global-deletes": "2999",
    },
}
_BUCKETS = {"GET": "reads", "HEAD": "reads", "DELETE": "deletes"}


def common_headers(method: str, request_id: str, now: float) -> Mapping[str, str]:
    """Give the headers that do not depend on what was asked."""
    routed = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    return {
        **_CONSTANT,
        "x-ms-request-id": request_id,
        "x-ms-correlation-request-id": request_id,
        "x-ms-routing-request-id": f"EASTUS:{routed}:{request_id}",
        **_LIMITS[_BUCKETS.get(method, "writes")],
    }
