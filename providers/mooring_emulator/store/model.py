"""The values a store keeps.

Owns `Document`, `Operation`, `LoggedRequest` and the `Write` sum: handlers describe changes as data, the core
applies them in one transaction. Must not know HTTP or any resource type.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from mooring_emulator.codec import Json, JsonObject


def key_of(resource_id: str) -> str:
    """Give the store key of a resource id: ARM compares ids without regard to case."""
    return resource_id.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One resource.

    `body` is what a GET answers. `private` holds what the service knows and never echoes (secrets).
    `claims` are names that only one document may hold at a time, such as `storage-account:mldata`.
    """

    id: str
    type: str
    body: JsonObject
    private: JsonObject = field(default_factory=dict)
    claims: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Give the store key."""
        return key_of(self.id)

    @property
    def properties(self) -> Mapping[str, Json]:
        """The `properties` object of the body; empty when there is none."""
        return self.body.get("properties") or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Store a document under its key, with its claims."""

    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTree:
    """Remove a document and everything below its id."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveHolder:
    """Remove the document that holds a claim, unless it is `keep`."""

    claim: str
    keep: str


Effect: TypeAlias = Put | RemoveTree | RemoveHolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A blob of a storage account. Unlike ids, its name and its container's distinguish cases."""

    account: str
    container: str
    name: str
    content: bytes
    content_type: str
    metadata: Mapping[str, str]
    modified: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBlob:
    """Store a blob, over one of the same name."""

    blob: Blob


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveBlob:
    """Remove a blob."""

    account: str
    container: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A long-running operation: it ends at `ends` (Unix seconds), and its effects happen then.

    `error` is the ARM error object of an operation that fails; its effects still happen, because a compute
    that failed to be created exists.
    """

    id: str
    target: str
    method: str
    started: float
    ends: float
    effects: tuple[Effect, ...] = ()
    error: JsonObject | None = None
    is_settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """Start a long-running operation on a document that exists."""

    operation: Operation


BlobWrite: TypeAlias = PutBlob | RemoveBlob
Write: TypeAlias = Effect | Begin | BlobWrite


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """One row of the request log; the body itself is never kept, it may hold secrets."""

    time: float
    method: str
    path: str
    api_version: str
    status: int
    body_digest: str
