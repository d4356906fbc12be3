"""Data sources that are no resource type: a schema, and a function that answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from mooring.core.codec import from_python
from mooring.core.diagnostics import Diagnostic
from mooring.core.types import NUMBER, STRING, ListType, ObjectType, Type
from mooring.sdk import (
    Attribute,
    BlockSchema,
    CallContext,
    ReadData,
    ReadDataResult,
    ResourceSchema,
    object_type,
)
from mooring_azureml.arm.port import ArmError
from mooring_azureml.arm.problems import Attempt, explain_lookup
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.lifecycle.planning import plain
from mooring_azureml.table.model import Fields

Answer: TypeAlias = Callable[[Access, CallContext, Fields], Fields | ArmError | Diagnostic]
"""The computed attributes, for the configured ones. Reads only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """A data source. `noun` is what messages call what is looked up."""

    type_name: str
    noun: str
    attributes: Mapping[str, Attribute]
    answer: Answer
    description: str

    @property
    def schema(self) -> ResourceSchema:
        """The schema, with the `id` that every object has."""
        identity = Attribute(type=STRING, computed=True, description="What was looked up.")
        return ResourceSchema(
            block=BlockSchema(attributes={"id": identity, **self.attributes}, description=self.description)
        )


class InquirySource:
    """The data source of an inquiry, on a connection."""

    def __init__(self, inquiry: Inquiry, access: Access) -> None:
        self._inquiry = inquiry
        self._access = access
        self.schema = inquiry.schema

    def read(self, ctx: CallContext, request: ReadData) -> ReadDataResult:
        """The answer, or why there is none."""
        config = plain(request.config) or {}
        found = self._inquiry.answer(self._access, ctx, config)
        if isinstance(found, ArmError):
            about = str(config.get("workspace_id") or config.get("location") or "")
            found = explain_lookup(found, Attempt(doing=f"reading {self._inquiry.noun}", id=about))
        if isinstance(found, Diagnostic):
            return ReadDataResult(diagnostics=(found,))
        values = {**config, **found}
        return ReadDataResult(current=from_python(values, object_type(self.schema.block)))


# -- attributes ----------------------------------------------------------------------------------


def asked(description: str, *, required: bool = True, kind: Type = STRING) -> Attribute:
    """An argument."""
    return Attribute(type=kind, required=required, optional=not required, description=description)


def told(description: str, *, kind: Type = STRING) -> Attribute:
    """An attribute of the answer."""
    return Attribute(type=kind, computed=True, description=description)


def rows(description: str, *, texts: tuple[str, ...], numbers: tuple[str, ...] = ()) -> Attribute:
    """A list of objects with these attributes."""
    columns: dict[str, Type] = {**dict.fromkeys(texts, STRING), **dict.fromkeys(numbers, NUMBER)}
    return told(description, kind=ListType(ObjectType(columns)))
