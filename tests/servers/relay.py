"""A wire to a server that tests can cut and mend.

What clients send has numbered moments: every piece has two, before it is passed on and after.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Relay:
    """Passes connections on to a port of loopback. `port` is where it listens."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        self._mute = frozenset[socket.socket]()
        self._stranded: list[socket.socket] = []
        self.is_cut = False
        """Whether nobody gets through."""
        self.refusals = 0
        """How many requests are still to be refused."""
        self._refused = b""
        self._guard = threading.Lock()
        self._moments = threading.Lock()
        self._at: tuple[int, Callable[[], None]] | None = None
        self.passed = 0
        """How many moments have passed."""
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def at(self, moment: int, action: Callable[[], None]) -> None:
        """Has something done at a moment, before anything else passes; moments are counted from 1 again."""
        with self._moments:
            self.passed, self._at = 0, (moment, action)

    def refuse(self, times: int, what: bytes = b"") -> None:
        """Answers so many requests with `what` in them in the server's place: "503 Service Unavailable"."""
        self._refused, self.refusals = what, times

    def break_connections(self) -> None:
        """Breaks what is connected; who connects again gets through."""
        with self._guard:
            gone, self._open = self._open, []
        for each in gone:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def mute_connections(self) -> None:
        """Lets nothing more through what is connected, which stays whole; who connects anew gets through."""
        with self._guard:
            self._mute = frozenset(self._open)

    def strand_connections(self) -> None:
        """Breaks what is connected for the clients alone: the server takes them for there until the end."""
        with self._guard:
            self._stranded += self._open
            clients, self._open = self._open[::2], []
        for each in clients:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """Breaks what is connected, and lets nobody through."""
        self.is_cut = True
        self.break_connections()

    def mend(self) -> None:
        """Lets everybody through again; what was to be done at a moment that has not come is not done."""
        self._at, self.is_cut, self.refusals = None, False, 0

    def close(self) -> None:
        """Stops listening; who was let in meanwhile is sent away."""
        self.is_cut = True
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # closing alone wakes nobody who waits there
        self._accepting.join()
        self._listening.close()
        self._open += self._stranded
        self.break_connections()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                if self.is_cut:
                    client.close()
                else:
                    self._connect(client)

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            client.close()
            return
        with self._guard:
            self._open += [client, server]
        threading.Thread(target=self._to_server, args=(client, server), daemon=True).start()
        threading.Thread(target=self._to_client, args=(server, client), daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while content := client.recv(65536):
                self._pass_moment()
                if self._is_refused(client, content):
                    break
                if client not in self._mute:
                    server.sendall(content)
                self._pass_moment()
        if server not in self._stranded:
            with suppress(OSError):
                server.shutdown(socket.SHUT_WR)

    def _to_client(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while content := server.recv(65536):
                if client not in self._mute:
                    client.sendall(content)
        with suppress(OSError):
            client.shutdown(socket.SHUT_WR)

    def _pass_moment(self) -> None:
        with self._moments:
            self.passed += 1
            if self._at is not None and self._at[0] == self.passed:
                self._at[1]()

    def _is_refused(self, client: socket.socket, content: bytes) -> bool:
        with self._guard:
            is_refused = self.refusals > 0 and self._refused in content
            self.refusals -= is_refused
        if is_refused:
            client.sendall(_UNAVAILABLE)
            client.shutdown(socket.SHUT_RDWR)
        return is_refused


@contextmanager
def relay(target: int) -> Iterator[Relay]:
    """A wire that is gone afterwards."""
    found = Relay(target)
    try:
        yield found
    finally:
        found.close()
