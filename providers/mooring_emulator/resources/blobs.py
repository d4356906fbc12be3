"""The blobs of storage accounts, as far as a client needs them that was given a signed address.

PUT (block blobs, or a copy of another one), GET, HEAD, DELETE of a blob, and the list of a container, which
is there as soon as an address in it was given away. Sources: "Put Blob", "Copy Blob From URL", "List Blobs"
and "Status and error codes" of the Blob service's REST API, version 2021-12-02.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import md5, sha256
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from mooring_emulator.arm.call import Outcome
from mooring_emulator.arm.urls import BLOB_ROOT, BLOB_SUFFIX, parse_url
from mooring_emulator.messages import Response
from mooring_emulator.store.model import Blob, PutBlob, RemoveBlob

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mooring_emulator.arm.call import Call

_SERVICE_VERSION = "2021-12-02"
_LARGEST = 64 * 1024 * 1024
"""As much as the server takes in one request."""
_SIGNED_SECONDS = 8 * 3600
_META = "x-ms-meta-"
_PUBLIC = (".azure.com", BLOB_SUFFIX)


def blob_origin(call: Call, account: str) -> str:
    """Where an account's blobs are for a client: at Azure's names where it uses those."""
    if call.url.origin.endswith(_PUBLIC):
        return f"https://{account}{BLOB_SUFFIX}"
    return f"{call.url.origin}/{BLOB_ROOT}/{account}"


def signature(call: Call, account: str, container: str) -> str:
    """Give the query that lets its bearer read, write and list a container for some hours."""
    expires = str(int(call.now) + _SIGNED_SECONDS)
    signed = {"sv": _SERVICE_VERSION, "sr": "c", "sp": "rwl", "se": expires}
    return urlencode({**signed, "sig": _sign(account, container, expires)})


def _sign(account: str, container: str, expires: str) -> str:
    return b64encode(sha256(f"emulated {account} {container} {expires}".encode()).digest()).decode()


def list_blobs(call: Call) -> Outcome:
    """Answer GET ?restype=container&comp=list."""
    account, container = call.parameters["account"], call.parameters["container"]
    if not _is_signed(call, call.url.query, account, container):
        return _refuse(403, "AuthenticationFailed", "The signature is missing, wrong or over.")
    with_metadata = "metadata" in call.url.query.get("include", "").split(",")
    found = call.view.blobs(account, container, call.url.query.get("prefix", ""))
    rows = "".join(_row(blob, with_metadata=with_metadata) for blob in found)
    body = f'<EnumerationResults ContainerName="{escape(container)}"><Blobs>{rows}</Blobs><NextMarker />'
    return Outcome(response=_xml(200, f"{body}</EnumerationResults>"))


def answer_blob(call: Call) -> Outcome:
    """Answer a request for one blob."""
    place = call.parameters
    if not _is_signed(call, call.url.query, place["account"], place["container"]):
        return _refuse(403, "AuthenticationFailed", "The signature is missing, wrong or over.")
    verb = _VERBS.get(call.request.method)
    if verb is None:
        return _refuse(405, "UnsupportedHttpVerb", "The resource does not support this HTTP verb.")
    return verb(call)


def _is_signed(call: Call, query: Mapping[str, str], account: str, container: str) -> bool:
    expires = query.get("se", "")
    is_current = expires.isdecimal() and call.now < int(expires)
    return is_current and query.get("sig") == _sign(account, container, expires)


def _put(call: Call) -> Outcome:
    headers = {name.lower(): value for name, value in call.request.headers.items()}
    if "x-ms-copy-source" in headers:
        return _copy(call, headers)
    if headers.get("x-ms-blob-type", "").lower() != "blockblob":
        return _refuse(400, "MissingRequiredHeader", "x-ms-blob-type must be BlockBlob.")
    if len(call.request.body) > _LARGEST:
        return _refuse(413, "RequestBodyTooLarge", f"A blob of the emulator has {_LARGEST} bytes at most.")
    blob = Blob(
        **call.parameters,
        content=call.request.body,
        content_type=headers.get("x-ms-blob-content-type", "application/octet-stream"),
        metadata={name[len(_META) :]: value for name, value in headers.items() if name.startswith(_META)},
        modified=call.now,
    )
    return Outcome(response=_blob_response(201, blob, b""), writes=(PutBlob(blob=blob),))


def _copy(call: Call, headers: Mapping[str, str]) -> Outcome:
    source = parse_url(headers["x-ms-copy-source"])
    root, account, container, *rest = (*source.segments, *[""] * (3 - len(source.segments)))
    if root != BLOB_ROOT or not _is_signed(call, source.query, account, container):
        return _refuse(403, "CannotVerifyCopySource", "The source must be a signed address of a blob.")
    found = call.view.blob(account, container, "/".join(rest))
    if found is None:
        return _refuse(404, "CannotVerifyCopySource", "The source does not exist.")
    place = call.parameters
    blob = replace(
        found,
        account=place["account"],
        container=place["container"],
        name=place["name"],
        modified=call.now,
    )
    done = {"x-ms-copy-status": "success", "x-ms-copy-id": call.world.new_id()}
    response = _blob_response(202, blob, b"")
    response = replace(response, headers={**response.headers, **done})
    return Outcome(response=response, writes=(PutBlob(blob=blob),))


def _get(call: Call) -> Outcome:
    found = call.view.blob(**call.parameters)
    if found is None:
        return _refuse(404, "BlobNotFound", "The specified blob does not exist.")
    return Outcome(response=_blob_response(200, found, found.content))


def _delete(call: Call) -> Outcome:
    if call.view.blob(**call.parameters) is None:
        return _refuse(404, "BlobNotFound", "The specified blob does not exist.")
    return Outcome(response=Response(status=202), writes=(RemoveBlob(**call.parameters),))


_VERBS: Mapping[str, Callable[[Call], Outcome]] = {"PUT": _put, "GET": _get, "HEAD": _get, "DELETE": _delete}


def _blob_response(status: int, blob: Blob, body: bytes) -> Response:
    headers = {
        "ETag": f'"{_digest(blob)}"',
        "Content-MD5": _digest(blob),
        "Last-Modified": _date(blob.modified),
        "x-ms-version": _SERVICE_VERSION,
        "x-ms-blob-type": "BlockBlob",
    }
    kept = {f"{_META}{name}": value for name, value in blob.metadata.items()}
    return Response(status=status, headers={**headers, **kept, "Content-Type": blob.content_type}, body=body)


def _row(blob: Blob, *, with_metadata: bool) -> str:
    kept = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in blob.metadata.items())
    metadata = f"<Metadata>{kept}</Metadata>" if with_metadata else ""
    length, digest = f"<Content-Length>{len(blob.content)}</Content-Length>", _digest(blob)
    properties = f"<Properties>{length}<Content-MD5>{digest}</Content-MD5></Properties>"
    return f"<Blob><Name>{escape(blob.name)}</Name>{properties}{metadata}</Blob>"


def _digest(blob: Blob) -> str:
    return b64encode(md5(blob.content, usedforsecurity=False).digest()).decode()


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


def _refuse(status: int, code: str, message: str) -> Outcome:
    body = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    response = _xml(status, body)
    return Outcome(response=replace(response, headers={**response.headers, "x-ms-error-code": code}))


def _xml(status: int, body: str) -> Response:
    text = f'<?xml version="1.0" encoding="utf-8"?>{body}'
    return Response(status=status, headers={"Content-Type": "application/xml"}, body=text.encode())
