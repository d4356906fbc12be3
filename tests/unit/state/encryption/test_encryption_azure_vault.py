"""Keys wrapped by Azure Key Vault: against a small vault with its REST API on loopback."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from azure.core.credentials import AccessToken, TokenCredential  # noqa: TID253 - the service under test
from cryptography.hazmat.primitives import hashes  # noqa: TID253 - the same
from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: TID253 - the same
from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: TID253 - the same
from tests.unit.state.encryption.blocks import SNAPSHOT, source

from mooring.core.records import replace
from mooring.state.encryption.azure_login import credential_for, login_of
from mooring.state.encryption.azure_vault import VaultKey, scope_of
from mooring.state.encryption.keys import Keyring, KeyUnavailableError
from mooring.state.encryption.methods import AesGcm
from mooring.state.encryption.sealing import EncryptedSealing, Target

OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


class Tokens:
    """A credential that gives the same token for any scope, and remembers which were asked for."""

    def __init__(self) -> None:
        self.scopes: list[str] = []

    def get_token(self, *scopes: str, **_options: object) -> AccessToken:
        self.scopes += scopes
        return AccessToken("token", 2_000_000_000)


class Vault(ThreadingHTTPServer):
    """A vault with an RSA key `rsa` and an AES key `aes`, both in the versions that were made so far."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.rsa = {"1": rsa.generate_private_key(65537, 2048)}
        self.aes = {"1": AESGCM(os.urandom(32))}
        self.requests: list[str] = []

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def rotate(self) -> None:
        """The next version becomes the current one."""
        version = str(len(self.rsa) + 1)
        self.rsa[version] = rsa.generate_private_key(65537, 2048)
        self.aes[version] = AESGCM(os.urandom(32))

    def answer(self, path: list[str], body: dict[str, str]) -> dict[str, object]:
        """What the vault answers to a path below `/keys`."""
        name, *rest = path
        if not rest:
            return {"key": {"kid": f"https://v.vault.azure.net/keys/{name}/{len(self.rsa)}"}}
        version, verb = rest
        value = decoded(body["value"])
        result: dict[str, object] = {"kid": f"https://v.vault.azure.net/keys/{name}/{version}"}
        match verb, body["alg"]:
            case "wrapkey", "RSA-OAEP-256":
                return result | {"value": encoded(self.rsa[version].public_key().encrypt(value, OAEP))}
            case "unwrapkey", "RSA-OAEP-256":
                return result | {"value": encoded(self.rsa[version].decrypt(value, OAEP))}
            case "encrypt", "A256GCM":
                iv = os.urandom(12)
                sealed = self.aes[version].encrypt(iv, value, None)
                parts = {"value": sealed[:-16], "iv": iv, "tag": sealed[-16:]}
                return result | {name: encoded(part) for name, part in parts.items()}
            case "decrypt", "A256GCM":
                whole = value + decoded(body["tag"])
                return result | {
                    "value": encoded(self.aes[version].decrypt(decoded(body["iv"]), whole, None))
                }
        raise AssertionError(f"{verb} with {body['alg']}")


class Handler(BaseHTTPRequestHandler):
    """One request to the vault."""

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _answer(self, body: dict[str, str]) -> None:
        vault, url = cast("Vault", self.server), urlsplit(self.path)
        assert parse_qs(url.query) == {"api-version": ["7.4"]}
        _, keys, *path = url.path.split("/")
        assert keys == "keys"
        vault.requests.append("/".join((self.command, *path)))
        if self.headers["Authorization"] != "Bearer token" or path[0] not in ("rsa", "aes"):
            self._send(403, {"error": {"code": "Forbidden", "message": "Not you.\nDetails"}})
        else:
            self._send(200, vault.answer(path, body))

    def _send(self, status: int, answer: dict[str, object]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: Any) -> None:
        """Nothing."""


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def vault() -> Iterator[Vault]:
    server = Vault()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def key(vault: Vault, name: str = "rsa", tokens: TokenCredential | None = None) -> VaultKey:
    return VaultKey(
        vault_uri=vault.uri,
        name=name,
        key_length=32,
        aes_size=256 if name == "aes" else None,
        credential=lambda: tokens or Tokens(),
        random_bytes=os.urandom,
    )


def sealing(vault: Vault, name: str = "rsa") -> EncryptedSealing:
    method = AesGcm(address="method.aes_gcm.m", keys=source(key(vault, name)))
    return EncryptedSealing(Target(what="state", block="state", methods=(method,)), Keyring(), os.urandom)


@pytest.mark.parametrize("name", ["rsa", "aes"])
def test_what_is_sealed_can_be_opened_by_whoever_may_use_the_key(vault: Vault, name: str) -> None:
    sealed = sealing(vault, name).seal(SNAPSHOT)
    assert sealing(vault, name).open(sealed) == SNAPSHOT


def test_a_run_that_reads_and_writes_asks_twice(vault: Vault) -> None:
    sealed = sealing(vault).seal(SNAPSHOT)
    assert vault.requests == ["GET/rsa", "POST/rsa/1/wrapkey"]
    vault.requests.clear()
    run = sealing(vault)
    assert run.open(sealed) == SNAPSHOT
    for _ in range(10):
        run.seal_line(b"line")
    assert vault.requests == ["POST/rsa/1/unwrapkey", "GET/rsa"]


@pytest.mark.parametrize("name", ["rsa", "aes"])
def test_a_rotated_key_is_used_from_then_on_and_the_old_version_still_opens(vault: Vault, name: str) -> None:
    before = sealing(vault, name).seal(SNAPSHOT)
    vault.rotate()
    run = sealing(vault, name)
    assert run.open(before) == SNAPSHOT
    vault.requests.clear()
    after = run.seal(SNAPSHOT)
    assert [each.split("/")[2] for each in vault.requests if "POST" in each] == ["2"]
    assert sealing(vault, name).open(after) == SNAPSHOT


def test_a_vault_that_refuses_is_named_with_its_reason(vault: Vault) -> None:
    with pytest.raises(KeyUnavailableError, match=r"/keys/other answered 403: Forbidden: Not you\.$"):
        key(vault, "other").new_key(None)


def test_a_vault_that_is_not_there_is_named() -> None:
    closed = Vault()
    closed.server_close()
    with pytest.raises(KeyUnavailableError, match=r"/keys/rsa did not answer"):
        key(closed).new_key(None)


def test_what_is_kept_cannot_lead_to_another_vault(vault: Vault) -> None:
    kept = json.dumps({"key_version": "../../evil", "algorithm": "RSA-OAEP-256", "wrapped_key": "AAAA"})
    with pytest.raises(KeyUnavailableError):
        key(vault).kept_key(kept.encode(), None)
    assert vault.requests == []


def test_tokens_are_for_the_cloud_that_the_vault_is_in() -> None:
    assert scope_of("https://a.vault.azure.net") == "https://vault.azure.net/.default"
    assert scope_of("https://a.managedhsm.azure.net/") == "https://managedhsm.azure.net/.default"
    assert scope_of("https://a.vault.usgovcloudapi.net") == "https://vault.usgovcloudapi.net/.default"


def test_a_login_is_that_of_the_azurerm_backend() -> None:
    environment = {"ARM_CLIENT_ID": "from-env", "ARM_TENANT_ID": "tenant", "ARM_USE_MSI": "true"}
    login = login_of({"client_id": "from-block", "use_cli": False, "use_msi": None}, environment)
    chosen = {name: login[name] for name in ("client_id", "tenant_id", "use_cli", "use_msi")}
    assert chosen == {"client_id": "from-block", "tenant_id": "tenant", "use_cli": False, "use_msi": True}
    assert type(credential_for(login)).__name__ == "ManagedIdentityCredential"


def test_a_vault_that_nobody_can_log_in_to_is_named(vault: Vault) -> None:
    nobody = replace(key(vault), credential=lambda: credential_for(login_of({"use_cli": False}, {})))
    with pytest.raises(KeyUnavailableError, match="no way to log in is set"):
        nobody.new_key(None)
