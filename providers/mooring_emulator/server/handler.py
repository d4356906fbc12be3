"""One connection: requests in, responses out, kept alive; CONNECT turns it into TLS for another host.

Owns the translation between HTTP/1.1 and `messages`. Must not know ARM.
"""

from __future__ import annotations

import socket
import ssl
import struct
import sys
import time
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import ClassVar
from urllib.parse import urlsplit

from mooring_emulator.arm.errors import error_object
from mooring_emulator.messages import Request, Response, json_response
from mooring_emulator.server.hosts import is_azure
from mooring_emulator.server.listening import Listener

_SLICES = 10
"""A slow body arrives in this many pieces."""

_LARGEST_BODY = 64 * 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    """Serves one connection in a thread of its own."""

    server: Listener
    protocol_version = "HTTP/1.1"
    server_version = "Microsoft-HTTPAPI/2.0"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    scheme: ClassVar[str] = "https"

    def setup(self) -> None:
        """Finish the TLS handshake in this connection's thread, not in the one that accepts."""
        if self.server.is_tls:
            self.request = self.server.authority.context("localhost").wrap_socket(
                self.request, server_side=True
            )
        self._host = ""
        super().setup()

    def do_CONNECT(self) -> None:
        """Turn the connection into TLS for the host the client believes to talk to."""
        host = self.path.rpartition(":")[0].strip("[]")
        if not is_azure(host):
            self._refuse(f"{host} is no Azure host name that the emulator stands for.")
            return
        self.send_response_only(HTTPStatus.OK, "Connection established")
        self.end_headers()
        self.wfile.flush()
        self.connection = self.server.authority.context(host).wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb", self.rbufsize)
        self.wfile = self.connection.makefile("wb")
        self.close_connection = False
        self._host = self.path.removesuffix(":443")

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST_BODY:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        body = self._read_chunks() if self._is_chunked() else self.rfile.read(length)
        url = self._url()
        if url is None:
            self._refuse("A proxy for Azure's host names answers no others.")
            return
        headers = dict(self.headers.items())
        self._carry(self._handle(Request(method=self.command, url=url, headers=headers, body=body)))

    do_GET = do_HEAD = do_PUT = do_PATCH = _answer  # noqa: N815 - http.server's names
    do_POST = do_DELETE = do_OPTIONS = _answer  # noqa: N815 - the same

    def _handle(self, request: Request) -> Response:
        self.server.pause()
        try:
            return self.server.answer(request)
        except Exception:  # noqa: BLE001 - the boundary of the server: a bug must not look like a network fault
            traceback.print_exc(file=sys.stderr)
            message = "The emulator failed because of a bug; its traceback is on standard error."
            return json_response(500, {"error": error_object("InternalServerError", message)})

    def _url(self) -> str | None:
        if self._host:
            return f"https://{self._host}{self.path}"
        if self.server.is_tls:
            return f"https://{self.headers.get('Host') or 'localhost'}{self.path}"
        host = urlsplit(self.path).hostname
        return self.path if host and is_azure(host) else None

    def _is_chunked(self) -> bool:
        return "chunked" in (self.headers.get("Transfer-Encoding") or "").lower()

    def _read_chunks(self) -> bytes:
        pieces: list[bytes] = []
        while size := int(self.rfile.readline().partition(b";")[0].strip() or b"0", 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(pieces)

    def _carry(self, response: Response) -> None:
        if response.wire is not None and response.wire.is_reset:
            self._reset()
            return
        self.send_response_only(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Date", self.date_time_string())
        if "Content-Length" not in response.headers:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self._write(response.body, response.wire.seconds if response.wire else 0.0)

    def _write(self, body: bytes, seconds: float) -> None:
        if not seconds:
            self.wfile.write(body)
            return
        step = max(len(body) // _SLICES, 1)
        for start in range(0, len(body), step):
            time.sleep(seconds / _SLICES)
            self.wfile.write(body[start : start + step])
            self.wfile.flush()

    def _reset(self) -> None:
        """Close with a TCP reset: linger of zero seconds."""
        plain = self.connection
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if isinstance(plain, ssl.SSLSocket):
            socket.socket(fileno=plain.detach()).close()
        self.close_connection = True

    def _refuse(self, reason: str) -> None:
        body = json_response(403, {"error": error_object("HostNotEmulated", reason)})
        self._carry(body)
        self.close_connection = True

    def log_message(self, *_arguments: object) -> None:
        """Write nothing: the emulator has a log of its own."""

    def handle_one_request(self) -> None:
        """Serve one request; a client that goes away is no event."""
        try:
            super().handle_one_request()
        except (OSError, ValueError, struct.error):
            self.close_connection = True

    def finish(self) -> None:
        """Close the connection; one that was reset is closed already."""
        try:
            super().finish()
            self.connection.close()
        except (OSError, ValueError):
            return
