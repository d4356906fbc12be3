"""One attachment at a time per underlying resource.

Source: "Set up compute targets": "Each new attachment will remove the previous existing attachment(s)"
(facts.md section 1). Silently: so it is an error here, against what is attached in any workspace of the
subscription, and between the attachments of one plan, which no request could find out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mooring.core.codec import Plain
from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.sdk import CallContext, Finding, ReviewedObject
from mooring_azureml.arm.ids import normal_id, parse_id, same_id
from mooring_azureml.arm.port import ArmError, Document, Target
from mooring_azureml.common import ML_API_VERSION, WORKSPACES
from mooring_azureml.lifecycle.definition import Access, Definition, Guard
from mooring_azureml.table.model import Fields
from mooring_azureml.table.to_arm import get_at

_PART: Final = "properties.properties"


def free_to_attach(attribute: str, per: str = "") -> Guard:
    """Nothing else must hold the resource; the attachment's own id, old and new, does not count.

    `attribute` names the resource's id, `per` an attribute (spelled the same in ARM) whose values each allow
    an attachment of their own.
    """

    def guard(access: Access, ctx: CallContext, prior: Fields | None, planned: Fields) -> Diagnostics:
        resource, own = planned.get(attribute), planned.get("id")
        if not isinstance(resource, str) or not isinstance(own, str):
            return ()
        if prior is not None and prior.get("id") == own and prior.get(attribute) == resource:
            return ()
        mine = [own, *([str(prior["id"])] if prior is not None else [])]
        wanted = _Wanted(resource=resource, per=per, value=planned.get(per))
        for holder in _holders(access, ctx, wanted, str(planned.get("workspace_id"))):
            if not _is_one_of(holder, mine):
                return (_held(attribute, resource, holder),)
        return ()

    return guard


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is to be attached: a resource, or the part of it with this value of `per`."""

    resource: str
    per: str
    value: Plain

    def is_held_by(self, compute: Document) -> bool:
        """Whether a compute is an attachment of it."""
        attached = get_at(compute, "properties.resourceId")
        if not isinstance(attached, str) or not same_id(attached, self.resource):
            return False
        return not self.per or get_at(compute, f"{_PART}.{self.per}") == self.value


def attached_together(
    definitions: Mapping[str, Definition], objects: Sequence[ReviewedObject]
) -> tuple[Finding, ...]:
    """Attachments of one plan that want the same resource: all but the first of them are wrong."""
    holders: dict[tuple[str, Plain], list[int]] = {}
    for at, one in enumerate(objects):
        claim = _claim(definitions, one)
        if claim is not None:
            holders.setdefault(claim, []).append(at)
    return tuple(
        Finding(
            about=at,
            others=tuple(other for other in group if other != at),
            diagnostic=_wanted_twice(definitions[objects[at].type_name].attaches),
        )
        for group in holders.values()
        for at in group[1:]
    )


def _claim(definitions: Mapping[str, Definition], one: ReviewedObject) -> tuple[str, Plain] | None:
    definition = definitions.get(one.type_name)
    if definition is None or not definition.attaches or one.planned is None:
        return None
    resource = one.planned.attributes[definition.attaches].raw
    if not isinstance(resource, str):
        return None
    per = definition.attached_per
    return normal_id(resource), str(one.planned.attributes[per].raw) if per else None


def _is_one_of(resource_id: str, ids: Sequence[str]) -> bool:
    return any(same_id(resource_id, one) for one in ids)


def _holders(access: Access, ctx: CallContext, wanted: _Wanted, workspace_id: str) -> Iterator[str]:
    """The ids of the computes that a resource is attached as, the planned workspace first."""
    for workspace in _workspaces(access, ctx, workspace_id):
        target = Target(id=f"{workspace}/computes", api_version=ML_API_VERSION)
        computes = access.arm.list_pages(ctx, target)
        if isinstance(computes, ArmError):
            continue  # absent or not ours to read: nothing to learn here
        yield from (str(compute.get("id")) for compute in computes if wanted.is_held_by(compute))


def _workspaces(access: Access, ctx: CallContext, workspace_id: str) -> list[str]:
    parsed = parse_id(workspace_id)
    if parsed is None:
        return []
    path = f"/subscriptions/{parsed.subscription}/providers/{WORKSPACES}"
    listed = access.arm.list_pages(ctx, Target(id=path, api_version=ML_API_VERSION))
    others: list[Document] = [] if isinstance(listed, ArmError) else list(listed)
    ids = [str(document.get("id")) for document in others]
    return [workspace_id, *(one for one in ids if not same_id(one, workspace_id))]


def _held(attribute: str, resource: str, holder: str) -> Diagnostic:
    return Diagnostic(
        summary="Already attached",
        detail=f"{resource} is attached already, as {holder}. A second attachment would silently remove the "
        "first. Detach it there first, or import that attachment.",
        path=(Attr(attribute),),
        code="azureml.attached_already",
    )


def _wanted_twice(attribute: str) -> Diagnostic:
    return Diagnostic(
        summary="Attached twice",
        detail="Another attachment of this plan attaches the same resource. The second one would silently "
        "remove the first. Attach it once only.",
        path=(Attr(attribute),),
        code="azureml.attached_twice",
    )
