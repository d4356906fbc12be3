"""A wire to a server that tests can cut and mend."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Relay:
    """Passes connections on to a port of loopback. `port` is where it listens."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        self._is_cut = False
        self._guard = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def break_connections(self) -> None:
        """Breaks what is connected; who connects again gets through."""
        with self._guard:
            gone, self._open = self._open, []
        for each in gone:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def cut(self) -> None:
        """Breaks what is connected, and lets nobody through."""
        self._is_cut = True
        self.break_connections()

    def mend(self) -> None:
        """Lets everybody through again."""
        self._is_cut = False

    def close(self) -> None:
        """Stops listening."""
        self._listening.close()
        self.break_connections()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                if self._is_cut:
                    client.close()
                else:
                    self._connect(client)

    def _connect(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._target))
        with self._guard:
            self._open += [client, server]
        for ends in ((client, server), (server, client)):
            threading.Thread(target=_pass, args=ends, daemon=True).start()


def _pass(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65536):
            target.sendall(content)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def relay(target: int) -> Iterator[Relay]:
    """A wire that is gone afterwards."""
    found = Relay(target)
    try:
        yield found
    finally:
        found.close()
