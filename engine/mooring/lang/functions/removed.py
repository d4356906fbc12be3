"""Functions that are refused: Terraform took them away, or they have no place where they are called."""

from __future__ import annotations

from typing import Final

from mooring.core.types import Type
from mooring.core.values import Value
from mooring.lang.functions.model import Call, CallError, Function, Parameter, TypeRule

_ANY: Final = Parameter(
    name="vals", allow_null=True, allow_unknown=True, allow_dynamic=True, allow_marked=True
)


def refused(name: str, reason: str) -> Function:
    """A function that exists, but whose every call fails for this reason."""
    return Function(name=name, variadic=_ANY, returns=_refuse(reason), body=_never)


def _refuse(reason: str) -> TypeRule:
    def rule(_: Call) -> Type:
        raise CallError(reason)

    return rule


def _never(call: Call) -> Value:
    raise AssertionError(f"refused before: {call}")


FUNCTIONS: Final = (
    refused("list", "it was removed from the language; write tolist([ ... ]) instead"),
    refused("map", "it was removed from the language; write tomap({ ... }) instead"),
)
