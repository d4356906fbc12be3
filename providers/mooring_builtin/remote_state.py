"""`terraform_remote_state`: the outputs of another state, as Terraform 1.11 reads them.

A path of the local backend is relative to the folder of the command, as in a `backend` block. What other
backends take is known to the engine, and checked when the state is read.
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
    ResourceSchema,
    StateSource,
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
_BACKENDS: Final = frozenset(["azurerm", "http", "local", "pg"])
_OTHERS: Final = frozenset(["consul", "cos", "gcs", "kubernetes", "oci", "oss", "remote", "s3"])
_INVALID: Final = "Invalid backend configuration"


def validate(config: Value) -> Diagnostics:
    """What is wrong with a block; what is unknown may be right."""
    parts = config.attributes
    return (*_check_backend(parts["backend"], parts["config"]), *_check_defaults(parts["defaults"]))


def _check_backend(backend: Value, config: Value) -> Diagnostics:
    if not backend.is_known:
        return ()
    if backend.text in _OTHERS:
        known = ", ".join(f'"{name}"' for name in sorted(_BACKENDS))
        detail = f'Mooring cannot read states from the backend "{backend.text}" yet; it can from {known}.'
        return (Diagnostic(summary="Backend not supported yet", detail=detail, path=(Attr("backend"),)),)
    if backend.text not in _BACKENDS:
        detail = f'There is no backend type named "{backend.text}".'
        return (Diagnostic(summary=_INVALID, detail=detail, path=(Attr("backend"),)),)
    if config.is_null or not config.is_known:
        return ()
    problem = _config_problem(backend.text, config)
    if not problem:
        return ()
    detail = f'The backend "{backend.text}" cannot be used with this: {problem}.'
    return (Diagnostic(summary=_INVALID, detail=detail, path=(Attr("config"),)),)


def _config_problem(backend: str, config: Value) -> str:
    if not _has_names(config):
        return "an object is required"
    if backend != "local":
        return ""
    for name, value in sorted(config.attributes.items()):
        if name not in _LOCAL:
            return f'unexpected attribute "{name}"'
        if value.is_known and not value.is_null and _text(value) is None:
            return f'attribute "{name}": string required'
    return ""


def _check_defaults(defaults: Value) -> Diagnostics:
    if defaults.is_null or not defaults.is_known or _has_names(defaults):
        return ()
    detail = 'What stands in for missing outputs is an object, as { region = "westeurope" }.'
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
    """The data source; paths are below `working_folder`."""

    working_folder: str
    schema: ResourceSchema = field(default=SCHEMA)

    def read(self, _ctx: CallContext, request: ReadData) -> ReadDataResult:
        """The outputs of the state that the block names, over the defaults."""
        parts = request.config.attributes
        outputs, diags = request.read_outputs(_source(parts, self.working_folder))
        if outputs is None:
            return ReadDataResult(diagnostics=diags or (_NOT_FOUND,))
        defaults: Mapping[str, Value] = {} if parts["defaults"].is_null else parts["defaults"].attributes
        found = object_value({**defaults, **outputs})
        return ReadDataResult(current=Value(_OBJECT, {**parts, "outputs": found}), diagnostics=diags)


_NOT_FOUND: Final = Diagnostic(
    summary="Unable to find remote state",
    detail="There is no state of this workspace where the block says. Apply first what writes it.",
)


def _source(parts: Mapping[str, Value], working_folder: str) -> StateSource:
    """The state that a block names."""
    config, workspace = parts["config"], parts["workspace"]
    given = {} if config.is_null else {name: _plain(value) for name, value in config.attributes.items()}
    settings = {name: value for name, value in given.items() if value is not None}
    if parts["backend"].text == "local":
        defaults = {"path": "terraform.tfstate", "workspace_dir": "terraform.tfstate.d"}
        given_texts = {} if config.is_null else {n: _text(value) for n, value in config.attributes.items()}
        settings = {n: os.path.join(working_folder, given_texts.get(n) or of) for n, of in defaults.items()}  # noqa: PTH118
    return StateSource(
        backend=parts["backend"].text,
        config=settings,
        workspace="default" if workspace.is_null else workspace.text or "default",
    )


def _plain(value: Value) -> str | bool | int | None:
    return value.raw if isinstance(value.raw, str | bool | int) else None
