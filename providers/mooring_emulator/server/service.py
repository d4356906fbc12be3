"""The whole of a running emulator: what it listens on, and its clean end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from mooring_emulator.server.certificates import Authority
from mooring_emulator.server.handler import Handler
from mooring_emulator.server.listening import Listener

if TYPE_CHECKING:
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.messages import Request, Response


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
        self._listeners = [Listener(port, self._authority, answer, Handler, is_tls=True)]
        if has_proxy:
            self._listeners.append(Listener(0, self._authority, answer, Handler, is_tls=False))
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
