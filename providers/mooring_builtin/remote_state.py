"""`terraform_remote_state`: the outputs of another state, as Terraform 1.11 reads them.

Only the local backend exists so far. A path is relative to the folder of the command, as in a `backend`
block.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.core.records import field, record
from mooring.core.types import DYNAMIC, STRING, MapType, ObjectType
from mooring.core.values import Value, object_value
from mooring.sdk import (
    Attribute,
    BlockSchema,
    CallContext,
    ReadData,
    ReadDataResult,
    ReadsOutputs,
    ResourceSchema,
)

SCHEMA: Final = ResourceSchema(
    block=BlockSchema(
        attributes={
            "backend": Attribute(type=STRING, required=True, description="The backend that keeps the state."),
            "config": Attribute(
                type=DYNAMIC, optional=True, description="What stands in the backend's block, as an object."
            ),
            "defaults": Attribute(
                type=DYNAMIC, optional=True, description="Values for outputs that the state does not have."
            ),
            "outputs": Attribute(type=DYNAMIC, computed=True, description="All root outputs of the state."),
            "workspace": Attribute(
                type=STRING, optional=True, description="The workspace, `default` if unset."
            ),
        }
    )
)
_OBJECT: Final = ObjectType({name: SCHEMA.block.attributes[name].type for name in SCHEMA.block.attributes})
_LOCAL: Final = ("path", "workspace_dir")
_OTHERS: Final = frozenset(
    ["azurerm", "consul", "cos", "gcs", "http", "kubernetes", "oci", "oss", "pg", "remote", "s3"]
)
_INVALID: Final = "Invalid backend configuration"


def validate(config: Value) -> Diagnostics:
    """What is wrong with a block; what is unknown may be right."""
    parts = config.attributes
    return (*_check_backend(parts["backend"], parts["config"]), *_check_defaults(parts["defaults"]))


def _check_backend(backend: Value, config: Value) -> Diagnostics:
    if not backend.is_known:
        return ()
    if backend.text in _OTHERS:
        detail = f'Mooring cannot read states from the backend "{backend.text}" yet; it can from "local".'
        return (Diagnostic(summary="Backend not supported yet", detail=detail, path=(Attr("backend"),)),)
    if backend.text != "local":
        detail = f'There is no backend type named "{backend.text}".'
        return (Diagnostic(summary=_INVALID, detail=detail, path=(Attr("backend"),)),)
    if config.is_null or not config.is_known:
        return ()
    problem = _config_problem(config)
    if not problem:
        return ()
    detail = f'The given configuration is not valid for backend "local": {problem}.'
    return (Diagnostic(summary=_INVALID, detail=detail, path=(Attr("config"),)),)


def _config_problem(config: Value) -> str:
    if not _has_names(config):
        return "an object is required"
    for name, value in sorted(config.attributes.items()):
        if name not in _LOCAL:
            return f'unexpected attribute "{name}"'
        if value.is_known and not value.is_null and _text(value) is None:
            return f'attribute "{name}": string required'
    return ""


def _check_defaults(defaults: Value) -> Diagnostics:
    if defaults.is_null or not defaults.is_known or _has_names(defaults):
        return ()
    detail = "Defaults must be given in an object value."
    return (Diagnostic(summary="Invalid default values", detail=detail, path=(Attr("defaults"),)),)


def _has_names(value: Value) -> bool:
    return isinstance(value.type, ObjectType | MapType)


def _text(value: Value) -> str | None:
    """The text of a string, or of a number or bool written instead of one."""
    raw = value.raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return raw if isinstance(raw, str) else str(raw) if isinstance(raw, int) else None


@record(kw_only=True)
class RemoteState:
    """The data source; `read_outputs` leads to states, paths are below `working_folder`."""

    read_outputs: ReadsOutputs
    working_folder: str
    schema: ResourceSchema = field(default=SCHEMA)

    def read(self, _ctx: CallContext, request: ReadData) -> ReadDataResult:
        """The outputs of the state that the block names, over the defaults."""
        parts = request.config.attributes
        path = os.path.join(self.working_folder, _state_path(parts["config"], parts["workspace"]))  # noqa: PTH118
        outputs, diags = self.read_outputs(path)
        if outputs is None:
            return ReadDataResult(diagnostics=diags or (_NOT_FOUND,))
        defaults: Mapping[str, Value] = {} if parts["defaults"].is_null else parts["defaults"].attributes
        found = object_value({**defaults, **outputs})
        return ReadDataResult(current=Value(_OBJECT, {**parts, "outputs": found}), diagnostics=diags)


_NOT_FOUND: Final = Diagnostic(
    summary="Unable to find remote state",
    detail="No stored state was found for the given workspace in the given backend.",
)


def _state_path(config: Value, workspace: Value) -> str:
    """Where the local backend keeps the state of a workspace."""
    given = {} if config.is_null else config.attributes
    path, folder = (None if name not in given else _text(given[name]) for name in _LOCAL)
    if workspace.is_null or workspace.text in ("", "default"):
        return path or "terraform.tfstate"
    return os.path.join(folder or "terraform.tfstate.d", workspace.text, "terraform.tfstate")  # noqa: PTH118
