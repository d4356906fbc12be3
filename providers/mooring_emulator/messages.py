"""The messages that cross the emulator's boundary: one HTTP request in, one HTTP response out.

Owns the two value types and nothing else. Must not know Azure, a store or a network.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mooring_emulator.codec import Json, decode, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request.

    `url` is absolute, or a path with its query; links in the answer are built on the same origin.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What goes wrong on the way back: the connection is reset, or the body takes `seconds` to arrive."""

    is_reset: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An HTTP response with all its headers; an empty body has no content type.

    `wire` is a fault that whoever carries the response must act out; None on all but injected faults.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    wire: Wire | None = None

    def json(self) -> Json:
        """Decode the body; None when it is empty."""
        return decode(self.body) if self.body else None


def json_response(status: int, value: Json, headers: Mapping[str, str] | None = None) -> Response:
    """Build a response that carries a JSON value."""
    content = {"Content-Type": "application/json; charset=utf-8"}
    return Response(status=status, headers={**content, **(headers or {})}, body=encode(value))


def empty_response(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Build a response without a body."""
    return Response(status=status, headers=dict(headers or {}))
