"""`azureml_environment`: a version of an environment, workspaces/environments/versions.

Sources: specs/types-2025-12-01.md (EnvironmentVersionProperties). A version is what it is: what it is made of
cannot change, so another content needs another version. An image comes from a registry or is built from a
Dockerfile; conda packages go on top of an image.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.core.types import BOOL, NUMBER, STRING, MapType
from mooring_azureml.combinations import exactly_one
from mooring_azureml.common import ML_API_VERSION, WORKSPACE_ID, WORKSPACES, name_property
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import Versioned
from mooring_azureml.table.checks import between, matching, yaml_mapping
from mooring_azureml.table.model import Block, Fields, Property, Route
from mooring_azureml.table.notation import YAML
from mooring_azureml.table.shorthand import choice, decided, flag, text

_ASSET_NAME: Final = matching(
    r"[a-zA-Z0-9][a-zA-Z0-9\-_.]{0,254}",
    "must have 1 to 255 letters, digits, dashes, underscores and dots, and start with a letter or digit",
)


def _conda_needs_image(config: Fields) -> Diagnostics:
    """Conda packages are put on top of an image; a Dockerfile says everything itself."""
    if config.get("conda_file") is None or config.get("build") is None:
        return ()
    return (
        Diagnostic(
            summary="Invalid combination of arguments",
            detail='"conda_file" puts packages on top of "image". A Dockerfile ("build") installs its own.',
            path=(Attr("conda_file"),),
            code="azureml.environment_conda",
        ),
    )


def _route(name: str, member: str, description: str) -> Block:
    return Block(
        name=name,
        arm=member,
        parts=(
            text("path", "path", "The path of the URL.", route=Route.FIXED, required=True),
            Property(
                name="port",
                type=NUMBER,
                arm="port",
                required=True,
                route=Route.FIXED,
                checks=(between(1, 65535),),
                description="The port.",
            ),
        ),
        description=description,
    )


DEFINITION: Final = Definition(
    type_name="azureml_environment",
    noun="environment",
    arm_type=f"{WORKSPACES}/environments/versions",
    api_version=ML_API_VERSION,
    placement=Versioned(attribute="workspace_id", parent_type=WORKSPACES, collection="environments"),
    description="A version of an environment: the image and the packages that jobs run in.",
    rules=(exactly_one("azureml.environment_image", "image", "build"), _conda_needs_image),
    table=(
        name_property(_ASSET_NAME, description="The name."),
        text(
            "version",
            "",
            "The version. Another content needs another version.",
            route=Route.PLACE,
            required=True,
            checks=(_ASSET_NAME,),
        ),
        WORKSPACE_ID,
        text("description", "properties.description", "A description.", route=Route.PUT),
        Property(
            name="tags", type=MapType(STRING), arm="properties.tags", route=Route.PUT, description="Tags."
        ),
        text("image", "properties.image", "The image, or the one that packages go on.", route=Route.FIXED),
        text(
            "conda_file",
            "properties.condaFile",
            "The conda specification, YAML. Layout and comments do not count.",
            route=Route.FIXED,
            notation=YAML,
            checks=(yaml_mapping,),
        ),
        Block(
            name="build",
            arm="properties.build",
            parts=(
                text("context_uri", "contextUri", "The context's URI.", route=Route.FIXED, required=True),
                Property(
                    name="dockerfile_path",
                    type=STRING,
                    arm="dockerfilePath",
                    default="Dockerfile",
                    route=Route.FIXED,
                    description="The Dockerfile in the context.",
                ),
            ),
            description="The context that the image is built from.",
        ),
        choice(
            "os_type",
            "properties.osType",
            "The operating system.",
            "Linux",
            "Windows",
            route=Route.FIXED,
            default="Linux",
        ),
        Block(
            name="inference_config",
            arm="properties.inferenceConfig",
            parts=(
                _route("liveness_route", "livenessRoute", "Whether the container lives."),
                _route("readiness_route", "readinessRoute", "Whether it is ready."),
                _route("scoring_route", "scoringRoute", "Where requests go."),
            ),
            description="How a deployment with this image is talked to.",
        ),
        choice(
            "auto_rebuild",
            "properties.autoRebuild",
            "When the image is built again.",
            "Disabled",
            "OnBaseImageUpdate",
            route=Route.PUT,
            default="Disabled",
        ),
        text("stage", "properties.stage", "The stage in its life.", route=Route.PUT),
        flag("is_archived", "properties.isArchived", "Hidden from lists.", default=False, route=Route.PUT),
        decided("environment_type", "properties.environmentType", "`UserCreated` or `Curated`."),
        decided("is_anonymous", "properties.isAnonymous", "Whether a client has named it.", kind=BOOL),
    ),
)
