"""`key_provider "azure_vault"`: a random data key, wrapped by a key that never leaves Azure Key Vault.

Key Vault REST API 7.4 (https://learn.microsoft.com/rest/api/keyvault/keys): RSA keys wrap with RSA-OAEP-256,
AES keys of a managed HSM encrypt with AES-GCM. What is kept names the version of the key, so that data can be
read after the key was rotated; vault and name come from the configuration alone, so that nobody who can write
a state can send a token elsewhere. OpenTofu does not document what it keeps: only Mooring reads this.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from mooring.core.codec import Json, dumps, loads
from mooring.core.records import record
from mooring.state.encryption.kept import read_kept, text_at
from mooring.state.encryption.keys import KeyUnavailableError
from mooring.state.fields import Fields

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

_API: Final = "7.4"
_OAEP: Final = "RSA-OAEP-256"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_KEPT: Final = ("iv", "tag")
AES_SIZES: Final = (128, 192, 256)


@record(kw_only=True, eq=False)
class VaultKey:
    """A key provider over one key of a vault. `aes_size` is None for an RSA key."""

    vault_uri: str
    name: str
    key_length: int
    aes_size: int | None
    credential: Callable[[], TokenCredential]
    random_bytes: Callable[[int], bytes]

    def __repr__(self) -> str:
        return f"VaultKey({self.vault_uri!r}, {self.name!r})"

    def new_key(self, _chained: bytes | None) -> tuple[bytes, bytes]:
        """A random key, and how the vault has wrapped it."""
        key = self.random_bytes(self.key_length)
        algorithm = self._algorithm
        verb = "wrapkey" if self.aes_size is None else "encrypt"
        answer = self._ask(f"{self._version()}/{verb}", {"alg": algorithm, "value": _text(key)})
        kept = {
            "key_version": _version_in(answer),
            "algorithm": algorithm,
            "wrapped_key": _string(answer, "value"),
            **{name: answer[name] for name in _KEPT if name in answer},
        }
        return key, dumps(kept)

    def kept_key(self, kept: bytes, _chained: bytes | None) -> bytes:
        """The key that the vault unwraps."""
        fields = read_kept(kept)
        algorithm, version = text_at(fields, "algorithm"), text_at(fields, "key_version")
        if not version.isalnum():
            raise KeyUnavailableError("what is kept beside the data is damaged")
        question: dict[str, Json] = {"alg": algorithm, "value": text_at(fields, "wrapped_key")}
        question |= {name: text_at(fields, name) for name in _KEPT if name in fields}
        verb = "unwrapkey" if algorithm == _OAEP else "decrypt"
        return _bytes(_string(self._ask(f"{version}/{verb}", question), "value"))

    def is_current(self, kept: bytes, key: bytes) -> bool:
        """Whether the vault would wrap with the same version of its key."""
        fields = read_kept(kept)
        if (fields.get("algorithm"), len(key)) != (self._algorithm, self.key_length):
            return False
        return text_at(fields, "key_version") == self._version()

    @property
    def _algorithm(self) -> str:
        return _OAEP if self.aes_size is None else f"A{self.aes_size}GCM"

    def _version(self) -> str:
        """The current version of the key."""
        return _version_in({"kid": _key_id(self._ask("", None))})

    def _ask(self, below: str, body: Mapping[str, Json] | None) -> Fields:
        """What the vault answers: to a GET without a body, to a POST with one."""
        url = f"{self.vault_uri.rstrip('/')}/keys/{quote(self.name, safe='')}/{below}".rstrip("/")
        return ask_vault(url, body, self.credential)


def ask_vault(url: str, body: Mapping[str, Json] | None, credential: Callable[[], TokenCredential]) -> Fields:
    """One request to a vault. Raises `KeyUnavailableError`."""
    from azure.core.exceptions import AzureError

    try:
        status, answer = _send(url, body, credential())
    except (AzureError, OSError, ValueError) as problem:
        raise KeyUnavailableError(f"{_place(url)} did not answer: {_first_line(problem)}") from None
    if status != 200 or not isinstance(answer, dict):
        raise KeyUnavailableError(f"{_place(url)} answered {status}{_reason(answer)}")
    return answer


def _send(url: str, body: Mapping[str, Json] | None, credential: TokenCredential) -> tuple[int, Json]:
    from azure.core import PipelineClient
    from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy, UserAgentPolicy
    from azure.core.rest import HttpRequest, HttpResponse

    token = BearerTokenCredentialPolicy(credential, scope_of(url))
    policies = [UserAgentPolicy("moor"), RetryPolicy(retry_backoff_factor=0.2), token]
    client: PipelineClient[HttpRequest, HttpResponse] = PipelineClient(url, policies=policies)
    method = "GET" if body is None else "POST"
    request = HttpRequest(method, url, params={"api-version": _API}, json=body)
    with client:
        response = client.send_request(request, enforce_https=not is_loopback(url))
        return response.status_code, loads(response.content) if response.content else None


def is_loopback(url: str) -> bool:
    """Whether nothing leaves this machine on the way there, so that it may go without TLS."""
    return urlsplit(url).hostname in _LOOPBACK


def scope_of(url: str) -> str:
    """What a token for a vault is asked for: `https://vault.azure.net/.default` in the public cloud."""
    host = urlsplit(url).hostname or ""
    service = "vault.azure.net" if is_loopback(url) else host.partition(".")[2]
    return f"https://{service}/.default"


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _first_line(problem: Exception) -> str:
    return str(problem).partition("\n")[0]


def _reason(answer: Json) -> str:
    """What the service says of an error: its code and message."""
    found = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(found, dict):
        return ""
    return f": {found.get('code')}: {str(found.get('message')).partition(chr(10))[0]}"


def _key_id(answer: Fields) -> str:
    key = answer.get("key")
    return _string(key, "kid") if isinstance(key, dict) else ""


def _version_in(answer: Fields) -> str:
    return _string(answer, "kid").rstrip("/").rpartition("/")[2]


def _string(answer: Fields, name: str) -> str:
    found = answer.get(name)
    if isinstance(found, str):
        return found
    raise KeyUnavailableError(f'the answer of the vault has no "{name}"')


def _text(content: bytes) -> str:
    """Base64 for URLs without padding, which Key Vault speaks."""
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
