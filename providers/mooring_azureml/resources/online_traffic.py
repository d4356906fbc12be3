"""`azureml_online_traffic`: how an online endpoint divides its requests among its deployments.

A part of the endpoint (OnlineEndpointProperties.traffic and mirrorTraffic in specs/types-2025-12-01.md), but
a resource of its own here: a deployment needs its endpoint, and traffic needs its deployments.
"""

from __future__ import annotations

from typing import Final

from mooring.core.codec import Plain
from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.core.types import NUMBER, STRING, MapType
from mooring.core.values import Unknown
from mooring_azureml.common import ML_API_VERSION
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import PartOf
from mooring_azureml.resources.online_endpoint import ENDPOINTS
from mooring_azureml.table.checks import arm_id
from mooring_azureml.table.model import Fields, Property, Route
from mooring_azureml.table.notation import ID, members


def _sum(shares: Plain) -> int | None:
    """The sum of the shares; None while one is not known."""
    known = [share for share in members(shares).values() if isinstance(share, int)]
    return sum(known) if len(known) == len(members(shares)) and not isinstance(shares, Unknown) else None


def _all_of_it(config: Fields) -> Diagnostics:
    """The shares of live requests are 100 together, those of mirrored ones 50 at most."""
    live, mirrored = _sum(config.get("traffic")), _sum(config.get("mirror_traffic"))
    found = []
    if live is not None and live != 100:
        found.append(_wrong("traffic", f"The shares must be 100 percent together; they are {live}."))
    if mirrored is not None and mirrored > 50:
        found.append(_wrong("mirror_traffic", f"50 percent can be mirrored at most; {mirrored} are."))
    return tuple(found)


def _wrong(name: str, detail: str) -> Diagnostic:
    return Diagnostic(
        summary="Invalid argument value", detail=detail, path=(Attr(name),), code="azureml.traffic_sum"
    )


DEFINITION: Final = Definition(
    type_name="azureml_online_traffic",
    noun="traffic of the endpoint",
    arm_type=ENDPOINTS,
    api_version=ML_API_VERSION,
    placement=PartOf(attribute="endpoint_id", host_type=ENDPOINTS),
    description="Which share of an online endpoint's requests goes to which of its deployments.",
    part="properties.traffic",
    keeps_rest=True,
    rules=(_all_of_it,),
    table=(
        Property(
            name="endpoint_id",
            type=STRING,
            required=True,
            route=Route.PLACE,
            notation=ID,
            checks=(arm_id(ENDPOINTS),),
            description="The ARM id of the endpoint.",
        ),
        Property(
            name="traffic",
            type=MapType(NUMBER),
            arm="properties.traffic",
            required=True,
            route=Route.PUT,
            description="The percentage for each deployment, by its name; 100 together.",
        ),
        Property(
            name="mirror_traffic",
            type=MapType(NUMBER),
            arm="properties.mirrorTraffic",
            route=Route.PUT,
            description="The percentage that a deployment gets a copy of, without answering.",
        ),
    ),
)
