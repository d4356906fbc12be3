"""Results of conditions in the form in which a state records them (version 4, `check_results`)."""

from __future__ import annotations

from collections.abc import Iterable

from mooring.config.checking import CheckResult, ObjectResult
from mooring.core.codec import Json


def encode_checks(results: Iterable[CheckResult]) -> Json:
    """The results as a state records them; nothing where nothing has conditions."""
    found: list[Json] = [_result(result) for result in results]
    return found or None


def _result(result: CheckResult) -> Json:
    objects: list[Json] = [_object(each) for each in result.objects]
    return {
        "object_kind": result.kind,
        "config_addr": result.address,
        "status": result.outcome.value,
        "objects": objects or None,
    }


def _object(result: ObjectResult) -> Json:
    form: dict[str, Json] = {"object_addr": result.address, "status": result.outcome.value}
    if result.messages:
        form["failure_messages"] = list(result.messages)
    return form
