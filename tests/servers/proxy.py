"""A proxy that takes requests for a public host name, over TLS, to a plain server on loopback.

It is how a program that only knows Azure's real names, such as Terraform, is led to Azurite.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mooring_emulator.server.certificates import Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A running proxy: its address, and the authority that its certificates come from."""

    address: str
    authority: Path

    @property
    def environment(self) -> dict[str, str]:
        """How programs are told to use and to trust it."""
        names = ("HTTPS_PROXY", "https_proxy"), ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
        return dict.fromkeys(names[0], self.address) | dict.fromkeys(names[1], str(self.authority))


@contextmanager
def proxy(target: int, folder: Path) -> Iterator[Proxy]:
    """A proxy that leads every host name to the port `target` of loopback; `folder` keeps its authority."""
    authority = Authority(folder)

    class Handler(socketserver.StreamRequestHandler):
        rbufsize = 0

        def handle(self) -> None:
            host = _read_connect(self.connection)
            if host is None:
                return
            self.connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with (
                suppress(OSError),
                authority.context(host).wrap_socket(self.connection, server_side=True) as client,
                socket.create_connection(("127.0.0.1", target)) as server,
            ):
                there = threading.Thread(target=_pipe, args=(client, server), daemon=True)
                there.start()
                _pipe(server, client)
                there.join(1)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            address = f"http://127.0.0.1:{listening.server_address[1]}"
            yield Proxy(address=address, authority=authority.path)
        finally:
            listening.shutdown()
            thread.join()


def _read_connect(connection: socket.socket) -> str | None:
    """The host of a CONNECT request; None when the client sends something else."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(1)
        if not more:
            return None
        head += more
    method, target, _ = head.split(b" ", 2)
    return target.rpartition(b":")[0].decode() if method == b"CONNECT" else None


def _pipe(source: socket.socket | ssl.SSLSocket, target: socket.socket | ssl.SSLSocket) -> None:
    with suppress(OSError):
        while content := source.recv(65536):
            target.sendall(content)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
