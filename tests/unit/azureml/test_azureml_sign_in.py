"""Signing in, with every kind of credential, at the emulated Entra ID over HTTPS; and what goes wrong."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from mooring.core.codec import Plain, from_python
from mooring.core.diagnostics import Diagnostic
from mooring.sdk import CallContext, Configure, ConfigureResult, Import, Imports, object_type
from mooring_azureml import AzureMlProvider
from mooring_emulator import MEMORY, SUBSCRIPTION_ID, TENANT_ID, open_emulator
from mooring_emulator.emulator import Surroundings
from mooring_emulator.entra.tokens import Identity, issue_token
from mooring_emulator.server.service import Service

_GROUP: Final = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/rg-datascience-vms"
_SECRETS: Final = ("hidden-secret", "hidden-password", "hidden-request-token")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entra:
    """The served cloud, and a provider that signs in to it."""

    endpoint: str
    ca: str
    folder: Path

    def configure(
        self, config: Mapping[str, Plain], variables: Mapping[str, str] | None = None
    ) -> ConfigureResult:
        provider = AzureMlProvider()
        block = {
            "endpoint": self.endpoint,
            "authority": self.endpoint,
            "ca_file": self.ca,
            "subscription_id": SUBSCRIPTION_ID,
            "tenant_id": TENANT_ID,
            **config,
        }
        value = from_python(block, object_type(provider.schema().provider))
        return provider.configure(
            Configure(config=value, working_folder=str(self.folder), environment=variables or {})
        )

    def refusal(self, config: Mapping[str, Plain], variables: Mapping[str, str] | None = None) -> Diagnostic:
        """The one problem of a sign-in that fails."""
        result = self.configure(config, variables)
        assert result.connection is None
        (problem,) = result.diagnostics
        assert not any(secret in str(problem) for secret in _SECRETS)
        return problem


@pytest.fixture(scope="module")
def entra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entra]:
    folder = tmp_path_factory.mktemp("entra")
    emulator = open_emulator(MEMORY, clock=time.time, surroundings=Surroundings(needs_token=True))
    service = Service(emulator.handle, folder / "tls")
    addresses = service.addresses
    yield Entra(endpoint=str(addresses["endpoint"]), ca=str(addresses["ca"]), folder=folder)
    service.close()
    emulator.close()


def works(result: ConfigureResult) -> bool:
    """Whether something can be read with the connection."""
    assert result.diagnostics == ()
    assert result.connection is not None
    kind = result.connection.resource("azureml_resource_group")
    assert isinstance(kind, Imports)
    found = kind.import_object(CallContext(read_only=True), Import(id=_GROUP))
    result.connection.close()
    return len(found.objects) == 1


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """A certificate with its key: PEM, PKCS12 with a password, and that in base64."""
    from base64 import b64encode
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import pkcs12
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an-app")])
    start = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    locked = pkcs12.serialize_key_and_certificates(
        b"app", key, certificate, None, serialization.BestAvailableEncryption(b"hidden-password")
    )
    folder = tmp_path_factory.mktemp("certificates")
    (folder / "app.pem").write_bytes(plain + certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "app.pfx").write_bytes(locked)
    return {
        "pem": str(folder / "app.pem"),
        "pfx": str(folder / "app.pfx"),
        "base64": b64encode(locked).decode(),
    }


# -- what works ----------------------------------------------------------------------------------


def test_an_application_signs_in_with_its_secret(entra: Entra) -> None:
    assert works(entra.configure({"client_id": "app", "client_secret": "hidden-secret"}))


def test_a_secret_may_stand_in_a_file(entra: Entra) -> None:
    (entra.folder / "secret").write_text("hidden-secret\n")

    assert works(entra.configure({"client_id": "app", "client_secret_file_path": "secret"}))


def test_an_application_signs_in_with_its_certificate(entra: Entra, certificates: Mapping[str, str]) -> None:
    locked = {"client_id": "app", "client_certificate_password": "hidden-password"}

    assert works(entra.configure({"client_id": "app", "client_certificate_path": certificates["pem"]}))
    assert works(entra.configure({**locked, "client_certificate_path": certificates["pfx"]}))
    assert works(entra.configure({**locked, "client_certificate": certificates["base64"]}))


def test_a_federated_token_is_given_or_in_a_file(entra: Entra, tmp_path: Path) -> None:
    token = issue_token(Identity(tenant_id=TENANT_ID, object_id="o", app_id="ci"), "x", time.time())
    (tmp_path / "token").write_text(token)
    variables = {"AZURE_FEDERATED_TOKEN_FILE": str(tmp_path / "token"), "AZURE_CLIENT_ID": "app"}

    assert works(entra.configure({"client_id": "app", "use_oidc": True, "oidc_token": token}))
    assert works(entra.configure({"use_aks_workload_identity": True}, variables))


def test_github_actions_sign_in(entra: Entra) -> None:
    variables = {
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{entra.endpoint}/ci/github?job=1",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "hidden-request-token",
        "ARM_USE_OIDC": "true",
        "ARM_CLIENT_ID": "app",
    }

    assert works(entra.configure({}, variables))


def test_azure_devops_pipelines_sign_in(entra: Entra) -> None:
    variables = {
        "SYSTEM_OIDCREQUESTURI": f"{entra.endpoint}/ci/azure-devops",
        "SYSTEM_ACCESSTOKEN": "hidden-request-token",
        "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "connection",
        "ARM_CLIENT_ID": "app",
    }

    assert works(entra.configure({"use_oidc": True}, variables))


def test_a_machine_signs_in_with_its_managed_identity(entra: Entra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{entra.endpoint}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "anything")

    assert works(entra.configure({"use_msi": True}))
    assert works(entra.configure({"use_msi": True, "client_id": "an-identity"}))


@pytest.fixture
def azure_cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a program `az` that answers so in front of all others."""

    def install(script: str) -> None:
        program = tmp_path / "az"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    return install


def test_the_account_of_the_azure_cli_signs_in(entra: Entra, azure_cli: Callable[[str], None]) -> None:
    token = issue_token(Identity(tenant_id=TENANT_ID, object_id="o", app_id="cli"), "x", time.time())
    answer = f'{{"accessToken": "{token}", "expiresOn": "2099-01-01 00:00:00.000000"}}'
    azure_cli(f"echo '{answer}'")

    assert works(entra.configure({"use_cli": True}))


# -- what does not -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "setting", "words"),
    [
        ({"client_secret": "invalid"}, "client_secret", "not one of the application's"),
        ({"client_secret": "expired"}, "client_secret", "has expired"),
        ({"client_id": "unknown"}, "client_id", "no application with this client id"),
        ({"tenant_id": "nowhere"}, "tenant_id", "no tenant with this name"),
    ],
)
def test_what_entra_refuses_names_the_setting_to_correct(
    entra: Entra, config: Mapping[str, Plain], setting: str, words: str
) -> None:
    problem = entra.refusal({"client_id": "app", "client_secret": "hidden-secret", **config})

    assert (problem.code, [step[0] for step in problem.path]) == ("azureml.credentials", [setting])
    assert words in problem.detail
    assert f"ARM_{setting.upper()}" in problem.detail
    assert "Trace ID" not in problem.detail


def test_a_federated_token_that_has_expired_is_told(entra: Entra) -> None:
    token = issue_token(Identity(tenant_id=TENANT_ID, object_id="o", app_id="ci"), "x", time.time() - 7200)
    problem = entra.refusal({"client_id": "app", "use_oidc": True, "oidc_token": token})

    assert "the federated token has expired" in problem.detail
    assert token not in str(problem)


def test_a_ci_system_that_gives_no_token_is_told(entra: Entra) -> None:
    config = {"client_id": "app", "use_oidc": True, "oidc_request_url": f"{entra.endpoint}/ci/none"}
    problem = entra.refusal({**config, "oidc_request_token": "hidden-request-token"})

    assert "/ci/none answered 404" in problem.detail


def test_a_password_that_does_not_open_the_certificate_is_told(
    entra: Entra, certificates: Mapping[str, str]
) -> None:
    problem = entra.refusal({"client_id": "app", "client_certificate_path": certificates["pfx"]})

    assert "client_certificate_password must open it" in problem.detail


def test_who_is_not_logged_in_is_told_how(entra: Entra, azure_cli: Callable[[str], None]) -> None:
    azure_cli("echo \"Please run 'az login' to setup account.\" >&2; exit 1")

    assert "az login" in entra.refusal({"use_cli": True}).detail


def test_a_certificate_authority_that_is_not_trusted_is_told(entra: Entra) -> None:
    problem = entra.refusal({"client_id": "app", "client_secret": "hidden-secret", "ca_file": None})

    assert "ca_file" in problem.detail


# -- long runs -----------------------------------------------------------------------------------


def test_a_run_that_outlives_its_token_goes_on(tmp_path: Path) -> None:
    """The clock of the cloud jumps over the end of the token; the client's own credential has a new one."""
    ahead = [0.0]
    emulator = open_emulator(
        MEMORY,
        clock=lambda: time.time() + ahead[0],
        token_seconds=299,
        surroundings=Surroundings(needs_token=True),
    )
    service = Service(emulator.handle, tmp_path / "tls")
    served = Entra(
        endpoint=str(service.addresses["endpoint"]), ca=str(service.addresses["ca"]), folder=tmp_path
    )
    result = served.configure({"client_id": "app", "client_secret": "hidden-secret"})
    assert result.connection is not None
    kind = result.connection.resource("azureml_resource_group")
    assert isinstance(kind, Imports)
    seen = []
    for seconds in (0.0, 400.0, 800.0):
        ahead[0] = seconds
        seen.append(len(kind.import_object(CallContext(), Import(id=_GROUP)).objects))
    result.connection.close()
    service.close()
    emulator.close()

    assert seen == [1, 1, 1]
