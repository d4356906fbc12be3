"""Secrets are written nowhere but to Azure."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from tests.unit.azureml.configurations import ATTACHMENT, CLUSTER, PASSWORD
from tests.unit.azureml.contents import CONNECTION
from tests.unit.azureml.lab import Lab, Made, made

from mooring.core.codec import Plain, dumps, encode
from mooring.core.values import UNKNOWN
from mooring.sdk import CallContext, Import, Imports, Read, object_type
from mooring_azureml.arm.port import ArmError
from mooring_azureml.arm.problems import Attempt, explain

_ATTACHMENT: Final = "azureml_attached_virtual_machine"
_CLUSTER: Final = "azureml_compute_cluster"
_KEY: Final = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA-only-a-test\n"
_WITH_KEY: Final = {
    **{name: value for name, value in ATTACHMENT.items() if name != "password"},
    "private_key": _KEY,
    "passphrase": "correct horse battery",
}
_WITH_PASSWORD: Final = {
    **CLUSTER,
    "user_account_credentials": {"admin_user_name": "azureuser", "admin_user_password": PASSWORD},
}
_CONNECTION: Final = "azureml_connection"
_PRINCIPAL: Final = {"client_id": "app", "tenant_id": "tenant", "client_secret": PASSWORD}
_WITH_PRINCIPAL: Final[Mapping[str, Plain]] = {
    **CONNECTION,
    "auth_type": "ServicePrincipal",
    "credentials": _PRINCIPAL,
}
_SECRETS: Final = (PASSWORD, "only-a-test", "correct horse battery")


def _written(lab: Lab, type_name: str, of: Made) -> str:
    """Everything about an object that the engine stores or shows."""
    stored = dumps(encode(of.value, object_type(lab.kind(type_name).schema.block)))
    return f"{stored!r} {of.private!r} {of.diagnostics!r} {of.value!r}"


@pytest.mark.parametrize(
    ("type_name", "config"),
    [(_ATTACHMENT, ATTACHMENT), (_ATTACHMENT, _WITH_KEY), (_CLUSTER, _WITH_PASSWORD)],
)
def test_no_secret_is_stored_noted_or_logged(
    workspace: Lab,
    caplog: pytest.LogCaptureFixture,
    type_name: str,
    config: dict[str, object],
) -> None:
    caplog.set_level(logging.DEBUG)
    notes: list[object] = []
    ctx = CallContext(checkpoint=notes.append, progress=notes.append)
    created = made(workspace.try_create(type_name, config, ctx))  # type: ignore[arg-type]
    planned = workspace.plan(type_name, config, created)  # type: ignore[arg-type]
    again = workspace.try_create(type_name, config)  # type: ignore[arg-type]
    everything = f"{_written(workspace, type_name, created)} {planned!r} {again!r} {notes!r} {caplog.text}"

    assert [secret for secret in _SECRETS if secret in everything] == []


def test_no_file_outside_the_emulated_cloud_holds_a_secret(workspace: Lab, tmp_path: Path) -> None:
    workspace.create(_ATTACHMENT, ATTACHMENT)
    cloud = set(tmp_path.rglob("emulator.sqlite*"))
    others = [path for path in tmp_path.rglob("*") if path.is_file() and path not in cloud]

    assert [path for path in others if PASSWORD.encode() in path.read_bytes()] == []


def test_requests_are_logged_without_queries_and_bodies(
    workspace: Lab, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="mooring.provider.azureml")
    workspace.create(_CLUSTER, CLUSTER)
    lines = [record.getMessage() for record in caplog.records if record.name == "mooring.provider.azureml"]

    assert any(line.startswith("PUT /subscriptions/") and "-> 201" in line for line in lines)
    assert not any("api-version" in line or "scaleSettings" in line for line in lines)


def test_a_digest_alone_tells_that_a_secret_changed(workspace: Lab) -> None:
    one = workspace.create(_ATTACHMENT, ATTACHMENT)
    same = workspace.plan(_ATTACHMENT, ATTACHMENT, one)
    other = workspace.plan(_ATTACHMENT, {**ATTACHMENT, "password": "another"}, one)

    assert same.requires_replace == ()
    assert len(other.requires_replace) == 1
    assert not other.planned.attributes["credentials_version"].is_known


def test_the_same_secret_has_another_digest_in_every_object(workspace: Lab) -> None:
    clusters = [workspace.create(_CLUSTER, {**_WITH_PASSWORD, "name": f"cpu-{one}"}) for one in "ab"]

    assert len({one.private for one in clusters}) == 2
    assert all(one.private for one in clusters)


def test_an_object_without_a_record_counts_as_unchanged(workspace: Lab) -> None:
    one = workspace.create(_ATTACHMENT, ATTACHMENT)
    imported = Made(value=one.value, private=b"")

    assert workspace.plan(_ATTACHMENT, ATTACHMENT, imported).requires_replace == ()


def _imported(lab: Lab, type_name: str, config: Mapping[str, Plain], id_: object) -> Made:
    """An object as it is read right after it was imported with its block."""
    kind = lab.kind(type_name)
    assert isinstance(kind, Imports)
    block = lab.value(type_name, config)
    [found] = kind.import_object(CallContext(), Import(id=str(id_), config=block)).objects
    read = kind.read(CallContext(), Read(current=found.current, private=found.private))
    assert read.current is not None
    return Made(value=read.current, private=read.private)


def test_an_object_imported_with_its_block_has_the_secrets_of_the_block(workspace: Lab) -> None:
    one = workspace.create(_ATTACHMENT, ATTACHMENT)
    imported = _imported(workspace, _ATTACHMENT, ATTACHMENT, one["id"])
    other = workspace.plan(_ATTACHMENT, {**ATTACHMENT, "password": "another"}, imported)

    assert workspace.plan(_ATTACHMENT, ATTACHMENT, imported).planned == imported.value
    assert len(other.requires_replace) == 1


def test_a_secret_that_is_not_known_while_importing_is_not_remembered(workspace: Lab) -> None:
    one = workspace.create(_ATTACHMENT, ATTACHMENT)
    imported = _imported(workspace, _ATTACHMENT, {**ATTACHMENT, "password": UNKNOWN}, one["id"])

    assert imported.private == b""
    assert workspace.plan(_ATTACHMENT, ATTACHMENT, imported).planned == imported.value


def test_credentials_that_no_get_answers_with_are_imported_as_their_block_says(workspace: Lab) -> None:
    one = workspace.create(_CONNECTION, _WITH_PRINCIPAL)
    imported = _imported(workspace, _CONNECTION, _WITH_PRINCIPAL, one["id"])
    credentials = {**_PRINCIPAL, "client_id": "another"}
    other = workspace.plan(_CONNECTION, {**_WITH_PRINCIPAL, "credentials": credentials}, imported)

    assert workspace.plan(_CONNECTION, _WITH_PRINCIPAL, imported).planned == imported.value
    assert other.planned != imported.value


def test_secrets_are_struck_out_of_azures_words() -> None:
    error = ArmError(status=400, code="BadRequest", message=f"The password '{PASSWORD}' is too weak.")
    attempt = Attempt(doing="creating it", id="/subscriptions/s", secrets=(PASSWORD,))

    assert PASSWORD not in str(explain(error, attempt))
