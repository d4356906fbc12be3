"""Compute instances: whether one runs, and where its scripts come from.

Sources: operations-2025-12-01.json (start, stop: POST actions with an LRO);
specs/compute-schema-2026-05-01.json (scriptSource `inline`, with the text in base64, or `workspaceStorage`,
with a path on the workspace's file share). A stopped instance keeps its quota (facts.md section 1).
"""

from __future__ import annotations

from typing import Final

from mooring.core.codec import Plain
from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.core.values import Unknown
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError, Document, Target
from mooring_azureml.common import ML_API_VERSION
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.table.model import Fields
from mooring_azureml.table.notation import members
from mooring_azureml.table.to_arm import Body, get_at, set_at

STATE: Final = "state"
RUNNING: Final = "running"
STOPPED: Final = "stopped"
_SCRIPTS: Final = {"creation_script": "creationScript", "startup_script": "startupScript"}
_PLACE: Final = "properties.properties.setupScripts.scripts"
_AT_REST: Final = frozenset({"stopped", "stopping"})


def seen(document: Document, fields: Fields) -> Fields:
    """What the table cannot read: whether it runs, and scripts that are on the file share."""
    return {**_seen_state(document, fields), **_seen_scripts(document, fields)}


def _seen_state(document: Document, fields: Fields) -> Fields:
    """Only where the configuration says whether it should run: schedules stop others at any time."""
    if fields.get(STATE) is None:
        return {}
    found = str(get_at(document, "properties.properties.state")).lower()
    return {STATE: STOPPED if found in _AT_REST else RUNNING}


def _seen_scripts(document: Document, fields: Fields) -> Fields:
    scripts = dict(members(fields.get("setup_scripts")))
    for name, member in _SCRIPTS.items():
        place = f"{_PLACE}.{member}"
        if str(get_at(document, f"{place}.scriptSource")).lower() == "workspacestorage" and name in scripts:
            path = get_at(document, f"{place}.scriptData")
            scripts[name] = {**members(scripts[name]), "script": None, "storage_path": path}
    return {"setup_scripts": scripts} if scripts else {}


def start_or_stop(access: Access, ctx: CallContext, prior: Fields | None, wanted: Fields) -> ArmError | None:
    """What brings the instance into the wanted state; a new one runs."""
    state = _text(wanted.get(STATE))
    before = _text(prior.get(STATE)) if prior is not None else RUNNING
    if state is None or state == before:
        return None
    action = "stop" if state == STOPPED else "start"
    ctx.progress(f"Waiting for the {action}")
    answer = access.arm.post(ctx, Target(id=f"{wanted['id']}/{action}", api_version=ML_API_VERSION), {})
    return answer if isinstance(answer, ArmError) else None


def _text(value: Plain) -> str | None:
    return value.lower() if isinstance(value, str) else None


def with_sources(fields: Fields, body: Body) -> Body:
    """Says of each script where it is, and of one on the file share its path."""
    scripts = members(fields.get("setup_scripts"))
    for name, member in _SCRIPTS.items():
        script = members(scripts.get(name))
        place = f"{_PLACE}.{member}"
        if script.get("storage_path") is not None:
            set_at(body, f"{place}.scriptSource", "workspaceStorage")
            set_at(body, f"{place}.scriptData", str(script["storage_path"]))
        elif script:
            set_at(body, f"{place}.scriptSource", "inline")
    return body


def one_source(config: Fields) -> Diagnostics:
    """A script is given as a text, or as a path on the workspace's file share."""
    scripts = members(config.get("setup_scripts"))
    return tuple(
        Diagnostic(
            summary="Invalid combination of arguments",
            detail='Exactly one of "script" and "storage_path" must be given.',
            path=(Attr("setup_scripts"), Attr(name)),
            code="azureml.script_source",
        )
        for name in _SCRIPTS
        if (script := scripts.get(name)) is not None
        and not isinstance(script, Unknown)
        and (members(script).get("script") is None) == (members(script).get("storage_path") is None)
    )
