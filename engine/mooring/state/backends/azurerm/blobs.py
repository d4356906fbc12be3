"""The blobs of one container: what a medium does with them, in the terms of a medium.

What is transient is tried again on the way (retrying.py). Every method raises `OSError`, and
`failures.RefusedError` where the service has refused.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from azure.core import MatchConditions
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobClient, BlobLeaseClient, BlobType, ContentSettings

from mooring.core.records import field, record
from mooring.state.backends.azurerm.account import Container
from mooring.state.backends.azurerm.failures import RefusedError, told

_JSON: Final = ContentSettings(content_type="application/json")
_MOST_IN_A_BLOCK: Final = 4 * 1024 * 1024


@record(kw_only=True)
class Properties:
    """What is known of a blob besides its content. `age` is the time since it was written, in seconds."""

    size: int
    etag: str
    is_leased: bool
    is_appendable: bool
    age: float
    metadata: dict[str, str] = field(default_factory=dict)


class Blobs:
    """A container. Its client may be used by several threads."""

    def __init__(self, container: Container) -> None:
        self._client: Final = container.client
        self._tried: Final = container.tried

    @property
    def container(self) -> str:
        """The container's name."""
        return str(self._client.container_name)

    def close(self) -> None:
        """Lets go of connections."""
        self._client.close()

    def _told(self) -> AbstractContextManager[None]:
        return told(self.container, self._tried, str(self._client.primary_hostname))

    def _blob(self, name: str) -> BlobClient:
        return self._client.get_blob_client(name)

    # -- reading ---------------------------------------------------------------------------------

    def names(self, prefix: str) -> tuple[str, ...]:
        """The names of the blobs that begin so, sorted."""
        with self._told():
            return tuple(sorted(self._client.list_blob_names(name_starts_with=prefix)))

    def read(self, name: str) -> tuple[bytes, str] | None:
        """The content and the ETag of a blob; None if there is none."""
        with self._told():
            try:
                stream = self._blob(name).download_blob()
            except ResourceNotFoundError as problem:
                self._check_container(problem)
                return None
            return stream.readall(), str(stream.properties.etag)

    def properties(self, name: str) -> Properties | None:
        """What is known of a blob; None if there is none."""
        dates: list[str] = []

        def note_date(response: Any) -> None:
            dates.append(response.http_response.headers.get("Date", ""))

        with self._told():
            try:
                found = self._blob(name).get_blob_properties(raw_response_hook=note_date)
            except ResourceNotFoundError as problem:
                self._check_container(problem)
                return None
        now = parsedate_to_datetime(dates[-1]) if dates and dates[-1] else datetime.now(UTC)
        return Properties(
            size=found.size,
            etag=str(found.etag),
            is_leased=found.lease.status == "locked",
            is_appendable=found.blob_type == BlobType.APPENDBLOB,
            age=(now - found.last_modified).total_seconds(),
            metadata=dict(found.metadata or {}),
        )

    def _check_container(self, problem: ResourceNotFoundError) -> None:
        """A HEAD request tells no reason; a container that is not there is no blob that is not there."""
        code = getattr(problem, "error_code", None)
        if code == "ContainerNotFound":
            raise problem
        if code != "BlobNotFound":
            self._client.get_container_properties()

    # -- writing ---------------------------------------------------------------------------------

    def write(
        self, name: str, content: bytes, *, lease: str | None = None, metadata: dict[str, str] | None = None
    ) -> None:
        """Writes a blob, whatever was there, under its lease if it has one."""
        with self._told():
            self._blob(name).upload_blob(
                content,
                overwrite=True,
                lease=None if lease is None else self._lease(name, lease),
                metadata=metadata,
                content_settings=_JSON,
            )

    def write_if(self, name: str, content: bytes, etag: str | None, metadata: dict[str, str]) -> None:
        """Writes a blob if it is still the one of this ETag; None if there must be none."""
        condition: dict[str, Any] = (
            {} if etag is None else {"etag": etag, "match_condition": MatchConditions.IfNotModified}
        )
        with self._told():
            self._blob(name).upload_blob(
                content,
                overwrite=etag is not None,
                metadata=metadata,
                content_settings=_JSON,
                **condition,
            )

    def set_metadata(self, name: str, metadata: dict[str, str], lease: str) -> None:
        """Replaces what is noted on a blob."""
        with self._told():
            self._blob(name).set_blob_metadata(metadata, lease=lease)

    def take_snapshot(self, name: str, lease: str | None) -> None:
        """Has Azure keep the blob as it is now."""
        with self._told():
            self._blob(name).create_snapshot(lease=lease)

    def remove(self, name: str, lease: str | None = None) -> None:
        """Removes a blob with its snapshots, if it is there."""
        with self._told():
            try:
                self._blob(name).delete_blob("include", lease=lease)
            except ResourceNotFoundError:
                return

    # -- appending -------------------------------------------------------------------------------

    def begin_append(self, name: str, content: bytes) -> None:
        """Makes a blob that can be appended to, with a first content."""
        with self._told():
            self._blob(name).create_append_blob(_JSON)
        self.append_at(name, 0, content)

    def append_at(self, name: str, offset: int, content: bytes) -> None:
        """Adds bytes to a blob that has `offset` so far. Sending them again after a timeout does no harm."""
        for start in range(0, len(content), _MOST_IN_A_BLOCK):
            part = content[start : start + _MOST_IN_A_BLOCK]
            try:
                with self._told():
                    self._blob(name).append_block(part, appendpos_condition=offset + start)
            except RefusedError as problem:
                if problem.code != "AppendPositionConditionNotMet" or not self._has(
                    name, offset + start, part
                ):
                    raise

    def _has(self, name: str, offset: int, part: bytes) -> bool:
        """Whether a part is there already: a request that seemed lost was carried out."""
        found = self.read(name)
        return found is not None and found[0][offset:] == part

    def append(self, name: str, content: bytes) -> None:
        """Adds bytes to a blob, which is made if there is none; one written whole is written so again."""
        found = self.properties(name)
        if found is None:
            self.begin_append(name, content)
        elif found.is_appendable:
            self.append_at(name, found.size, content)
        else:
            before = self.read(name)
            self.write(name, (b"" if before is None else before[0]) + content)

    # -- leases ----------------------------------------------------------------------------------

    def _lease(self, name: str, lease: str) -> BlobLeaseClient:
        return BlobLeaseClient(self._blob(name), lease_id=lease)

    def acquire(self, name: str, lease: str) -> None:
        """Takes the lease of a blob, without end."""
        with self._told():
            self._lease(name, lease).acquire(lease_duration=-1)

    def renew(self, name: str, lease: str) -> None:
        """Shows that the lease is still held."""
        with self._told():
            self._lease(name, lease).renew()

    def take_over(self, name: str, lease: str, new: str) -> None:
        """Changes who has the lease, if it is still the one named: of several who try, one succeeds."""
        with self._told():
            self._lease(name, lease).change(new)

    def release(self, name: str, lease: str) -> None:
        """Gives a lease up."""
        with self._told():
            self._lease(name, lease).release()

    def break_lease(self, name: str) -> None:
        """Ends a lease whoever has it."""
        with self._told():
            BlobLeaseClient(self._blob(name)).break_lease(lease_break_period=0)
