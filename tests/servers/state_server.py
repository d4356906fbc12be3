"""A server that keeps states in memory and speaks the protocol of Terraform's http backend, with locks."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USERNAME, PASSWORD = "mooring", "not a secret"


@dataclass(slots=True)
class StateServer:
    """What a running server holds, and what it does wrong on purpose. States and locks go by path.

    `failures` are statuses that it answers with, one for each request, before it does what it is asked;
    0 closes the connection. While it is mute, it does what it is asked and closes the connection.
    """

    port: int = 0
    states: dict[str, bytes] = field(default_factory=dict)
    locks: dict[str, dict[str, Any]] = field(default_factory=dict)
    failures: list[int] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    refused_lock: int = 423
    needs_login: bool = False
    is_mute: bool = False

    @property
    def address(self) -> str:
        """The address of one state."""
        return f"http://127.0.0.1:{self.port}/state"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kept: StateServer
    guard = threading.Lock()

    def _answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.guard:
            self.kept.requests.append(f"{self.command} {self.path}")
            if self.kept.failures:
                status = self.kept.failures.pop(0)
                if status == 0:
                    self.close_connection = True
                    return
                self._reply(status)
            elif self.kept.needs_login and not self._knows_password():
                self._reply(401)
            else:
                self._serve(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_LOCK = do_UNLOCK = _answer  # noqa: N815 - the standard library's names

    def _knows_password(self) -> bool:
        login = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {login}"

    def _serve(self, content: bytes) -> None:
        parts = urlsplit(self.path)
        held = self.kept.locks.get(parts.path)
        match self.command:
            case "GET":
                state = self.kept.states.get(parts.path)
                self._reply(404 if state is None else 200, state or b"")
            case "LOCK" | "PUT" if held is None:
                self.kept.locks[parts.path] = json.loads(content)
                self._reply(200)
            case "LOCK" | "PUT":
                self._reply(self.kept.refused_lock, json.dumps(held).encode())
            case "UNLOCK":
                self._unlock(parts.path, held, json.loads(content) if content else None)
            case "DELETE":
                self._reply(200 if self.kept.states.pop(parts.path, None) is not None else 404)
            case _:
                self._write(parts.path, held, parse_qs(parts.query), content)

    def _unlock(self, path: str, held: dict[str, Any] | None, given: dict[str, Any] | None) -> None:
        if held is not None and given is not None and given["ID"] != held["ID"]:
            self._reply(409, json.dumps(held).encode())
            return
        self.kept.locks.pop(path, None)
        self._reply(200)

    def _write(
        self, path: str, held: dict[str, Any] | None, query: dict[str, list[str]], content: bytes
    ) -> None:
        digest = base64.b64encode(hashlib.md5(content).digest()).decode()  # noqa: S324 - the protocol's
        if self.headers.get("Content-MD5") != digest:
            self._reply(400, b"the content does not match its digest")
        elif held is not None and query.get("ID") != [held["ID"]]:
            self._reply(423, json.dumps(held).encode())
        else:
            self.kept.states[path] = content
            self._reply(200)

    def _reply(self, status: int, content: bytes = b"") -> None:
        if self.kept.is_mute:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        with suppress(OSError):
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: tests look at `requests`."""


@contextmanager
def state_server() -> Iterator[StateServer]:
    """A server on loopback, gone afterwards."""
    kept = StateServer()
    handler = type("Handler", (_Handler,), {"kept": kept, "guard": threading.Lock()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()
