"""Keeping to the rate that Azure allows: one token bucket for each subscription and kind of request.

Source: "Understand how Azure Resource Manager throttles requests" (token buckets per subscription and
principal: 250 reads refilled with 25 a second, 200 writes and 200 deletes with 10; the tokens that are left
are in x-ms-ratelimit-remaining-subscription-*); facts.md section 3 has the headers of 2025. What one call
learns, from those headers or from a 429 with Retry-After, holds for all calls of the run.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import random
from threading import Event, Lock
from typing import Final
from urllib.parse import urlsplit

from azure.core.pipeline import PipelineContext, PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import HTTPPolicy, RetryPolicy
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest, HttpResponse

CANCELLED_OPTION: Final = "mooring_cancelled"
_KINDS: Final = {"GET": "reads", "HEAD": "reads", "DELETE": "deletes"}
_LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "reads": (250.0, 25.0),
    "writes": (200.0, 10.0),
    "deletes": (200.0, 10.0),
}
_REMAINING: Final = "x-ms-ratelimit-remaining-subscription-"
_TOO_MANY: Final = 429
_JITTER: Final = 0.1
_LONGEST_BACKOFF_SECONDS: Final = 30


class WaitInterruptedError(Exception):
    """The run was aborted while a request waited. Not azure-core's: its errors are tried again."""


def _wait(cancelled: Event | None, seconds: float) -> bool:
    return (cancelled or Event()).wait(seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Time and chance. `wait` gives whether the run was aborted; `random` a number from 0 to 1."""

    clock: Callable[[], float] = time.monotonic
    wait: Callable[[Event | None, float], bool] = _wait
    random: Callable[[], float] = random

    def pause(self, cancelled: Event | None, seconds: float) -> None:
        """Wait. Raises `WaitInterruptedError` when the run is aborted meanwhile."""
        if seconds > 0 and self.wait(cancelled, seconds):
            raise WaitInterruptedError("Waiting was interrupted.")


class Bucket:
    """The tokens of one subscription for one kind of request. Mutable, under a lock."""

    def __init__(self, size: float, per_second: float, now: float) -> None:
        self._size: Final = size
        self._per_second: Final = per_second
        self._lock: Final = Lock()
        self._tokens = size
        self._at = now
        self._closed_until = 0.0

    def take(self, now: float) -> float:
        """Take a token; the seconds to wait until it is there."""
        with self._lock:
            self._refill(now)
            self._tokens -= 1
            return max(0.0, -self._tokens / self._per_second, self._closed_until - now)

    def learn(self, now: float, remaining: float | None, closed_for: float) -> None:
        """Take over what the service says: tokens that are left, seconds that it answers nobody."""
        with self._lock:
            self._refill(now)
            if remaining is not None:
                self._tokens = min(self._tokens, remaining)
            if closed_for:
                self._closed_until = max(self._closed_until, now + closed_for)

    def _refill(self, now: float) -> None:
        self._tokens = min(self._size, self._tokens + (now - self._at) * self._per_second)
        self._at = now


class Throttle(HTTPPolicy[HttpRequest, HttpResponse]):
    """Sends each request when its subscription's bucket has a token for it."""

    def __init__(self, rhythm: Rhythm) -> None:
        super().__init__()
        self._rhythm: Final = rhythm
        self._lock: Final = Lock()
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def send(self, request: PipelineRequest[HttpRequest]) -> PipelineResponse[HttpRequest, HttpResponse]:
        """Wait for a token, pass the request on, learn from the answer."""
        bucket = self._bucket(request.http_request)
        self._rhythm.pause(_cancelled(request.context), bucket.take(self._rhythm.clock()))
        response = self.next.send(request)
        answer = response.http_response
        remaining = _number(answer.headers.get(f"{_REMAINING}{_kind(request.http_request)}"))
        closed_for = _number(answer.headers.get("Retry-After")) if answer.status_code == _TOO_MANY else None
        bucket.learn(self._rhythm.clock(), remaining, closed_for or 0.0)
        return response

    def _bucket(self, request: HttpRequest) -> Bucket:
        key = (_subscription(request), _kind(request))
        with self._lock:
            if key not in self._buckets:
                self._buckets[key] = Bucket(*_LIMITS[key[1]], self._rhythm.clock())
            return self._buckets[key]


class Retrying(RetryPolicy[HttpRequest, HttpResponse]):
    """azure-core's retries, with jitter so that calls that failed together do not come back together."""

    def __init__(self, rhythm: Rhythm) -> None:
        super().__init__(retry_backoff_max=_LONGEST_BACKOFF_SECONDS)
        self._rhythm: Final = rhythm

    def send(self, request: PipelineRequest[HttpRequest]) -> PipelineResponse[HttpRequest, HttpResponse]:
        """Send, as often as it takes."""
        request.context[CANCELLED_OPTION] = request.context.options.get(CANCELLED_OPTION)
        return super().send(request)

    def configure_retries(self, options: dict[str, object]) -> dict[str, object]:
        """The settings of one request's retries, with what aborts them."""
        cancelled = options.pop(CANCELLED_OPTION, None)
        return {**super().configure_retries(options), CANCELLED_OPTION: cancelled}

    def sleep(
        self,
        settings: dict[str, object],
        transport: HttpTransport[HttpRequest, HttpResponse],  # noqa: ARG002  (azure-core's signature)
        response: PipelineResponse[HttpRequest, HttpResponse] | None = None,
    ) -> None:
        """Wait before the next try: as long as the service says, else longer each time."""
        told = self.get_retry_after(response) if response is not None else None
        seconds = told or self.get_backoff_time(settings)
        jitter = _JITTER if told else 1.0
        cancelled = settings.get(CANCELLED_OPTION)
        event = cancelled if isinstance(cancelled, Event) else None
        self._rhythm.pause(event, seconds * (1 + jitter * self._rhythm.random()))


def _cancelled(context: PipelineContext) -> Event | None:
    found = context.get(CANCELLED_OPTION)
    return found if isinstance(found, Event) else None


def _kind(request: HttpRequest) -> str:
    return _KINDS.get(request.method.upper(), "writes")


def _subscription(request: HttpRequest) -> str:
    parts = urlsplit(request.url).path.lower().strip("/").split("/")
    return parts[1] if parts[0] == "subscriptions" and len(parts) > 1 else ""


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None
