"""The provider block and its variables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from mooring.core.codec import Plain
from mooring_azureml.client.credentials import credential_for
from mooring_azureml.signing_in.settings import CredentialKind, check, resolve
from mooring_emulator import SUBSCRIPTION_ID
from mooring_emulator.seed import PRINCIPAL

_ACCOUNT = {"subscription_id": "s", "tenant_id": "t", "client_id": "c"}


def test_the_emulator_needs_nothing() -> None:
    settings, diags = resolve({"environment": "emulator"}, {}, "/folder")

    assert diags == ()
    assert (settings.subscription_id, settings.tenant_id) == (SUBSCRIPTION_ID, PRINCIPAL.tenant_id)
    assert settings.emulator_store == "/folder/.terraform/emulator.sqlite"


def test_the_emulator_is_kept_in_the_data_folder() -> None:
    settings, _ = resolve({"environment": "emulator"}, {"TF_DATA_DIR": "/elsewhere"}, "/folder")

    assert settings.emulator_store == "/elsewhere/emulator.sqlite"


@pytest.mark.parametrize("text", ["soon", "-1", "nan"])
def test_a_time_of_the_emulator_that_is_no_number_is_an_error(text: str) -> None:
    settings, diags = resolve({"environment": "emulator"}, {"MOOR_EMULATOR_LRO_SECONDS": text}, "/folder")

    assert (settings.emulator_lro_seconds, [diag.summary for diag in diags]) == (
        0.0,
        ["Invalid emulator setting"],
    )


def test_the_emulator_can_be_chosen_by_a_variable() -> None:
    assert resolve({}, {"MOOR_AZURE_ENVIRONMENT": "emulator"}, ".")[0].is_emulator


def test_an_argument_wins_over_terraforms_variable_and_that_over_azures() -> None:
    variables = {"ARM_SUBSCRIPTION_ID": "arm", "AZURE_SUBSCRIPTION_ID": "azure", "AZURE_TENANT_ID": "t"}
    settings, _ = resolve({}, variables, ".")

    assert (settings.subscription_id, settings.tenant_id) == ("arm", "t")
    assert resolve({"subscription_id": "own"}, variables, ".")[0].subscription_id == "own"


@pytest.mark.parametrize(
    ("config", "variables", "kind"),
    [
        ({**_ACCOUNT, "client_secret": "x"}, {}, CredentialKind.SECRET),
        (_ACCOUNT, {"ARM_CLIENT_SECRET": "x"}, CredentialKind.SECRET),
        (_ACCOUNT, {"AZURE_CLIENT_CERTIFICATE_PATH": "c.pem"}, CredentialKind.CERTIFICATE),
        ({**_ACCOUNT, "use_oidc": True, "oidc_token": "x"}, {}, CredentialKind.OIDC),
        (_ACCOUNT, {"AZURE_FEDERATED_TOKEN_FILE": "token"}, CredentialKind.OIDC),
        ({**_ACCOUNT, "client_certificate": "MII="}, {}, CredentialKind.CERTIFICATE),
        ({**_ACCOUNT, "use_aks_workload_identity": True, "oidc_token": "x"}, {}, CredentialKind.OIDC),
        (
            {**_ACCOUNT, "use_oidc": True},
            {"SYSTEM_OIDCREQUESTURI": "https://dev.azure.com/o", "SYSTEM_ACCESSTOKEN": "x"},
            CredentialKind.OIDC,
        ),
        ({**_ACCOUNT, "use_msi": True}, {}, CredentialKind.MANAGED_IDENTITY),
        (_ACCOUNT, {"ARM_USE_CLI": "true"}, CredentialKind.CLI),
        ({**_ACCOUNT, "use_cli": False}, {"ARM_USE_CLI": "true"}, CredentialKind.DEFAULT),
        (_ACCOUNT, {}, CredentialKind.DEFAULT),
    ],
)
def test_what_is_named_decides_the_credential(
    config: Mapping[str, Plain], variables: Mapping[str, str], kind: CredentialKind
) -> None:
    settings, diags = resolve(config, variables, ".")

    assert (settings.credential_kind, diags) == (kind, ())


@pytest.mark.parametrize(
    "config",
    [
        {**_ACCOUNT, "client_secret": "x"},
        {**_ACCOUNT, "use_oidc": True, "oidc_token": "x"},
        {**_ACCOUNT, "use_msi": True},
        _ACCOUNT,
    ],
)
def test_making_a_credential_talks_to_nobody(config: Mapping[str, Plain]) -> None:
    assert hasattr(credential_for(resolve(config, {}, ".")[0]), "get_token")


def test_what_is_missing_is_said_with_its_variables() -> None:
    _, diags = resolve({"client_secret": "x"}, {}, ".")

    assert [one.path[0][0] for one in diags] == ["subscription_id", "tenant_id", "client_id"]
    assert "ARM_SUBSCRIPTION_ID or AZURE_SUBSCRIPTION_ID" in diags[0].detail


def test_an_unknown_cloud_is_refused() -> None:
    assert check({"environment": "germany"})[0].summary == "Unsupported Azure environment"
    assert "public, usgovernment, china, emulator" in check({"environment": "germany"})[0].detail


def test_secrets_do_not_show() -> None:
    settings, _ = resolve({**_ACCOUNT, "client_secret": "hidden-one"}, {"ARM_OIDC_TOKEN": "hidden-two"}, ".")

    assert "hidden" not in repr(settings)


@pytest.mark.parametrize(
    ("environment", "endpoint", "authority"),
    [
        ("public", "https://management.azure.com", "https://login.microsoftonline.com"),
        ("usgovernment", "https://management.usgovcloudapi.net", "https://login.microsoftonline.us"),
        ("china", "https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
    ],
)
def test_each_cloud_has_its_own_addresses(environment: str, endpoint: str, authority: str) -> None:
    cloud = resolve({**_ACCOUNT, "environment": environment}, {}, ".")[0].cloud

    assert (cloud.endpoint, cloud.authority) == (endpoint, authority)


def test_a_cloud_of_ones_own_has_the_addresses_that_are_given() -> None:
    variables = {
        "MOOR_AZURE_ENDPOINT": "https://localhost:8443/",
        "AZURE_AUTHORITY_HOST": "login.example.org",
    }
    cloud = resolve(_ACCOUNT, variables, ".")[0].cloud

    assert (cloud.endpoint, cloud.authority) == ("https://localhost:8443", "https://login.example.org")


@pytest.mark.parametrize("name", ["endpoint", "authority"])
def test_an_address_is_one_of_https(name: str) -> None:
    (problem,) = check({name: "http://localhost:8443/path"})

    assert (problem.summary, problem.path[0][0]) == ("Invalid Azure address", name)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    config = {**_ACCOUNT, "client_secret_file_path": "none"}
    _, (problem,) = resolve(config, {}, str(tmp_path))

    assert (problem.summary, problem.path[0][0]) == ("Unreadable Azure setting", "client_secret_file_path")
