"""`azureml_run_configuration`: a run configuration file of a project, and its conda specification.

Sources: "Set up compute targets" (facts.md section 1): a run configuration names a target, `local` or a
compute, and an environment: managed by the user (an interpreter that has what is needed) or by the system
(conda).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.core.types import NUMBER, STRING, ListType, MapType
from mooring_azureml.arm.port import Port
from mooring_azureml.lifecycle.definition import Access, Definition
from mooring_azureml.local.run_files import CONDA, FOLDER, SUFFIX, RunFiles
from mooring_azureml.table.checks import between, matching, yaml_mapping
from mooring_azureml.table.model import Fields, Property, Route
from mooring_azureml.table.notation import YAML
from mooring_azureml.table.shorthand import choice, decided, flag, text
from mooring_azureml.table.to_arm import Body, get_at, set_at

_PUT: Final = Route.PUT
_PYTHON: Final = "environment.python"


class _InProject:
    """The place of a run configuration: `{directory}/.azureml/{name}.runconfig`."""

    def id_of(self, _subscription: str | None, fields: Fields) -> str | None:
        """The path from the working folder."""
        directory, name = fields.get("directory"), fields.get("name")
        if not isinstance(directory, str) or not isinstance(name, str):
            return None
        return Path(directory, FOLDER, f"{name}{SUFFIX}").as_posix()

    def locate(self, wanted: str) -> Fields | None:
        """The directory and the name."""
        path = Path(wanted)
        if path.suffix != SUFFIX or path.parent.name != FOLDER:
            return None
        directory = path.parent.parent.as_posix()
        return {"id": path.as_posix(), "directory": directory, "name": path.stem}


def _in_files(access: Access) -> Access:
    files = RunFiles(working_folder=Path(access.working_folder), read_only=access.read_only)
    return replace(access, port=Port(lambda: files, files))


def _docker_follows(_fields: Fields, body: Body) -> Body:
    """Docker is used where an image is named."""
    set_at(body, "environment.docker.enabled", get_at(body, "environment.docker.baseImage") is not None)
    return body


def _managed_by_one(config: Fields) -> Diagnostics:
    """Who manages the environment decides whether there are conda dependencies."""
    if config.get("user_managed") is not True or config.get("conda_dependencies") is None:
        return ()
    return (
        Diagnostic(
            summary="Invalid combination of arguments",
            detail='"conda_dependencies" are for an environment that the system manages. With user_managed = '
            'true the interpreter at "interpreter_path" must have everything already.',
            path=(Attr("conda_dependencies"),),
            code="azureml.user_managed_conda",
        ),
    )


DEFINITION: Final = Definition(
    type_name="azureml_run_configuration",
    noun="run configuration",
    arm_type="",
    import_as=f"DIRECTORY/{FOLDER}/NAME{SUFFIX}",
    api_version="",
    placement=_InProject(),
    description="A file of a project that says on which target and in which environment a script runs.",
    reach=_in_files,
    keeps_rest=True,
    finish=_docker_follows,
    rules=(_managed_by_one,),
    table=(
        text(
            "name",
            "",
            "The name, and that of the file.",
            route=Route.PLACE,
            required=True,
            checks=(
                matching(
                    r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}",
                    "must have 1 to 64 letters, digits, dots, dashes and underscores",
                ),
            ),
        ),
        Property(
            name="directory",
            type=STRING,
            route=Route.PLACE,
            default=".",
            description="The project's folder, from the working folder.",
        ),
        Property(
            name="target",
            type=STRING,
            arm="target",
            default="local",
            route=_PUT,
            description="`local`, or the name of a compute of the workspace.",
        ),
        text("script", "script", "The script to run.", route=_PUT),
        Property(
            name="arguments",
            type=ListType(STRING),
            arm="arguments",
            route=_PUT,
            description="The script's arguments.",
        ),
        choice(
            "framework",
            "framework",
            "What the script is written for.",
            *("Python", "PySpark", "CNTK", "TensorFlow", "PyTorch"),
            route=_PUT,
            default="Python",
        ),
        choice(
            "communicator",
            "communicator",
            "How nodes talk to each other.",
            *("None", "ParameterServer", "OpenMpi", "IntelMpi", "Mpi", "Nccl", "Gloo"),
            route=_PUT,
            default="None",
        ),
        Property(
            name="node_count",
            type=NUMBER,
            arm="nodeCount",
            default=1,
            route=_PUT,
            checks=(between(1, 10_000),),
            description="The number of nodes.",
        ),
        Property(
            name="max_run_duration_seconds",
            type=NUMBER,
            arm="maxRunDurationSeconds",
            route=_PUT,
            checks=(between(1, 10**9),),
            description="When a run is ended.",
        ),
        text("environment_name", "environment.name", "The name of the environment.", route=_PUT),
        flag(
            "user_managed",
            f"{_PYTHON}.userManagedDependencies",
            "The interpreter has what is needed already.",
            default=False,
            route=_PUT,
        ),
        Property(
            name="interpreter_path",
            type=STRING,
            arm=f"{_PYTHON}.interpreterPath",
            default="python",
            route=_PUT,
            description="The Python interpreter.",
        ),
        text(
            "conda_dependencies",
            CONDA,
            "The conda specification, YAML; kept in a file of its own.",
            route=_PUT,
            notation=YAML,
            checks=(yaml_mapping,),
        ),
        decided("conda_dependencies_file", f"{_PYTHON}.condaDependenciesFile", "That file."),
        text("docker_image", "environment.docker.baseImage", "The image to run in.", route=_PUT),
        Property(
            name="environment_variables",
            type=MapType(STRING),
            arm="environment.environmentVariables",
            route=_PUT,
            description="Environment variables of the run.",
        ),
    ),
)
