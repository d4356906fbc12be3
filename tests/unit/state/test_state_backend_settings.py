"""Settings of backends: where they come from, what is missing, and which identity they mean."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from mooring.state.backends.azurerm.clouds import cloud_of
from mooring.state.backends.azurerm.credentials import identity_of
from mooring.state.backends.extras import missing_extra
from mooring.state.backends.model import Kind, Setting, Settings, complete, fitting, parse
from mooring.state.backends.types import NAMES, backend_type

TENANT = "00000000-0000-0000-0000-00000000000a"
AUTHORITY = "https://login.microsoftonline.com"
LOGIN: Settings = {"tenant_id": TENANT, "client_id": "app"}


def completed(name: str, given: Settings, **environment: str) -> Settings:
    of = backend_type(name)
    assert of is not None
    return complete(of, given, environment)[0]


def test_a_setting_comes_from_the_block_before_the_environment_before_the_default() -> None:
    assert completed("pg", {"schema_name": "a"}, PG_SCHEMA_NAME="b")["schema_name"] == "a"
    assert completed("pg", {}, PG_SCHEMA_NAME="b")["schema_name"] == "b"
    assert completed("pg", {})["schema_name"] == "terraform_remote_state"


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("ARM_METADATA_HOST", "metadata_host"),
        ("ARM_METADATA_HOSTNAME", "metadata_host"),
        ("ACTIONS_ID_TOKEN_REQUEST_URL", "oidc_request_url"),
        ("SYSTEM_OIDCREQUESTURI", "oidc_request_url"),
        ("ARM_OIDC_AZURE_SERVICE_CONNECTION_ID", "ado_pipeline_service_connection_id"),
    ],
)
def test_several_variables_stand_in_for_a_setting(variable: str, name: str) -> None:
    assert completed("azurerm", {}, **{variable: "x"})[name] == "x"


def test_flags_and_numbers_are_read_from_text() -> None:
    assert completed("azurerm", {}, ARM_USE_OIDC="true", ARM_USE_CLI="0")["use_oidc"] is True
    assert completed("azurerm", {}, ARM_USE_CLI="0")["use_cli"] is False
    assert completed("http", {}, TF_HTTP_RETRY_MAX="7")["retry_max"] == 7
    assert (parse(Kind.FLAG, "yes"), parse(Kind.COUNT, "-1")) == (None, None)


def test_a_variable_that_is_no_flag_is_named() -> None:
    of = backend_type("azurerm")
    assert of is not None
    _, diags = complete(
        of, {"storage_account_name": "a", "container_name": "c", "key": "k"}, {"ARM_USE_MSI": "maybe"}
    )
    assert ["ARM_USE_MSI must be a bool" in each.detail for each in diags] == [True]


def test_what_is_required_and_set_nowhere_is_named_with_the_ways_to_set_it() -> None:
    of = backend_type("http")
    assert of is not None
    _, (diag,) = complete(of, {}, {})
    assert diag.summary == "Missing Required Value"
    for way in ('"address"', '-backend-config="address=..."', "TF_HTTP_ADDRESS"):
        assert way in diag.detail


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("address", 1, "1"),
        ("address", True, "true"),
        ("retry_max", "3", 3),
        ("retry_max", True, None),
        ("skip_cert_verification", "true", True),
        ("skip_cert_verification", 1, None),
        ("nope", "x", None),
    ],
)
def test_a_value_is_brought_to_what_the_argument_takes(name: str, value: Setting, expected: Setting) -> None:
    of = backend_type("http")
    assert of is not None
    assert fitting(of, name, value) == expected


def test_every_type_of_backend_can_be_had_by_its_name() -> None:
    assert [each.name for each in map(backend_type, NAMES) if each is not None] == list(NAMES)
    assert backend_type("s3") is None


def test_a_package_that_is_not_installed_is_named_with_the_command_that_installs_it() -> None:
    assert missing_extra("pg", "psycopg", "psycopg") is None
    for module in ("no_such_module", "no_such.module"):
        absent = missing_extra("azurerm", module, "azure-storage-blob")
        assert absent is not None
        assert 'pip install "mooring[azurerm]"' in absent.detail


# -- azurerm -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"client_secret": "s", "use_cli": True}, "ClientSecretCredential"),
        ({"use_oidc": True, "oidc_token": "t", "use_cli": True}, "ClientAssertionCredential"),
        ({"use_aks_workload_identity": True}, "ClientAssertionCredential"),
        ({"use_msi": True, "use_cli": True}, "ManagedIdentityCredential"),
        ({"use_msi": True, "msi_endpoint": "http://127.0.0.1:9/"}, "_EndpointCredential"),
        ({"use_cli": True}, "AzureCliCredential"),
    ],
)
def test_the_identity_is_the_first_that_the_settings_name(settings: Settings, expected: str) -> None:
    found = identity_of({**LOGIN, **settings}, AUTHORITY)
    assert type(found.credential).__name__ == expected


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"client_secret": "s", "client_id": "app"}, '"tenant_id" is not set'),
        ({"client_secret": "s", "tenant_id": TENANT}, '"client_id" is not set'),
        ({**LOGIN, "client_secret_file_path": "nofile"}, '"client_secret_file_path" is nofile'),
        ({**LOGIN, "client_certificate": "@"}, '"client_certificate" is not base64'),
        (
            {**LOGIN, "client_certificate": base64.b64encode(b"x").decode()},
            "the client certificate cannot be read",
        ),
        ({"use_cli": False}, "no way to log in is set"),
    ],
)
def test_settings_that_make_no_identity_are_named(settings: Settings, said: str) -> None:
    with pytest.raises(OSError, match=said):
        identity_of(settings, AUTHORITY)


def test_ids_and_secrets_are_read_from_files(tmp_path: Path) -> None:
    for name in ("id", "secret"):
        (tmp_path / name).write_text(f"{name}\n")
    settings: Settings = {
        "tenant_id": TENANT,
        "client_id_file_path": str(tmp_path / "id"),
        "client_secret_file_path": str(tmp_path / "secret"),
    }
    found = identity_of(settings, AUTHORITY)
    assert found.shown_as == "Entra ID with client_secret"


@pytest.mark.parametrize(
    ("name", "storage"),
    [
        ("public", "core.windows.net"),
        ("usgovernment", "core.usgovcloudapi.net"),
        ("AzureChinaCloud", "core.chinacloudapi.cn"),
    ],
)
def test_clouds_have_their_own_addresses(name: str, storage: str) -> None:
    assert cloud_of({"environment": name}).storage == storage


def test_a_cloud_that_nobody_knows_is_named() -> None:
    with pytest.raises(OSError, match='"environment" is "moon"'):
        cloud_of({"environment": "moon"})
