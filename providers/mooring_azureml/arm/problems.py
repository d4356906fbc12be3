"""From ARM's errors to diagnostics: what happened, why as far as it is known, what to do.

Sources of the cases: facts.md section 3 (messages of the live service), section 4 (statuses of operations).
The last line of every detail is what Azure said, with the correlation id that its support asks for. Values
that the configuration calls secret are struck out of Azure's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from mooring.core.diagnostics import Diagnostic
from mooring.core.records import replace
from mooring_azureml.arm.ids import parse_id
from mooring_azureml.arm.port import (
    CANCELLED,
    CODE_CHANGED,
    NO_CREDENTIALS,
    NOT_CONFIGURED,
    RUN_FAILED,
    TIMED_OUT,
    UNREACHABLE,
    WRITE_REFUSED,
    ArmError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was tried: `doing` is a phrase such as `creating compute cluster "cpu"`; `id` is whose."""

    doing: str
    id: str
    secrets: tuple[str, ...] = ()


SOFT_DELETED_ADVICE: Final = (
    "There are two ways out: set recover_soft_deleted = true, and the workspace comes back with its data and "
    "takes these settings; or delete it for good with `az ml workspace delete --permanently-delete`, and a "
    "new one can be made."
)


_LEFT: Final = (
    "What it left behind is recorded: a resource that came into being half is replaced by the next apply, "
    "and of one that was changed half the next plan shows the rest."
)
_CANCELED: Final = frozenset({"operationcanceled", "canceled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    code: str
    summary: str
    advice: Callable[[Attempt], str]
    applies: Callable[[ArmError], bool]


def explain(error: ArmError, attempt: Attempt) -> Diagnostic:
    """The diagnostic for an error, by the first case that applies."""
    case = next(case for case in _CASES if case.applies(error))
    said = redact(_said(error), attempt.secrets)
    first = f"{_happened(error, attempt)} {case.advice(attempt)}".replace("  ", " ").rstrip()
    return Diagnostic(summary=case.summary, detail=f"{first}\n{said}", code=case.code)


def _happened(error: ArmError, attempt: Attempt) -> str:
    if error.status == 0:
        return f"Trouble while {attempt.doing}."
    if 200 <= error.status < 300:
        return f"Azure accepted {attempt.doing}, and did not bring it to an end."
    return f"Azure refused {attempt.doing}."


def explain_lookup(error: ArmError, attempt: Attempt) -> Diagnostic:
    """The diagnostic for something that was looked up: ids are known before what they name exists."""
    said = explain(error, attempt)
    if not error.is_absent:
        return said
    hint = "If this configuration makes it, make the data source wait: depends_on = [that resource]."
    return replace(said, detail=f"{said.detail}\n{hint}")


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text without any of the secrets."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "(sensitive value)")
    return text


def _said(error: ArmError) -> str:
    correlation = f" (correlation id {error.correlation_id})" if error.correlation_id else ""
    if error.status == 0:
        return f"{error.code}: {error.message}"
    lines = [f"Azure said {error.code}: {_breakable(error.message)}{correlation}"]
    lines += [
        f"  - {inner.code}: {inner.message}" for inner in error.details if inner.message != error.message
    ]
    return "\n".join(lines)


def _breakable(message: str) -> str:
    """Azure lists a hundred regions or sizes without a space: with them the text fits on a screen."""
    return re.sub(r"(?<=\w),(?=[A-Za-z])", ", ", message)


def _group(attempt: Attempt) -> str:
    parsed = parse_id(attempt.id)
    group = f'"{parsed.group}"' if parsed is not None else "it belongs to"
    return f"The resource group {group} does not exist in this subscription"


def _namespace(attempt: Attempt) -> str:
    parsed = parse_id(attempt.id)
    return parsed.type.partition("/")[0] if parsed is not None else "NAMESPACE"


def _parent(attempt: Attempt) -> str:
    parsed = parse_id(attempt.id)
    if parsed is None or len(parsed.names) == 1:
        return _group(attempt)
    return f'"{parsed.parent.name}", which it belongs to, does not exist'


def _says(error: ArmError, *words: str) -> bool:
    text = f"{error.code} {error.message}".lower()
    return any(word in text for word in words)


def _code(*codes: str) -> Callable[[ArmError], bool]:
    folded = {code.lower() for code in codes}
    return lambda error: error.code.lower() in folded


_CASES: Final = (
    _Case(
        code="azureml.cancelled",
        summary="Interrupted",
        advice=lambda _: "Azure goes on with it; the next run finds out how it ended.",
        applies=_code(CANCELLED),
    ),
    _Case(
        code="azureml.timeout",
        summary="Operation timed out",
        advice=lambda _: (
            "Azure may still finish it; the next run finds out. "
            "A longer time can be set in the resource's timeouts."
        ),
        applies=_code(TIMED_OUT),
    ),
    _Case(
        code="azureml.read_only",
        summary="Write refused",
        advice=lambda _: "This run may only read.",
        applies=_code(WRITE_REFUSED),
    ),
    _Case(
        code="azureml.not_configured",
        summary="Provider not configured yet",
        advice=lambda _: "Apply what the provider block depends on first.",
        applies=_code(NOT_CONFIGURED),
    ),
    _Case(
        code="azureml.unreachable",
        summary="Azure cannot be reached",
        advice=lambda _: "Check the network, the proxy, and the provider's environment.",
        applies=_code(UNREACHABLE),
    ),
    _Case(
        code="azureml.credentials",
        summary="Sign-in no longer accepted",
        advice=lambda _: (
            "The access token has expired or was revoked, and a fresh one is not accepted either. See "
            "whether the credential still holds and this machine's clock is right, then go on with another "
            "run."
        ),
        applies=_code("ExpiredAuthenticationToken", "InvalidAuthenticationToken"),
    ),
    _Case(
        code="azureml.credentials",
        summary="No usable Azure credentials",
        advice=lambda _: (
            "Give the provider a credential (client_secret, client_certificate_path, use_oidc, "
            "use_msi or use_cli), or log in with `az login`."
        ),
        applies=lambda error: error.code == NO_CREDENTIALS or error.status == 401,
    ),
    _Case(
        code="azureml.forbidden",
        summary="Missing permission",
        advice=lambda attempt: (
            "The identity in use may not do this. It needs a role with the action named "
            f"below (for computes: AzureML Compute Operator or Contributor) on {attempt.id} or above it."
        ),
        applies=lambda error: error.status == 403,
    ),
    _Case(
        code="azureml.quota",
        summary="Quota exceeded",
        advice=lambda _: (
            "The cores wanted are more than the subscription has left for this VM family in this "
            "region (clusters and instances share it; a stopped instance keeps its share). Choose a smaller "
            "size or fewer nodes, or ask for more quota."
        ),
        applies=lambda error: _says(error, "quota", "total vcpu"),
    ),
    _Case(
        code="azureml.soft_deleted",
        summary="A soft-deleted workspace holds this name",
        advice=lambda _: SOFT_DELETED_ADVICE,
        applies=lambda error: _says(error, "soft-deleted", "softdelete"),
    ),
    _Case(
        code="azureml.name_taken",
        summary="Name already taken",
        advice=lambda _: (
            "Names of computes are unique within a region, those of storage accounts and key "
            "vaults in all of Azure. Choose another name, or import the resource if it is yours."
        ),
        applies=lambda error: _says(
            error, "alreadytaken", "already exists", "alreadyexists", "already in use"
        ),
    ),
    _Case(
        code="azureml.parent_missing",
        summary="Parent resource not found",
        advice=lambda attempt: f"{_group(attempt)}.",
        applies=_code("ResourceGroupNotFound"),
    ),
    _Case(
        code="azureml.parent_missing",
        summary="Parent resource not found",
        advice=lambda attempt: f"{_parent(attempt)}.",
        applies=_code("ParentResourceNotFound"),
    ),
    _Case(
        code="azureml.not_found",
        summary="Resource not found",
        advice=lambda _: "It, or what it belongs to, does not exist.",
        applies=lambda error: error.status == 404,
    ),
    _Case(
        code="azureml.locked",
        summary="Locked against changes",
        advice=lambda _: (
            "Somebody has put a management lock on it or on what it belongs to; `az lock list` shows it. "
            "Have the lock removed, or leave this as it is."
        ),
        applies=_code("ScopeLocked"),
    ),
    _Case(
        code="azureml.unregistered",
        summary="Resource provider not registered",
        advice=lambda attempt: (
            "The subscription does not use this part of Azure yet, and it could not be registered on the "
            f"way. Have somebody who may run `az provider register --namespace {_namespace(attempt)}`."
        ),
        applies=_code("MissingSubscriptionRegistration"),
    ),
    _Case(
        code="azureml.conflict",
        summary="Another operation is running",
        advice=lambda _: "Wait until it is over and try again.",
        applies=lambda error: error.status == 409,
    ),
    _Case(
        code="azureml.throttled",
        summary="Too many requests",
        advice=lambda _: (
            "Azure limits requests per subscription. Try again in a minute, with a lower -parallelism."
        ),
        applies=lambda error: error.status == 429,
    ),
    _Case(
        code="azureml.run_failed",
        summary="Run without success",
        advice=lambda _: "It was submitted, and its record stays; the next apply submits another run.",
        applies=_code(RUN_FAILED),
    ),
    _Case(
        code="azureml.code_changed",
        summary="Code changed since the plan",
        advice=lambda _: "A run takes the code that was planned. Plan again.",
        applies=_code(CODE_CHANGED),
    ),
    _Case(
        code="azureml.operation_canceled",
        summary="Azure operation canceled",
        advice=lambda _: f"Azure, or somebody there, called it off. {_LEFT}",
        applies=lambda error: 200 <= error.status < 300 and error.code.lower() in _CANCELED,
    ),
    _Case(
        code="azureml.operation_failed",
        summary="Azure operation failed",
        advice=lambda _: _LEFT,
        applies=lambda error: 200 <= error.status < 300,
    ),
    _Case(
        code="azureml.refused",
        summary="Azure refused the request",
        advice=lambda _: "",
        applies=lambda _: True,
    ),
)
