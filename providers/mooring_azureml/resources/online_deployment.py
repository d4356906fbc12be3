"""`azureml_online_deployment`: workspaces/onlineEndpoints/deployments. A model behind an endpoint.

Sources: specs/types-2025-12-01.md (OnlineDeploymentProperties), operations-2025-12-01.json. Where it runs
cannot change; the rest goes by PUT. How many instances there are is the `capacity` of the sku. A managed
deployment has an instance type, one on Kubernetes the resources of a container.
"""

from __future__ import annotations

from typing import Final

from mooring.core.types import NUMBER, STRING, MapType
from mooring_azureml.combinations import Members, members_by
from mooring_azureml.common import ML_API_VERSION, identity, located_like, location, name_property, tags
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InParent
from mooring_azureml.resources.online_endpoint import ENDPOINT_NAME, ENDPOINTS
from mooring_azureml.table.checks import arm_id, between
from mooring_azureml.table.model import Block, Property, Route
from mooring_azureml.table.notation import CASELESS, DURATION, ID
from mooring_azureml.table.shorthand import choice, flag, text

_PUT: Final = Route.PUT
_KINDS: Final = {
    "Managed": Members(possible=("instance_type", "instance_count", "egress_public_network_access")),
    "Kubernetes": Members(possible=("instance_type", "instance_count", "container_resources")),
}


def _count(name: str, arm: str, description: str, least: int, most: int) -> Property:
    return Property(
        name=name,
        type=NUMBER,
        arm=arm,
        route=_PUT,
        computed=True,
        checks=(between(least, most),),
        description=description,
    )


def _length(name: str, arm: str, description: str) -> Property:
    return text(name, arm, description, route=_PUT, notation=DURATION, computed=True)


def _probe(name: str, member: str, description: str) -> Block:
    return Block(
        name=name,
        arm=f"properties.{member}",
        parts=(
            _length("initial_delay", "initialDelay", "How long until the first one."),
            _length("period", "period", "How long between two."),
            _length("timeout", "timeout", "How long one may take."),
            _count("failure_threshold", "failureThreshold", "How many may fail.", 1, 100),
            _count("success_threshold", "successThreshold", "How many must succeed.", 1, 100),
        ),
        description=description,
    )


def _quantity(name: str, member: str, description: str) -> Block:
    return Block(
        name=name,
        arm=member,
        parts=(
            text("cpu", "cpu", "Virtual CPUs, like `500m`.", route=_PUT),
            text("memory", "memory", "Memory, like `2Gi`.", route=_PUT),
            text("gpu", "gpu", "Graphics cards.", route=_PUT),
        ),
        description=description,
    )


_CODE: Final = Block(
    name="code",
    arm="properties.codeConfiguration",
    parts=(
        text("code_id", "codeId", "The ARM id of the code asset.", route=_PUT, notation=ID),
        text("scoring_script", "scoringScript", "The script, like `score.py`.", route=_PUT, required=True),
    ),
    description="What answers requests; left out for models that need none (MLflow).",
)

_REQUESTS: Final = Block(
    name="request_settings",
    arm="properties.requestSettings",
    parts=(
        _length("request_timeout", "requestTimeout", "How long a request may take."),
        _length("max_queue_wait", "maxQueueWait", "How long a request may wait."),
        _count(
            "max_concurrent_requests_per_instance",
            "maxConcurrentRequestsPerInstance",
            "How many an instance answers at once.",
            1,
            10_000,
        ),
    ),
    description="How requests are answered.",
)

_SCALE: Final = Block(
    name="scale_settings",
    arm="properties.scaleSettings",
    implies={"properties.scaleSettings.scaleType": "TargetUtilization"},
    parts=(
        _count("min_instances", "minInstances", "The fewest instances.", 0, 1000),
        _count("max_instances", "maxInstances", "The most instances.", 1, 1000),
        _count("target_utilization_percentage", "targetUtilizationPercentage", "The load to keep.", 1, 100),
        _length("polling_interval", "pollingInterval", "How often the load is looked at."),
    ),
    description="Scaling by load; left out, the number of instances is fixed.",
)

DEFINITION: Final = Definition(
    type_name="azureml_online_deployment",
    noun="online deployment",
    arm_type=f"{ENDPOINTS}/deployments",
    api_version=ML_API_VERSION,
    placement=InParent(attribute="endpoint_id", parent_type=ENDPOINTS, collection="deployments"),
    description="A model with its code, environment and machines, behind an online endpoint.",
    listed=True,
    keeps_rest=True,
    prepare=located_like("endpoint_id"),
    rules=(
        members_by("endpoint_compute_type", _KINDS, default="Managed", code="azureml.deployment_members"),
    ),
    table=(
        name_property(ENDPOINT_NAME, description="The name."),
        text(
            "endpoint_id",
            "",
            "The ARM id of the endpoint.",
            route=Route.PLACE,
            required=True,
            notation=ID,
            checks=(arm_id(ENDPOINTS),),
        ),
        location(is_computed=True),
        identity(_PUT),
        tags(_PUT),
        text("description", "properties.description", "A description.", route=_PUT),
        choice(
            "endpoint_compute_type",
            "properties.endpointComputeType",
            "Who runs it: Azure, or the Kubernetes compute of the endpoint.",
            *_KINDS,
            route=Route.FIXED,
            default="Managed",
        ),
        text("model", "properties.model", "The model: an ARM id, or a URI.", route=_PUT, notation=CASELESS),
        text("model_mount_path", "properties.modelMountPath", "Where the model is mounted.", route=_PUT),
        text(
            "environment_id",
            "properties.environmentId",
            "The environment's id.",
            route=_PUT,
            notation=CASELESS,
        ),
        Property(
            name="environment_variables",
            type=MapType(STRING),
            arm="properties.environmentVariables",
            route=_PUT,
            description="Environment variables of the container.",
        ),
        _CODE,
        text(
            "instance_type",
            "properties.instanceType",
            "The VM size, or the instance type of the cluster.",
            route=_PUT,
            notation=CASELESS,
            computed=True,
        ),
        _count("instance_count", "sku.capacity", "The number of instances.", 1, 1000),
        flag(
            "app_insights_enabled",
            "properties.appInsightsEnabled",
            "Whether it logs to Application Insights.",
            default=False,
            route=_PUT,
        ),
        choice(
            "egress_public_network_access",
            "properties.egressPublicNetworkAccess",
            "Whether it may reach the internet.",
            "Enabled",
            "Disabled",
            route=Route.FIXED,
            computed=True,
        ),
        _REQUESTS,
        _SCALE,
        _probe("liveness_probe", "livenessProbe", "Whether the container lives."),
        _probe("readiness_probe", "readinessProbe", "Whether it is ready for requests."),
        Block(
            name="container_resources",
            arm="properties.containerResourceRequirements",
            parts=(
                _quantity("requests", "containerResourceRequests", "What a container asks for."),
                _quantity("limits", "containerResourceLimits", "What it may use."),
            ),
            description="The resources of a container on Kubernetes.",
        ),
    ),
    constants={"sku.name": "Default"},
)
