"""What is attached must exist, and some of it must be reachable.

Sources: facts.md section 1: HDInsight needs a public address, Databricks in another subscription Contributor.
What the same plan creates is not missing; it is looked at when its turn has come.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from mooring.core.diagnostics import Diagnostic, Diagnostics, Severity
from mooring.core.paths import Attr
from mooring.sdk import CallContext
from mooring_azureml.arm.ids import parse_id
from mooring_azureml.arm.port import ArmError, Document, Target
from mooring_azureml.arm.problems import Attempt, explain
from mooring_azureml.lifecycle.definition import Access, Guard
from mooring_azureml.table.model import Fields
from mooring_azureml.table.notation import items, members
from mooring_azureml.table.to_arm import get_at

_HDINSIGHT_API: Final = "2021-06-01"
_AKS: Final = "Microsoft.ContainerService/managedClusters"
_AKS_API: Final = "2025-01-01"
_ARC_API: Final = "2024-01-01"


class Underlying(NamedTuple):
    """What is attached: the attribute with its id, what messages call it, the API version to read it with."""

    attribute: str
    noun: str
    api_version: str
    missing: str = "azureml.underlying_missing"


def look_below(
    what: Underlying, access: Access, ctx: CallContext, prior: Fields | None, planned: Fields
) -> Document | Diagnostic | None:
    """The document of what is about to be attached, or why there is none.

    None where there is nothing to look at: no id or an unknown one, an attachment that exists already, a
    resource that the same plan creates.
    """
    resource_id = planned.get(what.attribute)
    if not isinstance(resource_id, str) or (prior is not None and prior.get("id") == planned.get("id")):
        return None
    found = access.arm.get(ctx, Target(id=resource_id, api_version=what.api_version))
    if not isinstance(found, ArmError):
        return found
    if found.is_absent and access.is_coming(resource_id):
        return None
    return _unreadable(what, found, resource_id)


def _unreadable(what: Underlying, error: ArmError, resource_id: str) -> Diagnostic:
    if error.is_absent:
        return _cannot_attach(what, what.missing, f"The {what.noun} {resource_id} does not exist.")
    if error.status == 403:
        return Diagnostic(
            severity=Severity.WARNING,
            summary=f"{_capital(what.noun)} could not be checked",
            detail=f"{resource_id} may not be read with these credentials, so it was not checked.",
            path=(Attr(what.attribute),),
            code="azureml.underlying_unchecked",
        )
    return explain(error, Attempt(doing=f"reading the {what.noun}", id=resource_id))


def _cannot_attach(what: Underlying, code: str, detail: str) -> Diagnostic:
    return Diagnostic(
        summary=f"{_capital(what.noun)} cannot be attached",
        detail=detail,
        path=(Attr(what.attribute),),
        code=code,
    )


def _capital(noun: str) -> str:
    return noun[0].upper() + noun[1:]


def existing(attribute: str, noun: str, api_version: str) -> Guard:
    """The resource must exist."""
    what = Underlying(attribute, noun, api_version)

    def guard(access: Access, ctx: CallContext, prior: Fields | None, planned: Fields) -> Diagnostics:
        found = look_below(what, access, ctx, prior, planned)
        return (found,) if isinstance(found, Diagnostic) else ()

    return guard


def existing_cluster(attribute: str) -> Guard:
    """The Kubernetes cluster must exist, as an AKS cluster or as an Arc-enabled one."""
    aks = existing(attribute, "AKS cluster", _AKS_API)
    arc = existing(attribute, "Arc-enabled cluster", _ARC_API)

    def guard(access: Access, ctx: CallContext, prior: Fields | None, planned: Fields) -> Diagnostics:
        parsed = parse_id(str(planned.get(attribute)))
        kind = aks if parsed is not None and parsed.is_a(_AKS) else arc
        return kind(access, ctx, prior, planned)

    return guard


def public_cluster(attribute: str) -> Guard:
    """The HDInsight cluster must exist and have an SSH endpoint that the workspace can reach."""
    what = Underlying(attribute, "HDInsight cluster", _HDINSIGHT_API)

    def guard(access: Access, ctx: CallContext, prior: Fields | None, planned: Fields) -> Diagnostics:
        found = look_below(what, access, ctx, prior, planned)
        if found is None or isinstance(found, Diagnostic):
            return () if found is None else (found,)
        endpoints = map(members, items(get_at(found, "properties.connectivityEndpoints")))
        if any(one.get("name") == "SSH" and one.get("location") for one in endpoints):
            return ()
        detail = (
            f"{planned[attribute]} has no public SSH endpoint: it is behind a private link, or still being "
            "made. A cluster needs a public address to be attached."
        )
        return (_cannot_attach(what, "azureml.hdinsight_without_public_ip", detail),)

    return guard


def own_subscription(attribute: str) -> Guard:
    """A warning for a resource in another subscription than the workspace's: Contributor is needed there."""

    def guard(_access: Access, _ctx: CallContext, prior: Fields | None, planned: Fields) -> Diagnostics:
        theirs, ours = parse_id(str(planned.get(attribute))), parse_id(str(planned.get("workspace_id")))
        if prior is not None or theirs is None or ours is None:
            return ()
        if theirs.subscription.lower() == ours.subscription.lower():
            return ()
        return (
            Diagnostic(
                severity=Severity.WARNING,
                summary="Another subscription",
                detail=f"{theirs} is in another subscription than the workspace. Whoever attaches it must "
                "have the role Contributor on it.",
                path=(Attr(attribute),),
                code="azureml.other_subscription",
            ),
        )

    return guard
