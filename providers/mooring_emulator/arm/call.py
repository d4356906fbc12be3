"""What a handler is given and what it gives back.

Owns `World` (what stays the same for the emulator's life), `Call` (one request), `Outcome` (its response and
the changes it asks for). Handlers are pure functions from a call to an outcome; refusals are `ArmError`s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from mooring_emulator.arm.errors import invalid_content
from mooring_emulator.codec import decode, decode_relaxed

if TYPE_CHECKING:
    from mooring_emulator.arm.catalog import Catalog
    from mooring_emulator.arm.principals import Directory, Principal
    from mooring_emulator.arm.urls import Url
    from mooring_emulator.codec import Json, JsonObject
    from mooring_emulator.messages import Request, Response
    from mooring_emulator.store.model import Write
    from mooring_emulator.store.protocol import View

Clock: TypeAlias = Callable[[], float]
"""Gives the time in Unix seconds; `time.time` is one."""

IdSource: TypeAlias = Callable[[], str]
"""Gives a new GUID, lower case with dashes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an operation ends when a fault decides: after `seconds`, with an error unless `code` is empty."""

    code: str = ""
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The emulator's constant surroundings.

    Durations are seconds. Without a directory anybody may do all. With `is_as_specified` the status codes
    are those of the specifications also where the service was recorded to answer others.
    """

    catalog: Catalog
    principal: Principal
    new_id: IdSource
    lro_seconds: float
    page_size: int
    token_seconds: int = 3600
    directory: Directory | None = None
    is_as_specified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, parsed and routed.

    `parameters` are the values of the route's placeholders. `ending` is how a fault ends the operation that
    the request starts.
    """

    request: Request
    url: Url
    view: View
    now: float
    world: World
    parameters: Mapping[str, str] = field(default_factory=dict)
    ending: Ending | None = None

    @property
    def timestamp(self) -> str:
        """Give the time of the request as ARM writes it."""
        return timestamp(self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer, and the writes that make it true."""

    response: Response
    writes: tuple[Write, ...] = ()


Handler: TypeAlias = Callable[[Call], Outcome]


def read_object(call: Call) -> JsonObject:
    """Decode the body of a request that needs a JSON object; raises ArmError."""
    try:
        value = _decode(call.request.body)
    except ValueError as error:
        raise invalid_content(str(error)) from error
    if not isinstance(value, dict):
        raise invalid_content("the content is not a JSON object")
    return value


def _decode(body: bytes) -> Json:
    try:
        return decode(body)
    except ValueError:
        return decode_relaxed(body.decode())


def timestamp(seconds: float) -> str:
    """Write a time as the .NET services do, with seven digits: `2025-11-04T09:40:52.1234560Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
