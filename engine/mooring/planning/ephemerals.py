"""The ephemeral objects of one run: opened when they are needed, renewed in time, closed at the end.

The same for a plan and for an apply, each of which opens its own. What they are is marked as ephemeral, so
that it gets into no state and no plan. They close in the opposite order of their opening, so that what
depends on another goes first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Timer
from time import monotonic
from typing import Final

from mooring.core.addresses import InstanceAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.types import ObjectType
from mooring.core.values import EPHEMERAL, SENSITIVE, Value, object_value, unknown, unmark
from mooring.core.walking import unmark_with_paths
from mooring.lang.cells import Cells
from mooring.lang.scope import Report
from mooring.planning.asking import Question, ask_provider
from mooring.planning.block import Block, accepted
from mooring.planning.events import EphemeralEvent, EphemeralWork
from mooring.planning.objects import mark_all
from mooring.sdk.calls import PATIENCE, guarded
from mooring.sdk.context import CallContext
from mooring.sdk.ephemerals import (
    Close,
    EphemeralType,
    Open,
    OpenResult,
    Renew,
    RenewResult,
    can_open,
    can_renew,
)
from mooring.sdk.protocols import Connection

_ONLY_EPHEMERAL: Final = frozenset({EPHEMERAL})


@dataclass(slots=True, kw_only=True)
class _Opened:
    """One that is open; `private` changes when it is renewed."""

    block: Block
    kind: EphemeralType
    private: bytes
    timer: Timer | None = None

    @property
    def provider(self) -> str:
        return self.block.provider.provider.type


class Ephemerals:
    """What is open. Mutable, owned by one run, which closes it. Renewals have threads of their own."""

    def __init__(self, cells: Cells, observe: Callable[[EphemeralEvent], None], *, read_only: bool) -> None:
        self._cells: Final = cells
        self._observe: Final = observe
        self._read_only: Final = read_only
        self._lock: Final = Lock()
        self._open: Final[dict[InstanceAddress, _Opened]] = {}
        self._problems: Final[list[Diagnostic]] = []
        self._results: Final[dict[InstanceAddress, OpenResult]] = {}
        self._told: Final[set[InstanceAddress]] = set()

    def value(self, block: Block, connection: Connection, report: Report) -> Value:
        """What a block stands for: open, or unknown where it cannot be opened yet.

        May raise `NotReady` or `Failed`.
        """
        config = unmark(block.config)[0]
        if not config.is_wholly_known:
            return self._marked(_unknown(block.info.type), block)
        result = self._results.get(block.address)
        if result is None:
            is_blocking = connection.is_blocking
            assert can_open(connection), "the schema has the type"
            kind = connection.ephemeral(block.info.name)
            result = self._ask(block, kind, config, is_blocking=is_blocking)
            self._results[block.address] = result
        return self._marked(accepted(block, result.current, result.diagnostics, report), block)

    def close(self) -> Diagnostics:
        """Closes what is open; what went wrong with it, and with renewals. Nothing, the second time."""
        while self._open:
            with self._lock:
                address, opened = self._open.popitem()
            if opened.timer is not None:
                opened.timer.cancel()
                opened.timer.join(PATIENCE)
            self._tell(address, "close", is_done=False)
            self._keep(address, self._closed(opened))
            self._tell(address, "close", is_done=True)
        found = tuple(self._problems)
        self._problems.clear()
        return found

    def _closed(self, opened: _Opened) -> Diagnostics:
        request = Close(private=opened.private)
        return guarded(
            opened.provider, lambda: opened.kind.close(self._context(opened), request), lambda crash: (crash,)
        )

    # -- opening ---------------------------------------------------------------------------------

    def _ask(self, block: Block, kind: EphemeralType, config: Value, *, is_blocking: bool) -> OpenResult:
        question = Question(
            provider=block.provider.provider.type,
            asked=f"open {block.address}",
            seconds=block.info.schema.timeouts.read,
            is_blocking=is_blocking,
        )
        if block.address not in self._told:
            self._told.add(block.address)
            self._tell(block.address, "open", is_done=False)

        def call(ctx: CallContext) -> OpenResult:
            result = kind.open(ctx, Open(config=config))
            if not has_errors(result.diagnostics):
                self._opened(_Opened(block=block, kind=kind, private=result.private), result.renew_after)
            return result

        result = ask_provider(
            self._cells,
            ("open", block.address),
            question,
            call,
            lambda problem: OpenResult(diagnostics=(problem,)),
        )
        self._tell(block.address, "open", is_done=True)
        return result

    def _opened(self, opened: _Opened, renew_after: float | None) -> None:
        """Keeps what was opened, from whichever thread did it."""
        with self._lock:
            self._open[opened.block.address] = opened
            self._renew_later(opened, renew_after)

    def _marked(self, value: Value, block: Block) -> Value:
        paths = [path for path, marks in unmark_with_paths(block.config)[1] if SENSITIVE in marks]
        return mark_all(value, paths, block.info).marked(_ONLY_EPHEMERAL)

    # -- renewing --------------------------------------------------------------------------------

    def _renew_later(self, opened: _Opened, seconds: float | None) -> None:
        if seconds is not None and can_renew(opened.kind):
            opened.timer = Timer(max(seconds, 0.0), self._renew, (opened,))
            opened.timer.daemon = True
            opened.timer.start()

    def _renew(self, opened: _Opened) -> None:
        """Runs in a timer's thread."""
        kind, request = opened.kind, Renew(private=opened.private)
        if not can_renew(kind):
            return
        result = guarded(
            opened.provider,
            lambda: kind.renew(self._context(opened), request),
            lambda crash: RenewResult(diagnostics=(crash,)),
        )
        with self._lock:
            self._keep(opened.block.address, result.diagnostics)
            if has_errors(result.diagnostics):
                self._problems.append(_not_renewed(opened.block))
                return
            opened.private = result.private
            if opened.block.address in self._open:
                self._renew_later(opened, result.renew_after)

    # -- telling ---------------------------------------------------------------------------------

    def _context(self, opened: _Opened) -> CallContext:
        deadline = monotonic() + opened.block.info.schema.timeouts.read
        return CallContext(read_only=self._read_only, deadline=deadline)

    def _keep(self, address: InstanceAddress, diags: Diagnostics) -> None:
        self._problems.extend(diag.of(str(address)) for diag in diags)

    def _tell(self, address: InstanceAddress, work: EphemeralWork, *, is_done: bool) -> None:
        self._observe(EphemeralEvent(address=address, work=work, is_done=is_done))


def _unknown(of: ObjectType) -> Value:
    """An object of which nothing is known but its form, so that its parts can be marked."""
    return object_value({name: unknown(part) for name, part in of.attributes.items()})


def _not_renewed(block: Block) -> Diagnostic:
    detail = (
        f"{block.address} could not be renewed, so what uses it may have failed since. Run the command again."
    )
    return error("Ephemeral resource could not be renewed", detail, block.resource.span)
