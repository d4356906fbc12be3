"""A listening socket: HTTPS for clients, or plain HTTP for the proxy; loopback only."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mooring_emulator.messages import Request, Response
    from mooring_emulator.server.certificates import Authority

LOOPBACK = "127.0.0.1"


class Listener(ThreadingHTTPServer):
    """One listening socket; each connection has a thread that ends with the process."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self,
        port: int,
        authority: Authority,
        answer: Callable[[Request], Response],
        handler: type[BaseHTTPRequestHandler],
        *,
        is_tls: bool,
    ) -> None:
        self.authority = authority
        self.answer = answer
        self.is_tls = is_tls
        self.latency = 0.0
        super().__init__((LOOPBACK, port), handler)

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
