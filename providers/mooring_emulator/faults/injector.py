"""Who decides which request suffers: counts matches, draws chances, remembers what reads must not see yet.

`Injector` is the one mutable object; it is only called inside a store session, and those exclude each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Ending
from mooring_emulator.arm.operations import CANCELED
from mooring_emulator.faults.answers import resource_response, status_response, token_response
from mooring_emulator.messages import Response, Wire, empty_response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mooring_emulator.arm.call import Call
    from mooring_emulator.faults.rules import Rule

NEVER = 1e11
"""Seconds until an endless operation ends: some three thousand years."""

_WRITES = frozenset({"PUT", "PATCH", "DELETE"})
_READS = frozenset({"GET", "HEAD"})
_BLINDING = frozenset({"stale", "404-after-202"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What befalls one request.

    `response` is given instead of carrying the request out; `wire` happens to the answer, `ending` to the
    operation it starts; `blinded` is what reads see after it, for `seconds`. `fault` names it in the log.
    """

    fault: str = ""
    response: Response | None = None
    wire: Wire | None = None
    ending: Ending | None = None
    blinded: Response | None = None
    seconds: float = 0.0


CLEAR = Verdict()
"""Nothing befalls the request."""


class Injector:
    """Applies rules to requests in their order; the first rule that hits decides."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._matches = [0] * len(self._rules)
        self._chances = [Random(rule.seed) for rule in self._rules]  # noqa: S311 - chance, not secrecy
        self._blinded: dict[str, tuple[float, Response]] = {}

    def judge(self, call: Call) -> Verdict:
        """Decide what befalls a request."""
        hit = CLEAR
        for index, rule in enumerate(self._rules):
            if rule.matches(call.request.method, call.url.path) and self._hits(index) and hit is CLEAR:
                hit = _verdict(rule, call)
        if hit is CLEAR and call.request.method in _READS:
            return self._read(call)
        return hit

    def note(self, call: Call, verdict: Verdict, status: int) -> None:
        """Remember, once a write was accepted, what reads of its resource answer for a while."""
        if verdict.blinded is not None and status < 400:
            self._blinded[call.url.path.lower()] = (call.now + verdict.seconds, verdict.blinded)

    def _hits(self, index: int) -> bool:
        rule = self._rules[index]
        self._matches[index] += 1
        position = self._matches[index] - max(rule.nth, 1)
        is_due = position >= 0 and (not rule.times or position < rule.times)
        return is_due and self._chances[index].random() < rule.probability

    def _read(self, call: Call) -> Verdict:
        key = call.url.path.lower()
        until, response = self._blinded.get(key, (0.0, None))
        if response is None:
            return CLEAR
        if call.now >= until:
            del self._blinded[key]
            return CLEAR
        return Verdict(fault="stale", response=response)


def _verdict(rule: Rule, call: Call) -> Verdict:
    fault = rule.fault
    if fault.isdecimal():
        return Verdict(fault=fault, response=status_response(rule, call))
    match fault:
        case "reset":
            return Verdict(fault=fault, response=empty_response(503), wire=Wire(is_reset=True))
        case "reset-after":
            return Verdict(fault=fault, wire=Wire(is_reset=True))
        case "slow":
            return Verdict(fault=fault, wire=Wire(seconds=rule.seconds))
        case "expired-token":
            return Verdict(fault=fault, response=token_response(call))
        case _ if fault in _BLINDING:
            return _blinding(rule, call)
        case _:
            return Verdict(fault=fault, ending=_ending(rule))


def _blinding(rule: Rule, call: Call) -> Verdict:
    if call.request.method not in _WRITES:
        return CLEAR
    seen = resource_response(call, is_there=rule.fault == "stale")
    return Verdict(fault=rule.fault, blinded=seen, seconds=rule.seconds)


def _ending(rule: Rule) -> Ending:
    match rule.fault:
        case "lro-endless":
            return Ending(seconds=NEVER)
        case "lro-canceled":
            return Ending(code=CANCELED, message=rule.message or "The operation was canceled.")
        case _:
            message = rule.message.replace("_", " ") or "The operation failed because a fault was injected."
            return Ending(code=rule.code or "InternalServerError", message=message)
