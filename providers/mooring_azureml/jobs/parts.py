"""The blocks of a command job, and the rules about its arguments.

Sources: specs/types-2025-12-01.md (JobInput, JobOutput, JobResourceConfiguration, CommandJobLimits,
DistributionConfiguration, IdentityConfiguration).
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr, Index, Path
from mooring.core.types import NUMBER, STRING
from mooring.sdk import Nesting
from mooring_azureml.combinations import Members, members_by
from mooring_azureml.jobs.steps import is_local
from mooring_azureml.lifecycle.definition import Rule
from mooring_azureml.table.checks import between, duration, matching
from mooring_azureml.table.model import Block, Check, Fields, Property, Route
from mooring_azureml.table.notation import CASELESS, DURATION, EXACT, Notation, items, members
from mooring_azureml.table.shorthand import choice, text

_FIXED: Final = Route.FIXED
_LITERAL: Final = "literal"
_ASSETS: Final = ("uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model")
_READING: Final = ("ReadOnlyMount", "ReadWriteMount", "Download", "Direct", "EvalMount", "EvalDownload")
_WRITING: Final = ("ReadWriteMount", "Upload", "Direct")

JOB_NAME: Final = matching(
    r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}",
    "must have 1 to 255 letters, digits, dashes and underscores, and start with a letter or digit",
)
_PART_NAME: Final = matching(
    r"[a-zA-Z_][a-zA-Z0-9_]{0,254}", "must have letters, digits and underscores, and start with no digit"
)


def fixed(name: str, arm: str, description: str, notation: Notation = EXACT) -> Property:
    """A text that a run keeps."""
    return text(name, arm, description, route=_FIXED, notation=notation)


def _number(name: str, arm: str, description: str, *, computed: bool = False) -> Property:
    return Property(
        name=name,
        type=NUMBER,
        arm=arm,
        computed=computed,
        route=_FIXED,
        checks=(between(1, 10_000),),
        description=description,
    )


def _key(check: Check) -> Property:
    return text("name", "", "The name, as the command has it.", route=_FIXED, required=True, checks=(check,))


_INPUT: Final = Block(
    name="input",
    arm="properties.inputs",
    nesting=Nesting.LIST,
    keyed_by="name",
    parts=(
        _key(_PART_NAME),
        choice("type", "jobInputType", "What it is.", _LITERAL, *_ASSETS, route=_FIXED, default=_LITERAL),
        fixed("value", "value", "The value of a literal input."),
        fixed("uri", "uri", "The address, `azureml:NAME:VERSION`, or for a local run a path."),
        choice("mode", "mode", "How the run gets it.", *_READING, route=_FIXED, computed=True),
        fixed("description", "description", "A description."),
    ),
    description="What the command gets: `${{inputs.NAME}}` stands for it there.",
)

_OUTPUT: Final = Block(
    name="output",
    arm="properties.outputs",
    nesting=Nesting.LIST,
    keyed_by="name",
    added_by_service=("default",),
    parts=(
        _key(_PART_NAME),
        choice("type", "jobOutputType", "What it is.", *_ASSETS, route=_FIXED, default="uri_folder"),
        text("uri", "uri", "Where it goes; Azure finds a place.", route=_FIXED, computed=True),
        choice("mode", "mode", "How the run writes it.", *_WRITING, route=_FIXED, computed=True),
        fixed("asset_name", "assetName", "The asset to register it as."),
        fixed("description", "description", "A description."),
    ),
    description="What the command makes: `${{outputs.NAME}}` stands for its folder or file there.",
)

_RESOURCES: Final = Block(
    name="resources",
    arm="properties.resources",
    parts=(
        fixed("instance_type", "instanceType", "The VM size, where Azure provides the compute.", CASELESS),
        _number("instance_count", "instanceCount", "The number of nodes.", computed=True),
        text(
            "shm_size",
            "shmSize",
            "The shared memory of the container, like `2g`.",
            route=_FIXED,
            computed=True,
            checks=(matching(r"\d+[bBkKmMgG]", "must be a number and b, k, m or g"),),
        ),
        fixed("docker_args", "dockerArgs", "More arguments of `docker run`."),
    ),
    description="What the run takes.",
)

_TRANSIENT: Final = Block(
    name="transient_compute",
    arm="",
    parts=(
        Property(
            name="vm_size",
            type=STRING,
            required=True,
            route=_FIXED,
            notation=CASELESS,
            echoed=False,
            description="The size of the nodes.",
        ),
        Property(
            name="vm_priority",
            type=STRING,
            default="Dedicated",
            route=_FIXED,
            notation=CASELESS,
            echoed=False,
            description="The price class: `Dedicated` or `LowPriority`.",
        ),
        Property(
            name="node_count",
            type=NUMBER,
            default=1,
            route=_FIXED,
            echoed=False,
            checks=(between(1, 100),),
            description="The most nodes there will be.",
        ),
    ),
    description="A compute cluster for this run alone, made before it and deleted after it.",
)

BLOCKS: Final = (
    _INPUT,
    _OUTPUT,
    _RESOURCES,
    _TRANSIENT,
    Block(
        name="limits",
        arm="properties.limits",
        parts=(
            text(
                "timeout",
                "timeout",
                "When the run is cancelled.",
                route=_FIXED,
                notation=DURATION,
                checks=(duration("PT1S", "P30D"),),
            ),
        ),
        description="The bounds of the run.",
    ),
    Block(
        name="distribution",
        arm="properties.distribution",
        parts=(
            choice(
                "type",
                "distributionType",
                "The framework.",
                *("Mpi", "PyTorch", "TensorFlow"),
                route=_FIXED,
                required=True,
            ),
            _number("process_count_per_instance", "processCountPerInstance", "Processes on each node."),
            _number("parameter_server_count", "parameterServerCount", "Parameter servers."),
            _number("worker_count", "workerCount", "Workers; as many as nodes if left out."),
        ),
        description="How several nodes work together.",
    ),
    Block(
        name="identity",
        arm="properties.identity",
        parts=(
            choice(
                "type",
                "identityType",
                "Whose identity the run has.",
                *("AMLToken", "Managed", "UserIdentity"),
                route=_FIXED,
                required=True,
            ),
            fixed("client_id", "clientId", "The client id of a user-assigned identity."),
            fixed("object_id", "objectId", "Its object id."),
            fixed("resource_id", "resourceId", "Its ARM id."),
        ),
        description="The identity of the run.",
    ),
)


# -- rules ---------------------------------------------------------------------------------------


def _wrong(detail: str, path: Path, code: str) -> Diagnostic:
    return Diagnostic(
        summary="Invalid combination of arguments", detail=detail, path=path, code=f"azureml.{code}"
    )


def _one_target(config: Fields) -> Diagnostics:
    """A run is in one place."""
    given = [name for name in ("compute_id", "compute", "transient_compute") if config.get(name) is not None]
    if len(given) < 2 or not all(_is_given(config, name) for name in given):
        return ()
    quoted = " and ".join(f'"{name}"' for name in given)
    return (_wrong(f"A run is in one place, and {quoted} name several.", (Attr(given[-1]),), "job_target"),)


def _is_given(config: Fields, name: str) -> bool:
    return isinstance(config.get(name), str) or bool(members(config.get(name)))


def _needs_of_azure(config: Fields) -> Diagnostics:
    """A job of a workspace has one, and an environment."""
    if config.get("compute") is not None:
        return ()
    return tuple(
        Diagnostic(
            summary="Missing required argument",
            detail=f'"{name}" is required, unless compute = "local".',
            code="azureml.job_without_place",
        )
        for name in ("workspace_id", "environment_id")
        if config.get(name) is None
    )


def _local_only_here(config: Fields) -> Diagnostics:
    """What Azure would do with code and nodes does not happen on this machine."""
    if not is_local(config):
        return ()
    names = ("code_id", "distribution", "identity", "job_tier")
    return tuple(
        _wrong(f'"{name}" has no meaning with compute = "local". Remove it.', (Attr(name),), "job_local")
        for name in names
        if config.get(name) is not None
    )


def _whole_code(config: Fields) -> Diagnostics:
    """A folder and its digest go together, and stand for a code asset."""
    path, digest = config.get("code_path"), config.get("code_digest")
    if (path is None) is not (digest is None):
        name = "code_digest" if path is None else "code_path"
        detail = '"code_path" and "code_digest" go together, both from a data.azureml_code_snapshot.'
        return (_wrong(detail, (Attr(name),), "job_code"),)
    if path is not None and config.get("code_id") is not None:
        return (
            _wrong('"code_path" and "code_id" each say what the code is.', (Attr("code_id"),), "job_code"),
        )
    return ()


def _waited_for(config: Fields) -> Diagnostics:
    """Who deletes a compute after a run must see its end."""
    if config.get("transient_compute") is None or config.get("wait") is not False:
        return ()
    detail = 'A "transient_compute" is deleted after the run, so that the run must be waited for.'
    return (_wrong(detail, (Attr("wait"),), "job_transient"),)


def _inputs_by_type(config: Fields) -> Diagnostics:
    """A literal has a value, everything else an address."""
    found = []
    for at, one in enumerate(members(block) for block in items(config.get("input"))):
        kind = one.get("type") or _LITERAL
        needed, other = ("value", "uri") if str(kind).lower() == _LITERAL else ("uri", "value")
        if isinstance(kind, str) and (one.get(needed) is None or one.get(other) is not None):
            detail = f'An input of type "{kind}" has "{needed}" and not "{other}".'
            found.append(_wrong(detail, (Attr("input"), Index(at)), "job_input"))
    return tuple(found)


RULES: Final[tuple[Rule, ...]] = (
    _one_target,
    _needs_of_azure,
    _local_only_here,
    _whole_code,
    _waited_for,
    _inputs_by_type,
    members_by(
        "type",
        {
            "Mpi": Members(possible=("process_count_per_instance",)),
            "PyTorch": Members(possible=("process_count_per_instance",)),
            "TensorFlow": Members(possible=("parameter_server_count", "worker_count")),
        },
        block="distribution",
        code="azureml.job_distribution",
    ),
)
