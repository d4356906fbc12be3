"""Sending a whole document: a new one, or what exists with something laid over it.

A PUT overwrites (facts.md section 2): what others have set, and what no argument speaks of, must be sent
again to be kept.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError
from mooring_azureml.lifecycle.reading import Bound
from mooring_azureml.table.model import WHOLE, Part, Property
from mooring_azureml.table.to_arm import Body, merge, set_at, without

_DECIDED: Final = frozenset({"id", "name", "type", "etag", "systemData", "properties.provisioningState"})
"""Members of a document that a request does not repeat."""


def put(bound: Bound, ctx: CallContext, resource_id: str, body: Body) -> ArmError | None:
    """Sends a document."""
    return bound.access.arm.put(ctx, bound.definition.target(resource_id), body)


def put_over(bound: Bound, ctx: CallContext, resource_id: str, body: Body) -> ArmError | None:
    """Sends what exists, without what the table speaks of, and the body over it."""
    own = {part.arm for part in bound.definition.table if _is_replaced(part)}
    return _laid_over(bound, ctx, resource_id, own, body)


def _is_replaced(part: Part) -> bool:
    """Whether all of what is there goes: not of a part whose notation speaks of some of it only."""
    is_partial = isinstance(part, Property) and part.notation.is_partial
    return bool(part.arm) and part.arm != WHOLE and not is_partial


def empty_part(bound: Bound, ctx: CallContext, resource_id: str) -> ArmError | None:
    """Sends what exists with nothing in the member that the resource is."""
    body: Body = {}
    set_at(body, bound.definition.part, {})
    return _laid_over(bound, ctx, resource_id, {bound.definition.part}, body)


def _laid_over(
    bound: Bound, ctx: CallContext, resource_id: str, own: Collection[str], body: Body
) -> ArmError | None:
    existing = bound.look(ctx, resource_id)
    if isinstance(existing, ArmError):
        return existing
    rest = without(existing, {*own, *_DECIDED})
    merge(rest, body)
    return put(bound, ctx, resource_id, rest)
