"""`azureml_command_job`: one run of a command, workspaces/jobs, or on this machine.

Sources: specs/types-2025-12-01.md (CommandJob, JobBaseProperties); "Set up compute targets" and "Submit a
training run" (facts.md section 1: `local` beside the computes of a workspace). What a run was submitted with
is what it was: another command, code, input, environment or compute is another run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from mooring.core.codec import Plain
from mooring.core.types import STRING, ListType, MapType
from mooring.core.values import UNKNOWN
from mooring.sdk import Timeouts
from mooring_azureml.arm.ids import parse_id, same_id
from mooring_azureml.arm.port import Document, Port
from mooring_azureml.common import COMPUTES, ML_API_VERSION, WORKSPACES
from mooring_azureml.jobs.code_assets import code_id
from mooring_azureml.jobs.parts import BLOCKS, JOB_NAME, RULES, fixed
from mooring_azureml.jobs.steps import (
    complete,
    follow,
    is_local,
    make_ready,
    stays,
    transient_id,
    verdict,
    wind_up,
    with_name,
)
from mooring_azureml.lifecycle.definition import Access, Definition
from mooring_azureml.lifecycle.placement import InParent
from mooring_azureml.local.runs import RUNS, LocalRuns
from mooring_azureml.table.checks import arm_id, one_of
from mooring_azureml.table.model import Fields, Property, Route
from mooring_azureml.table.notation import CASELESS, ID, OWN_MEMBERS
from mooring_azureml.table.shorthand import choice, decided, flag, text
from mooring_azureml.table.to_arm import get_at

_DAY: Final = 86_400.0
_COMMIT: Final = "azureml.git.commit"


class _OnThisMachine:
    """The place of a local run: a folder below the working folder."""

    def id_of(self, _subscription: str | None, fields: Fields) -> str | None:
        """The path from the working folder."""
        name = fields.get("name")
        return f"{RUNS}/{name}" if isinstance(name, str) else None

    def locate(self, wanted: str) -> Fields | None:
        """The name."""
        path = Path(wanted)
        return {"id": wanted, "name": path.name, "compute": "local"} if path.parent == Path(RUNS) else None


def _in_local_runs(access: Access) -> Access:
    runs = LocalRuns(
        working_folder=Path(access.working_folder),
        environment=access.machine.environment,
        read_only=access.read_only,
    )
    return replace(access, port=Port(lambda: runs, runs))


def _of_its_target(definition: Definition, fields: Fields) -> Definition:
    """A local run is a folder, any other a job of its workspace."""
    if not is_local(fields):
        return definition
    return replace(definition, placement=_OnThisMachine(), reach=_in_local_runs)


def _planned_code(_access: Access, prior: Fields | None, planned: Fields) -> Fields:
    """The code asset follows from the digest, so that it is known when the plan is made."""
    if is_local(planned):
        return {**planned, "code_id": None}
    if planned.get("code_path") is None:
        return planned
    workspace, digest = planned.get("workspace_id"), planned.get("code_digest")
    if not isinstance(workspace, str) or not isinstance(digest, str):
        return {**planned, "code_id": UNKNOWN}
    wanted = code_id(workspace, digest)
    before = prior.get("code_id") if prior is not None else None
    return {**planned, "code_id": before if isinstance(before, str) and same_id(before, wanted) else wanted}


def _observed(document: Document, fields: Fields) -> Mapping[str, Plain]:
    """What the table has no place for: the commit, and the compute of a run that was imported."""
    noted = get_at(document, "properties.properties")
    commit = noted.get(_COMMIT) if isinstance(noted, Mapping) else None
    found = get_at(document, "properties.computeId")
    is_open = fields.get("compute_id") is None and transient_id(fields) is None and not is_local(fields)
    parsed = parse_id(found) if is_open and isinstance(found, str) else None
    if parsed is None or not parsed.is_a(COMPUTES) or parsed.name.lower() == "serverless":
        return {"git_commit": commit}
    return {"git_commit": commit, "compute_id": str(parsed)}


DEFINITION: Final = Definition(
    type_name="azureml_command_job",
    noun="command job",
    arm_type=f"{WORKSPACES}/jobs",
    api_version=ML_API_VERSION,
    placement=InParent(attribute="workspace_id", parent_type=WORKSPACES, collection="jobs"),
    description="One run of a command: on a compute, on one that Azure provides, or on this machine.",
    timeouts=Timeouts(create=_DAY),
    constants={"properties.jobType": "Command"},
    keeps_rest=True,
    specific=_of_its_target,
    choose=with_name,
    derive=_planned_code,
    prepare=make_ready,
    finish=complete,
    accompany=follow,
    observe=_observed,
    verdict=verdict,
    wind_up=wind_up,
    stays=stays,
    rules=RULES,
    table=(
        text(
            "name",
            "",
            "The name of the run. Left out, it is made of the experiment and random digits.",
            route=Route.PLACE,
            computed=True,
            checks=(JOB_NAME,),
        ),
        text(
            "workspace_id",
            "",
            "The ARM id of the workspace; a local run needs none.",
            route=Route.PLACE,
            notation=ID,
            checks=(arm_id(WORKSPACES),),
        ),
        Property(
            name="experiment_name",
            type=STRING,
            arm="properties.experimentName",
            default="Default",
            route=Route.FIXED,
            description="The experiment that the run belongs to.",
        ),
        text(
            "display_name", "properties.displayName", "What the studio shows.", route=Route.PUT, computed=True
        ),
        text("description", "properties.description", "A description.", route=Route.PUT),
        Property(
            name="tags", type=MapType(STRING), arm="properties.tags", route=Route.PUT, description="Tags."
        ),
        Property(
            name="properties",
            type=MapType(STRING),
            arm="properties.properties",
            route=Route.PUT,
            notation=OWN_MEMBERS,
            description="Properties, which can be added and not be taken away.",
        ),
        text("command", "properties.command", "The command.", route=Route.FIXED, required=True),
        text("code_path", "", "The folder of code, as in azureml_code_snapshot.", route=Route.LOCAL),
        fixed("code_digest", "", "The digest of the folder, from azureml_code_snapshot."),
        Property(
            name="code_exclude",
            type=ListType(STRING),
            route=Route.LOCAL,
            description="What azureml_code_snapshot was told to leave out.",
        ),
        text(
            "code_id",
            "properties.codeId",
            "The ARM id of a code asset; that of the folder, if one is given.",
            route=Route.FIXED,
            notation=ID,
            computed=True,
        ),
        fixed("environment_id", "properties.environmentId", "The environment.", notation=ID),
        Property(
            name="environment_variables",
            type=MapType(STRING),
            arm="properties.environmentVariables",
            route=Route.FIXED,
            description="Environment variables. Azure shows them to whoever may see the run.",
        ),
        text(
            "compute_id",
            "",
            "The ARM id of a compute of the workspace, an attached one too. Left out, Azure provides one.",
            route=Route.FIXED,
            notation=ID,
            checks=(arm_id(COMPUTES),),
        ),
        text(
            "compute",
            "",
            "`local`: the command is run on this machine, and nothing is sent to Azure.",
            route=Route.FIXED,
            notation=CASELESS,
            checks=(one_of("local"),),
        ),
        text(
            "job_tier",
            "properties.queueSettings.jobTier",
            "The tier of the queue: `Standard`, `Spot` ...",
            route=Route.FIXED,
            notation=CASELESS,
        ),
        *BLOCKS,
        flag("wait", "", "Wait for the end of the run.", default=True, route=Route.LOCAL),
        choice(
            "on_destroy",
            "",
            "What becomes of the run's record: a run that goes on is cancelled in any case.",
            *("keep", "delete"),
            route=Route.LOCAL,
            default="keep",
        ),
        decided("status", "properties.status", "What the run is doing, or how it ended."),
        decided("studio_url", "properties.services.Studio.endpoint", "The run's page in the studio."),
        decided("tracking_uri", "properties.services.Tracking.endpoint", "The MLflow server of the run."),
        decided("log_path", "properties.logPath", "What a local run wrote."),
        decided("git_commit", "", "The commit of the code that the run was submitted with."),
    ),
)
