"""Requests with patience: what is transient is tried again, anything else is told with its reason.

Must not know what is asked for.
"""

from __future__ import annotations

import base64
import ssl
import tempfile
from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit, urlunsplit

from mooring.core.records import field, record
from mooring.state.backends.model import BackendError, Settings, count_of, is_on, text_of

if TYPE_CHECKING:
    from email.message import Message
    from urllib.request import OpenerDirector

_SECONDS: Final = 60
_NOT_IMPLEMENTED: Final = 501


@record(kw_only=True)
class Answer:
    """What a server has answered. Names of headers are lower case."""

    status: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@record(kw_only=True)
class Patience:
    """How often and how long to wait, in seconds, before a request is tried again."""

    times: int
    shortest: int
    longest: int


class Client:
    """Asks one server. `login` is the value of the header `Authorization`, "" for none."""

    def __init__(
        self, opener: OpenerDirector, login: str, patience: Patience, sleep: Callable[[float], None]
    ) -> None:
        self._opener: Final = opener
        self._login: Final = login
        self._patience: Final = patience
        self._sleep: Final = sleep
        self._is_gone = False
        """Whether the last request had no answer in the end; the next one is then tried once."""

    @property
    def tried(self) -> str:
        """The words for what it logs in with."""
        return "username and password" if self._login else "no username and password"

    def ask(self, method: str, address: str, content: bytes | None = None) -> Answer:
        """The answer, whatever its status; raises `OSError` when there is none in the end."""
        times = 0 if self._is_gone else self._patience.times
        for attempt in range(times + 1):
            is_last = attempt == times
            try:
                answer = self._ask_once(method, address, content)
            except (OSError, HTTPException) as problem:
                self._is_gone = is_last
                if is_last:
                    reason = getattr(problem, "reason", None) or type(problem).__name__
                    raise BackendError(f"{shown(address)} cannot be reached ({reason})") from None
            else:
                self._is_gone = is_last and _is_transient(answer.status)
                if is_last or not _is_transient(answer.status):
                    return answer
            self._sleep(min(self._patience.shortest * 2**attempt, self._patience.longest))
        raise AssertionError("the last attempt returns or raises")

    def _ask_once(self, method: str, address: str, content: bytes | None) -> Answer:
        from urllib.error import HTTPError
        from urllib.request import Request

        headers = {"Authorization": self._login} if self._login else {}
        if content is not None:
            headers |= {"Content-Type": "application/json", "Content-MD5": content_digest(content)}
        request = Request(address, data=content, headers=headers, method=method)  # noqa: S310 - _open checked it
        try:
            with self._opener.open(request, timeout=_SECONDS) as response:
                return Answer(
                    status=response.status, content=response.read(), headers=_lower(response.headers)
                )
        except HTTPError as refusal:
            with refusal:
                return Answer(status=refusal.code, content=refusal.read(), headers=_lower(refusal.headers))


def client_of(settings: Settings, sleep: Callable[[float], None]) -> Client:
    """The client for the settings. Raises `OSError` or `ValueError` for certificates that are none."""
    from urllib.request import HTTPSHandler, build_opener

    parts = urlsplit(text_of(settings, "address"))
    username = text_of(settings, "username") or unquote(parts.username or "")
    password = text_of(settings, "password") or unquote(parts.password or "")
    login = base64.b64encode(f"{username}:{password}".encode()).decode()
    return Client(
        build_opener(HTTPSHandler(context=_tls(settings))),
        f"Basic {login}" if username else "",
        Patience(
            times=count_of(settings, "retry_max"),
            shortest=count_of(settings, "retry_wait_min"),
            longest=count_of(settings, "retry_wait_max"),
        ),
        sleep,
    )


def _tls(settings: Settings) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=text_of(settings, "client_ca_certificate_pem") or None)
    if is_on(settings, "skip_cert_verification"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    certificate, key = (
        text_of(settings, "client_certificate_pem"),
        text_of(settings, "client_private_key_pem"),
    )
    if certificate or key:
        with tempfile.TemporaryDirectory() as folder:  # the library reads nothing but files
            both = Path(folder, "both.pem")
            both.touch(mode=0o600)
            both.write_text(f"{certificate}\n{key}\n", encoding="utf-8")
            context.load_cert_chain(both)
    return context


def content_digest(content: bytes) -> str:
    """The value of the header `Content-MD5`: a checksum of the protocol, no protection."""
    import hashlib

    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def shown(address: str) -> str:
    """An address without the parts that may hold secrets."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def without_login(address: str) -> str:
    """An address less the username and password in it, which `client_of` makes use of."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _is_transient(status: int) -> bool:
    return status == 429 or (status >= 500 and status != _NOT_IMPLEMENTED)


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
