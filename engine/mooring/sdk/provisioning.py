"""Provisioners: work that the language attaches to an object, after it is made or before it is destroyed.

A provider that offers some satisfies `Provisions`. A provisioner knows nothing of states: the engine marks an
object as tainted when the work after its creation fails, and keeps it when the work before its end fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record
from mooring.core.values import Value
from mooring.schema.model import BlockSchema
from mooring.sdk.context import CallContext


@record(kw_only=True)
class Provision:
    """Do the work. `config` has no marks; whether output may be shown is the engine's business.

    `connection` is the connection block, None where there is none. `tell` takes one line of output; it may be
    called from any thread. `environment` are the process's variables, `working_folder` is where the command
    was started.
    """

    config: Value
    connection: Value | None
    working_folder: str
    environment: Mapping[str, str]
    tell: Callable[[str], None]


class Provisioner(Protocol):
    """One kind of work."""

    @property
    def schema(self) -> BlockSchema:
        """The arguments of its block."""
        ...

    def validate(self, config: Value) -> Diagnostics:
        """What is wrong with a block, beyond the schema; pure, unknowns are possible."""
        ...

    def provision(self, ctx: CallContext, request: Provision) -> Diagnostics:
        """Does the work; errors mean that it failed. Called from worker threads, several at a time."""
        ...


class Provisions(Protocol):
    """A provider with provisioners."""

    def provisioners(self) -> Mapping[str, Provisioner]:
        """All of them, by the label of their blocks."""
        ...
