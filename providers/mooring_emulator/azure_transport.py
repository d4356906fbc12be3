"""The in-process transport for azure-core pipelines: a request goes to `Emulator.handle` instead of a socket.

The only file of this package that knows azure-core; import it lazily. The response implements azure-core's
public `HttpResponse` protocol over bytes that are already there, with `body()` beside it for the policies of
the older protocol.
"""
# ruff: noqa: D102, TID253 - azure-core documents the methods; this file is the lazy import

import json
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any, Self

from azure.core.exceptions import HttpResponseError, ServiceResponseError
from azure.core.pipeline.transport import HttpRequest as LegacyHttpRequest
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest, HttpResponse
from azure.core.utils import case_insensitive_dict

from mooring_emulator.codec import Json
from mooring_emulator.emulator import Emulator
from mooring_emulator.messages import Request, Response


class EmulatorTransport(HttpTransport[Any, Any]):
    """Sends requests to an emulator. It does not own the emulator: closing the transport leaves it open."""

    def __init__(self, emulator: Emulator, sleep: Callable[[float], None] = time.sleep) -> None:
        self._emulator = emulator
        self._sleep = sleep

    def send(self, request: HttpRequest | LegacyHttpRequest, **_kwargs: object) -> "EmulatorResponse":
        """Answer a request of either of azure-core's two protocols."""
        sent = Request(
            method=request.method, url=request.url, headers=dict(request.headers), body=_body_bytes(request)
        )
        response = self._emulator.handle(sent)
        if response.wire is not None and response.wire.is_reset:
            raise ServiceResponseError("Connection reset by peer (an injected fault)")
        if response.wire is not None:
            self._sleep(response.wire.seconds)
        return EmulatorResponse(request, response)

    def open(self) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing to close."""

    def sleep(self, duration: float) -> None:
        """Wait between two polls or retries."""
        self._sleep(duration)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


class EmulatorResponse(HttpResponse):
    """A response whose body is in memory from the start."""

    def __init__(self, request: HttpRequest | LegacyHttpRequest, response: Response) -> None:
        self._request = request
        self._response = response
        self._headers = case_insensitive_dict(response.headers)
        self._encoding: str | None = None
        self._is_closed = False
        self._is_stream_consumed = False

    @property
    def request(self) -> HttpRequest:
        return self._request  # type: ignore[return-value]  # the older protocol's request has the same members

    @property
    def status_code(self) -> int:
        return self._response.status

    @property
    def reason(self) -> str:
        return HTTPStatus(self._response.status).phrase

    @property
    def headers(self) -> MutableMapping[str, str]:
        return self._headers

    @property
    def content_type(self) -> str | None:
        return self._headers.get("Content-Type")

    @property
    def url(self) -> str:
        return self._request.url

    @property
    def encoding(self) -> str | None:
        return self._encoding

    @encoding.setter
    def encoding(self, value: str | None) -> None:
        self._encoding = value

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    @property
    def is_stream_consumed(self) -> bool:
        return self._is_stream_consumed

    @property
    def content(self) -> bytes:
        return self._response.body

    def body(self) -> bytes:
        """Give the content, as the older protocol calls it."""
        return self._response.body

    def text(self, encoding: str | None = None) -> str:
        return self._response.body.decode(encoding or self._encoding or "utf-8-sig")

    def json(self) -> Json:
        return json.loads(self.text())

    def read(self) -> bytes:
        self._is_stream_consumed = True
        self.close()
        return self._response.body

    def iter_bytes(self, **_kwargs: object) -> Iterator[bytes]:
        yield self.read()

    def iter_raw(self, **_kwargs: object) -> Iterator[bytes]:
        yield self.read()

    def raise_for_status(self) -> None:
        if self.status_code >= HTTPStatus.BAD_REQUEST:
            raise HttpResponseError(response=self)

    def close(self) -> None:
        self._is_closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<EmulatorResponse: {self.status_code} {self.reason}>"


def _body_bytes(request: HttpRequest | LegacyHttpRequest) -> bytes:
    content = request.data if isinstance(request, LegacyHttpRequest) else request.content
    match content:
        case None:
            return b""
        case bytes():
            return content
        case str():
            return content.encode()
        case Mapping():
            return json.dumps(content).encode()
        case _:
            return b"".join(content)
