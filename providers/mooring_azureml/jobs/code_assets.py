"""Code assets: a snapshot in the storage of a workspace, under its digest.

What exists is not sent again. Of a new snapshot, files that the newest earlier one of the same folder had are
copied inside the storage account; the rest is uploaded. Sources: specs/operations-2025-12-01.json
(CodeVersionsOperations); "Put Blob", "Copy Blob From URL" and "List Blobs" of the Blob service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote

from mooring.core.codec import Plain
from mooring.sdk import CallContext
from mooring_azureml.arm.ids import child_id
from mooring_azureml.arm.port import CODE_CHANGED, Arm, ArmError, Document, SignedRequest, Target
from mooring_azureml.common import ML_API_VERSION
from mooring_azureml.jobs.snapshots import Snapshot
from mooring_azureml.table.to_arm import get_at

_VERSION: Final = "1"
_FOLDER: Final = "code"
"""The folder of the container that the files are in."""
_SOURCE: Final = "mooring.source"
"""The tag of a code asset that says what it is a snapshot of."""
_HEADERS: Final[Mapping[str, str]] = {"x-ms-version": "2021-12-02"}


def code_id(workspace: str, digest: str) -> str:
    """The id of the code asset of a snapshot."""
    return child_id(child_id(workspace, "codes", digest), "versions", _VERSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeUpload:
    """A snapshot on its way: `root` is the folder, `source` says whose snapshot it is, `properties` more."""

    workspace: str
    root: Path
    snapshot: Snapshot
    source: str
    properties: Mapping[str, str]

    @property
    def id(self) -> str:
        """The code asset's."""
        return code_id(self.workspace, self.snapshot.digest)


def ensure_code(arm: Arm, ctx: CallContext, upload: CodeUpload) -> ArmError | None:
    """The code asset is there afterwards; nothing is sent if it was there before."""
    found = arm.get(ctx, _target(upload.id))
    if not isinstance(found, ArmError):
        return None
    return _upload(arm, ctx, upload) if found.is_absent else found


def _target(path: str) -> Target:
    return Target(id=path, api_version=ML_API_VERSION)


def _upload(arm: Arm, ctx: CallContext, upload: CodeUpload) -> ArmError | None:
    earlier = _earlier(arm, ctx, upload)
    place = _pending(arm, ctx, upload.id)
    if isinstance(place, ArmError):
        return place
    failed = _fill(arm, ctx, upload, _Filling(place=place, earlier=earlier))
    if failed is None:
        failed = arm.put(ctx, _target(upload.id.rpartition("/versions/")[0]), _container(upload))
    if failed is None:
        failed = arm.put(ctx, _target(upload.id), _version(upload, place))
    return failed


def _container(upload: CodeUpload) -> Document:
    return {"properties": {"tags": {_SOURCE: upload.source}}}


def _version(upload: CodeUpload, place: _Place) -> Document:
    address, properties = f"{place.address}/{_FOLDER}", dict(upload.properties)
    return {"properties": {"codeUri": address, "isAnonymous": True, "properties": properties}}


# -- places --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A container: its address, and the query that lets one read and write in it."""

    address: str
    signature: str

    def url(self, path: str) -> str:
        """The signed address of a file."""
        return f"{self.address}/{_FOLDER}/{quote(path)}?{self.signature}"


def _pending(arm: Arm, ctx: CallContext, asset: str) -> _Place | ArmError:
    """Where the files of a code asset are, or are to be."""
    body = {"pendingUploadType": "TemporaryBlobReference"}
    answer = arm.post(ctx, _target(f"{asset}/startPendingUpload"), body)
    if isinstance(answer, ArmError):
        return answer
    signed = str(get_at(answer, "blobReferenceForConsumption.credential.sasUri") or "")
    address, mark, signature = signed.partition("?")
    if not mark:
        message = "Azure gave no signed address to upload the code to."
        return ArmError(status=0, code="NoUploadAddress", message=message)
    return _Place(address=address.rstrip("/"), signature=signature)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earlier:
    """The newest earlier snapshot: where it is, and the path of a file with each digest."""

    place: _Place
    paths: Mapping[str, str]


def _earlier(arm: Arm, ctx: CallContext, upload: CodeUpload) -> _Earlier | None:
    """An earlier snapshot of the same; it only saves time, so that any trouble means none."""
    if len(upload.snapshot.files) < 2:
        return None
    listed = arm.list_pages(ctx, _target(f"{upload.workspace}/codes"))
    own = [] if isinstance(listed, ArmError) else [one for one in listed if _source(one) == upload.source]
    newest = max(own, key=lambda one: str(get_at(one, "systemData.createdAt")), default=None)
    if newest is None:
        return None
    place = _pending(arm, ctx, child_id(str(newest["id"]), "versions", _VERSION))
    if isinstance(place, ArmError):
        return None
    return _Earlier(place=place, paths=_listed(arm, ctx, place))


def _source(container: Document) -> Plain:
    """The tag; a dot in its name keeps `get_at` from finding it."""
    tags = get_at(container, "properties.tags")
    return tags.get(_SOURCE) if isinstance(tags, Mapping) else None


def _listed(arm: Arm, ctx: CallContext, place: _Place) -> Mapping[str, str]:
    """The path of a file for each digest that uploading noted beside the files."""
    from xml.etree import ElementTree as ET

    query = f"restype=container&comp=list&include=metadata&prefix={_FOLDER}/&{place.signature}"
    request = SignedRequest(method="GET", url=f"{place.address}?{query}", headers=_HEADERS)
    answer = arm.send_signed(ctx, request)
    if isinstance(answer, ArmError):
        return {}
    blobs = ET.fromstring(answer).iter("Blob")  # noqa: S314 - the storage account's own answer
    noted = ((one.findtext("Metadata/sha256"), one.findtext("Name")) for one in blobs)
    return {digest: name.removeprefix(f"{_FOLDER}/") for digest, name in noted if digest and name}


# -- files ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filling:
    """Where the files go, and where some of them are already."""

    place: _Place
    earlier: _Earlier | None


def _fill(arm: Arm, ctx: CallContext, upload: CodeUpload, filling: _Filling) -> ArmError | None:
    files = upload.snapshot.files
    left = [path for path, digest in files.items() if not _copied(arm, ctx, filling, path, digest)]
    reused = len(files) - len(left)
    shared = f" ({reused} more as before)" if reused else ""
    for done, path in enumerate(left, 1):
        content = read_file(upload.root, path, files[path])
        if isinstance(content, ArmError):
            return content
        headers = {**_HEADERS, "x-ms-blob-type": "BlockBlob", "x-ms-meta-sha256": files[path]}
        request = SignedRequest(method="PUT", url=filling.place.url(path), headers=headers, content=content)
        answer = arm.send_signed(ctx, request)
        if isinstance(answer, ArmError):
            return answer
        ctx.progress(f"Uploaded {done} of {len(left)} files{shared}")
    return None


def read_file(root: Path, path: str, digest: str) -> bytes | ArmError:
    """A file of a snapshot, as it was when that was taken."""
    try:
        content = (root / path).read_bytes()
    except OSError as problem:
        return ArmError(status=0, code="UnusableFile", message=f"{path}: {problem.strerror or problem}")
    if sha256(content).hexdigest() == digest:
        return content
    return ArmError(status=0, code=CODE_CHANGED, message=f"{path} was changed in this moment.")


def _copied(arm: Arm, ctx: CallContext, filling: _Filling, path: str, digest: str) -> bool:
    """Whether a file was copied from the earlier snapshot; where that is refused, it is uploaded."""
    before = filling.earlier.paths.get(digest) if filling.earlier is not None else None
    if filling.earlier is None or before is None:
        return False
    source = {"x-ms-copy-source": filling.earlier.place.url(before), "x-ms-requires-sync": "true"}
    request = SignedRequest(method="PUT", url=filling.place.url(path), headers={**_HEADERS, **source})
    return not isinstance(arm.send_signed(ctx, request), ArmError)
