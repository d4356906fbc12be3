"""How a resource type is described.

Owns `ResourceKind` and the small values it is made of. To the life cycle a type is data (name rule, versions,
replies) plus three functions: `compose` (PUT), `revise` (PATCH) and `retire` (DELETE).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from mooring_emulator.store.model import Put, RemoveHolder, RemoveTree

if TYPE_CHECKING:
    from mooring_emulator.arm.call import Call, Outcome
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.store.model import Document, Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRule:
    """Which names a type accepts; `message` may use `{name}`. Checked when a resource is created."""

    pattern: re.Pattern[str]
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How one verb answers.

    With a polling header the verb is a long-running operation, else it is done at once.
    """

    status: int
    has_body: bool = True
    azure_async_operation: bool = False
    location: bool = False

    @property
    def is_long_running(self) -> bool:
        """Say whether the client has something to poll."""
        return self.azure_async_operation or self.location


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """The replies of a type. A delete of something absent is always 204."""

    create: Reply
    update: Reply
    patch: Reply
    delete: Reply


AT_ONCE = Replies(
    create=Reply(status=201),
    update=Reply(status=200),
    patch=Reply(status=200),
    delete=Reply(status=200, has_body=False),
)
"""The replies of a type whose every verb is synchronous."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationLinks:
    """Where a type's operations are polled.

    Path templates, and the query that says whether a URL is for the status or for the result.
    """

    status_path: str
    status_query: Mapping[str, str] = field(default_factory=dict)
    result_path: str
    result_query: Mapping[str, str] = field(default_factory=dict)


def location_links(
    collection: str, *, status: Mapping[str, str] | None = None, result: Mapping[str, str] | None = None
) -> OperationLinks:
    """Build the usual links, `.../providers/{namespace}/locations/{location}/{collection}/{operation}`."""
    path = (
        "/subscriptions/{subscription}/providers/{namespace}/locations/{location}/"
        + collection
        + "/{operation}"
    )
    return OperationLinks(
        status_path=path,
        status_query=status or {},
        result_path=path,
        result_query=result or {"monitor": "true"},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The resource a request is about.

    `id` is canonical, `key` its lower case; `group` is empty at subscription scope.
    """

    kind: ResourceKind
    id: str
    key: str
    name: str
    subscription: str
    group: str
    parent_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a verb makes of a resource.

    `after` is the document once the operation is done, None for a delete; `during` is how it looks while the
    operation runs. `evicts` are claims whose holders vanish at the end. `error` makes the operation fail.
    `also` are effects on other documents, such as what a deployment creates; they come last.
    """

    after: Document | None
    during: Document
    evicts: tuple[str, ...] = ()
    error: JsonObject | None = None
    also: tuple[Effect, ...] = ()

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Give what happens to the store when the operation ends."""
        key = self.during.key
        if self.after is None:
            return (RemoveTree(key=key), *self.also)
        evictions = tuple(RemoveHolder(claim=claim, keep=key) for claim in self.evicts)
        return (*evictions, Put(document=self.after), *self.also)


Compose: TypeAlias = "Callable[[Call, Target, Document | None], Change]"
"""PUT: from the request and the existing document, when there is one."""
Revise: TypeAlias = "Callable[[Call, Target, Document], Change]"
"""PATCH, and DELETE's preconditions."""
Action: TypeAlias = "Callable[[Call, Target, Document], Outcome]"
"""POST .../{action}."""
Start: TypeAlias = "Callable[[Call, Target], Outcome]"
"""POST .../{action} of a resource that need not exist yet."""
Show: TypeAlias = "Callable[[Call, Document], JsonObject]"
"""What a GET answers, where it depends on the time or on the request's origin."""
Purge: TypeAlias = "Callable[[Call, Target], Outcome | None]"
"""DELETE of something absent, where a type has soft-deleted ones; None is the usual 204."""


Select: TypeAlias = "Callable[[Call, Sequence[Document]], Sequence[Document] | None]"
"""Filters and orders a list as its query says; None when the query says nothing of the kind."""


def select_all(_call: Call, _found: Sequence[Document]) -> Sequence[Document] | None:
    """Leave a list as it is."""
    return None


def show_body(_call: Call, document: Document) -> JsonObject:
    """Show a document as it is stored."""
    return document.body


def purge_nothing(_call: Call, _target: Target) -> Outcome | None:
    """Have nothing that is soft-deleted."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceKind:
    """A resource type.

    `type` is spelled canonically with its namespace; `api_versions` is sorted, the last stable one is the
    default of `send`. `is_tracked` types appear in the generic `/resources` lists. `scopes` are where it may
    be: "group", "subscription", "resource" (an extension of any resource). `creates_parent` types are
    the versions of an asset, whose container comes into being with the first one. `reads` are the names of
    `GET .../{name}` below a resource, for paths that look like a list and are none. `starts` are actions that
    need no resource, only what it would be in.
    """

    type: str
    api_versions: tuple[str, ...]
    name_rule: NameRule
    replies: Replies
    links: OperationLinks
    compose: Compose
    revise: Revise
    retire: Revise
    scopes: frozenset[str] = frozenset({"group"})
    actions: Mapping[str, Action] = field(default_factory=dict)
    reads: Mapping[str, Action] = field(default_factory=dict)
    starts: Mapping[str, Start] = field(default_factory=dict)
    is_tracked: bool = True
    creates_parent: bool = False
    show: Show = show_body
    purge: Purge = purge_nothing
    select: Select = select_all

    @property
    def namespace(self) -> str:
        """Give the resource provider, `Microsoft.MachineLearningServices`."""
        return self.type.partition("/")[0]

    @property
    def path(self) -> str:
        """Give the type below its namespace, `workspaces/computes`."""
        return self.type.partition("/")[2]

    @property
    def default_api_version(self) -> str:
        """Give the newest version that is not a preview."""
        stable = [version for version in self.api_versions if not version.endswith("preview")]
        return (stable or list(self.api_versions))[-1]
