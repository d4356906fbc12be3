"""Short forms of the properties that occur most: texts, flags, words, secrets, what Azure decides."""

from __future__ import annotations

from mooring.core.codec import Plain
from mooring.core.types import BOOL, STRING, Type
from mooring_azureml.table.checks import one_of
from mooring_azureml.table.model import Action, Check, Property, Route
from mooring_azureml.table.notation import CASELESS, EXACT, Notation


def text(
    name: str,
    arm: str,
    description: str,
    *,
    route: Route | Action,
    notation: Notation = EXACT,
    checks: tuple[Check, ...] = (),
    required: bool = False,
    computed: bool = False,
) -> Property:
    """A text; `computed` where the service fills in one that is not given."""
    return Property(
        name=name,
        type=STRING,
        arm=arm,
        required=required,
        computed=computed,
        route=route,
        notation=notation,
        checks=checks,
        description=description,
    )


def flag(name: str, arm: str, description: str, *, default: bool, route: Route) -> Property:
    """A yes or no, with what the service takes for none."""
    return Property(name=name, type=BOOL, arm=arm, default=default, route=route, description=description)


def choice(
    name: str,
    arm: str,
    description: str,
    *allowed: str,
    route: Route,
    default: Plain = None,
    required: bool = False,
    computed: bool = False,
) -> Property:
    """One of some words, in any casing."""
    return Property(
        name=name,
        type=STRING,
        arm=arm,
        required=required,
        computed=computed,
        default=default,
        route=route,
        notation=CASELESS,
        checks=(one_of(*allowed),),
        description=description,
    )


def secret(
    name: str, arm: str, description: str, *, route: Route, kind: Type = STRING, required: bool = False
) -> Property:
    """A value that goes to the service and is stored nowhere."""
    return Property(
        name=name,
        type=kind,
        arm=arm,
        required=required,
        route=route,
        write_only=True,
        sensitive=True,
        description=f"{description} Stored nowhere.",
    )


def decided(name: str, arm: str, description: str = "", *, kind: Type = STRING) -> Property:
    """What the service decides."""
    return Property(name=name, type=kind, arm=arm, route=Route.DECIDED, description=description)


def secret_version(name: str) -> Property:
    """The property that changes whenever a write-only one does (`Definition.secret_version`)."""
    return decided(name, "", "Changes whenever the write-only secrets do.")
