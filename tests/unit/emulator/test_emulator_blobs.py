"""Blobs behind the addresses that are given away for uploads."""

from __future__ import annotations

from base64 import b64encode
from hashlib import md5
from typing import Any

import pytest
from tests.unit.emulator.clouds import ML_VERSION, WORKSPACE, Cloud

from mooring_emulator import Request, Response

_BLOCK = {"x-ms-blob-type": "BlockBlob", "x-ms-meta-sha256": "abc", "x-ms-blob-content-type": "text/plain"}


def _address(cloud: Cloud, name: str = "one", origin: str = "") -> tuple[str, str]:
    """A container's address, and the query that opens it."""
    path = f"{WORKSPACE}/codes/{name}/versions/1/startPendingUpload"
    url = f"{origin}{path}?api-version={ML_VERSION}"
    answer: Any = cloud.emulator.handle(Request(method="POST", url=url, body=b"{}")).json()
    address, _, query = answer["blobReferenceForConsumption"]["credential"]["sasUri"].partition("?")
    return address, query


def _ask(cloud: Cloud, method: str, url: str, body: bytes = b"", source: str = "") -> Response:
    copied = {"x-ms-copy-source": source} if source else {}
    return cloud.emulator.handle(Request(method=method, url=url, headers={**_BLOCK, **copied}, body=body))


def test_a_blob_can_be_put_read_listed_and_deleted(cloud: Cloud) -> None:
    address, query = _address(cloud)
    url = f"{address}/code/a%20b.py?{query}"
    assert _ask(cloud, "PUT", url, b"print(1)").status == 201
    read, head = _ask(cloud, "GET", url), _ask(cloud, "HEAD", url)
    listed = _ask(cloud, "GET", f"{address}?restype=container&comp=list&include=metadata&{query}")

    assert (read.body, read.headers["Content-Type"]) == (b"print(1)", "text/plain")
    assert read.headers["x-ms-meta-sha256"] == "abc"
    assert read.headers["Content-MD5"] == b64encode(md5(b"print(1)").digest()).decode()  # noqa: S324
    assert (head.body, head.headers["Content-Length"]) == (b"", "8")
    assert b"<Name>code/a b.py</Name>" in listed.body
    assert b"<Metadata><sha256>abc</sha256></Metadata>" in listed.body
    assert [_ask(cloud, "DELETE", url).status for _ in range(2)] == [202, 404]
    assert _ask(cloud, "GET", url).headers["x-ms-error-code"] == "BlobNotFound"


def test_names_of_blobs_distinguish_cases(cloud: Cloud) -> None:
    address, query = _address(cloud)
    _ask(cloud, "PUT", f"{address}/A?{query}", b"upper")
    _ask(cloud, "PUT", f"{address}/a?{query}", b"lower")

    assert _ask(cloud, "GET", f"{address}/A?{query}").body == b"upper"


def test_a_blob_is_copied_inside_the_account(cloud: Cloud) -> None:
    first, opens_first = _address(cloud)
    second, opens_second = _address(cloud, "two")
    _ask(cloud, "PUT", f"{first}/a?{opens_first}", b"1")
    copied = _ask(cloud, "PUT", f"{second}/b?{opens_second}", source=f"{first}/a?{opens_first}")
    unsigned = _ask(cloud, "PUT", f"{second}/c?{opens_second}", source=f"{first}/a")

    assert (copied.status, copied.headers["x-ms-copy-status"]) == (202, "success")
    assert _ask(cloud, "GET", f"{second}/b?{opens_second}").body == b"1"
    assert unsigned.headers["x-ms-error-code"] == "CannotVerifyCopySource"


def test_a_signature_is_for_one_container_and_some_hours(cloud: Cloud) -> None:
    first, opens_first = _address(cloud)
    second, _ = _address(cloud, "two")
    wrong = [_ask(cloud, "PUT", f"{second}/a?{opens_first}").status, _ask(cloud, "PUT", f"{first}/a").status]
    cloud.wait(9 * 3600)

    assert wrong == [403, 403]
    assert _ask(cloud, "PUT", f"{first}/a?{opens_first}").status == 403


def test_an_upload_has_the_same_place_each_time(cloud: Cloud) -> None:
    assert _address(cloud)[0] == _address(cloud)[0]


def test_a_client_of_the_emulators_own_address_stays_there(cloud: Cloud) -> None:
    address, query = _address(cloud, origin="https://localhost:8443")

    assert address.startswith("https://localhost:8443/blob-storage/emulated")
    assert _ask(cloud, "PUT", f"{address}/a?{query}", b"1").status == 201


def test_the_log_shows_blobs_without_their_signature(cloud: Cloud) -> None:
    address, query = _address(cloud)
    _ask(cloud, "PUT", f"{address}/code/a?{query}", b"1")
    last = cloud.emulator.requests()[-1]

    assert (last.method, last.status) == ("PUT", 201)
    assert last.path.endswith("/code/a")


@pytest.mark.parametrize(
    ("variables", "status"),
    [({}, "Completed"), ({"EMULATOR_RUN_ENDS_AS": "Failed"}, "Failed"), ({"A": "b"}, "Completed")],
)
def test_a_job_ends_as_it_is_told(slow_cloud: Cloud, variables: dict[str, str], status: str) -> None:
    path = f"{WORKSPACE}/jobs/a-job"
    job = {"jobType": "Command", "command": "ls", "environmentId": "e", "environmentVariables": variables}
    slow_cloud.ask("PUT", path, {"properties": job})
    slow_cloud.wait(20)

    assert slow_cloud.get(path)["properties"]["status"] == status


def test_a_job_is_what_it_was_submitted_as(slow_cloud: Cloud) -> None:
    path = f"{WORKSPACE}/jobs/a-job"
    job = {"jobType": "Command", "command": "ls", "environmentId": "e", "tags": {"a": "b"}}
    slow_cloud.ask("PUT", path, {"properties": job})
    slow_cloud.wait(10)
    tagged = slow_cloud.ask("PUT", path, {"properties": {**job, "tags": {"c": "d"}}})
    refused = slow_cloud.ask("PUT", path, {"properties": {**job, "command": "rm"}})

    assert (tagged.status, refused.status) == (200, 400)
    assert slow_cloud.get(path)["properties"]["status"] == "Running"
