"""The port to Azure Resource Manager: what the rest of the provider knows of the network.

`client/` implements it with Azure's own libraries; nothing else imports those. Errors are values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, Protocol, TypeAlias, TypeVar, cast

from mooring.core.codec import Json
from mooring.sdk import CallContext

Document: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a request is about: an id (or a path below one), the API version, further query parameters."""

    id: str
    api_version: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """A request to an address that says by itself what its bearer may do: that of a storage account."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmError:
    """A request or an operation that failed.

    `status` is the HTTP status, 200 for an operation that ended as failed (its status URL answers 200), and
    0 when no answer arrived. `code` and `message` are Azure's words, or one of the codes below.
    """

    status: int
    code: str
    message: str
    correlation_id: str = ""
    details: tuple[ArmError, ...] = ()

    @property
    def is_absent(self) -> bool:
        """Whether the resource itself, its parent or its group does not exist."""
        return self.status == 404


CANCELLED = "OperationInterrupted"
TIMED_OUT = "OperationTimedOut"
UNFINISHED = frozenset({CANCELLED, TIMED_OUT})
"""The wait ended, not the operation."""
UNREACHABLE = "ServiceUnreachable"
NO_CREDENTIALS = "CredentialUnavailable"
WRITE_REFUSED = "ReadOnlyConnection"
NOT_CONFIGURED = "ProviderNotConfigured"
RUN_FAILED = "RunFailed"
CODE_CHANGED = "CodeChanged"


class Arm(Protocol):
    """Azure Resource Manager. Every method respects `ctx`: deadline, cancellation, read-only."""

    def get(self, ctx: CallContext, target: Target) -> Document | ArmError:
        """The resource as it is."""
        ...

    def list_pages(self, ctx: CallContext, target: Target) -> Sequence[Document] | ArmError:
        """All the resources of a collection, page after page."""
        ...

    def put(self, ctx: CallContext, target: Target, body: Document) -> ArmError | None:
        """Create or replace, and wait until the service is done. Checkpoints the operation on the way."""
        ...

    def patch(self, ctx: CallContext, target: Target, body: Document) -> ArmError | None:
        """Change, and wait until the service is done. Checkpoints the operation on the way."""
        ...

    def delete(self, ctx: CallContext, target: Target) -> ArmError | None:
        """Delete, and wait until the service is done; a 404 is an error like any other."""
        ...

    def post(self, ctx: CallContext, target: Target, body: Document) -> Document | ArmError:
        """An action, waited for; its answer, empty if there is none."""
        ...

    def wait(self, ctx: CallContext, operation: str) -> ArmError | None:
        """Wait for an operation that was checkpointed earlier, by its URL."""
        ...

    def send_signed(self, ctx: CallContext, request: SignedRequest) -> bytes | ArmError:
        """A request to an address that Azure gave away, sent without credentials; the answer's body."""
        ...

    def caller(self, ctx: CallContext) -> Mapping[str, str] | ArmError:
        """Who is signed in: the claims of the access token that are texts."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


Found = TypeVar("Found")


class Memo:
    """Answers that are looked up once in a run. Mutable, under a lock; errors are asked for again."""

    def __init__(self) -> None:
        self._lock: Final = Lock()
        self._found: Final[dict[str, object]] = {}

    def get(self, key: str, look: Callable[[], Found | ArmError]) -> Found | ArmError:
        """The answer for a key, which names one kind of answer."""
        with self._lock:
            if key in self._found:
                return cast("Found", self._found[key])
            found = look()
            if not isinstance(found, ArmError):
                self._found[key] = found
            return found


class Port:
    """Opens an `Arm` when it is first asked for, and closes what it opened.

    Mutable in one thing, under a lock: whether it is open. A plan that asks Azure nothing imports none of its
    libraries.
    """

    def __init__(self, open_arm: Callable[[], Arm], opened: Arm | None = None) -> None:
        self._open: Final = open_arm
        self._lock: Final = Lock()
        self._arm = opened

    @property
    def arm(self) -> Arm:
        """The way to Azure."""
        with self._lock:
            if self._arm is None:
                self._arm = self._open()
            return self._arm

    def close(self) -> None:
        """Close what was opened."""
        with self._lock:
            if self._arm is not None:
                self._arm.close()
                self._arm = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotConfigured:
    """Stands in while the provider's configuration is not known yet: plans work, requests do not."""

    _error: ArmError = ArmError(
        status=0,
        code=NOT_CONFIGURED,
        message="The provider's configuration depends on values that are known only after apply.",
    )

    def get(self, _ctx: CallContext, _target: Target) -> Document | ArmError:
        """Refused."""
        return self._error

    def list_pages(self, _ctx: CallContext, _target: Target) -> Sequence[Document] | ArmError:
        """Refused."""
        return self._error

    def put(self, _ctx: CallContext, _target: Target, _body: Document) -> ArmError | None:
        """Refused."""
        return self._error

    def patch(self, _ctx: CallContext, _target: Target, _body: Document) -> ArmError | None:
        """Refused."""
        return self._error

    def delete(self, _ctx: CallContext, _target: Target) -> ArmError | None:
        """Refused."""
        return self._error

    def post(self, _ctx: CallContext, _target: Target, _body: Document) -> Document | ArmError:
        """Refused."""
        return self._error

    def wait(self, _ctx: CallContext, _operation: str) -> ArmError | None:
        """Refused."""
        return self._error

    def send_signed(self, _ctx: CallContext, _request: SignedRequest) -> bytes | ArmError:
        """Refused."""
        return self._error

    def caller(self, _ctx: CallContext) -> Mapping[str, str] | ArmError:
        """Refused."""
        return self._error

    def close(self) -> None:
        """Nothing to let go of."""
