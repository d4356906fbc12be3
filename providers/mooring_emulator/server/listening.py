"""The listening sockets: HTTPS for clients, plain HTTP for the proxy; loopback only.

Owns `Service`, the whole of a running emulator: what it listens on, and its clean end.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from mooring_emulator.server.certificates import Authority
from mooring_emulator.server.handler import Handler

if TYPE_CHECKING:
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.messages import Request, Response

LOOPBACK = "127.0.0.1"


class Listener(ThreadingHTTPServer):
    """One listening socket; each connection has a thread that ends with the process."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, port: int, authority: Authority, answer: Callable[[Request], Response], *, is_tls: bool
    ) -> None:
        self.authority = authority
        self.answer = answer
        self.is_tls = is_tls
        self.latency = 0.0
        super().__init__((LOOPBACK, port), Handler)

    def pause(self) -> None:
        """Let the latency pass that every request has."""
        if self.latency:
            time.sleep(self.latency)

    def server_bind(self) -> None:
        """Bind without asking the name service for the host's name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def handle_error(self, *_arguments: object) -> None:
        """Stay silent: a handshake that fails or a client that goes away is no event."""


class Service:
    """A running emulator. It listens from the start; `close` ends it."""

    def __init__(
        self,
        answer: Callable[[Request], Response],
        folder: Path,
        *,
        port: int = 0,
        has_proxy: bool = False,
        latency: float = 0.0,
    ) -> None:
        self._authority = Authority(folder)
        self._listeners = [Listener(port, self._authority, answer, is_tls=True)]
        if has_proxy:
            self._listeners.append(Listener(0, self._authority, answer, is_tls=False))
        for listener in self._listeners:
            listener.latency = latency
            Thread(target=listener.serve_forever, args=(0.1,), daemon=True).start()

    @property
    def addresses(self) -> JsonObject:
        """Give what clients need: the endpoint, the authority's certificate, the proxy or None."""
        endpoint, *proxies = (listener.server_port for listener in self._listeners)
        return {
            "endpoint": f"https://localhost:{endpoint}",
            "ca": str(self._authority.path.resolve()),
            "proxy": f"http://localhost:{proxies[0]}" if proxies else None,
        }

    def close(self) -> None:
        """Stop listening; requests that are being answered end with the process."""
        for listener in self._listeners:
            listener.shutdown()
            listener.server_close()
