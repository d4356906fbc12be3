"""Reading: one object by id, many through a list, and what an id names for an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mooring.core.codec import Plain, from_python
from mooring.core.diagnostics import Diagnostic, Severity
from mooring.core.types import ObjectType
from mooring.sdk import (
    CallContext,
    Import,
    ImportedObject,
    ImportResult,
    Private,
    Read,
    ReadMany,
    ReadManyResult,
    ReadResult,
)
from mooring_azureml.arm.ids import collection_of, id_in, normal_id, type_of
from mooring_azureml.arm.port import ArmError, Document, Target
from mooring_azureml.arm.problems import Attempt, explain
from mooring_azureml.lifecycle.below import warn_if_gone
from mooring_azureml.lifecycle.definition import Access, Definition
from mooring_azureml.lifecycle.planning import plain
from mooring_azureml.lifecycle.secrets import record, secrets_in
from mooring_azureml.lifecycle.values import object_value
from mooring_azureml.table.differences import is_known
from mooring_azureml.table.from_arm import fields_of
from mooring_azureml.table.model import Fields
from mooring_azureml.table.notation import items, members
from mooring_azureml.table.to_arm import get_at
from mooring_azureml.table.unanswered import unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A resource type on a connection: what every operation works with."""

    definition: Definition
    access: Access
    object_type: ObjectType

    def for_object(self, fields: Fields) -> Bound:
        """The type of one object, where what it is depends on its attributes."""
        definition = self.definition.specific(self.definition, fields)
        return replace(self, definition=definition, access=definition.reach(self.access))

    def attempt(self, doing: str, resource_id: str, secrets: tuple[str, ...] = ()) -> Attempt:
        """What is being tried, for messages: `creating`, then the noun and the name."""
        name = resource_id.rpartition("/")[2]
        return Attempt(doing=f'{doing} {self.definition.noun} "{name}"', id=resource_id, secrets=secrets)

    def look(self, ctx: CallContext, resource_id: str) -> Document | ArmError:
        """The document with an id: of the resource, or of the one it is a part of."""
        return self.access.arm.get(ctx, self.definition.target(resource_id))

    def find(self, ctx: CallContext, resource_id: str) -> Document | ArmError:
        """The document of a resource of this type; a part of another one is absent while it is empty."""
        found, part = self.look(ctx, resource_id), self.definition.part
        if not part or isinstance(found, ArmError) or get_at(found, part):
            return found
        return ArmError(status=404, code="ResourceNotFound", message=f"{part} is empty.")

    def object_of(self, document: Document, reference: Fields) -> Mapping[str, Plain]:
        """The object a document stands for, spelled as in the reference; `id` is the reference's."""
        fields = {**fields_of(self.definition.table, document, reference), "id": reference.get("id")}
        return {**fields, **self.definition.observe(document, fields)}


def read(bound: Bound, ctx: CallContext, request: Read) -> ReadResult:
    """The object as it is now; None when it is gone."""
    current = plain(request.current) or {}
    found = bound.find(ctx, str(current["id"]))
    return _result(bound, ctx, found, request)


def read_many(bound: Bound, ctx: CallContext, request: ReadMany) -> ReadManyResult:
    """All objects of a parent through one paged list instead of a GET each."""
    objects = [plain(one.current) or {} for one in request.objects]
    parents = {normal_id(path): path for path in (collection_of(str(one["id"])) for one in objects)}
    listed = {key: _listed(bound, ctx, path) for key, path in parents.items()}
    return ReadManyResult(
        results=tuple(
            _result(bound, ctx, _pick(listed, str(one["id"])), asked)
            for one, asked in zip(objects, request.objects, strict=True)
        )
    )


def _listed(bound: Bound, ctx: CallContext, path: str) -> Mapping[str, Document] | ArmError:
    target = Target(id=path, api_version=bound.definition.api_version)
    pages = bound.access.arm.list_pages(ctx, target)
    if isinstance(pages, ArmError):
        return pages
    return {normal_id(str(document.get("id"))): document for document in pages}


def _pick(listed: Mapping[str, Mapping[str, Document] | ArmError], resource_id: str) -> Document | ArmError:
    found = listed[normal_id(collection_of(resource_id))]
    if isinstance(found, ArmError):
        return found
    absent = ArmError(status=404, code="ResourceNotFound", message="It is not in the list.")
    return found.get(normal_id(resource_id), absent)


def _result(bound: Bound, ctx: CallContext, found: Document | ArmError, asked: Read) -> ReadResult:
    current = plain(asked.current) or {}
    resource_id = str(current["id"])
    if isinstance(found, ArmError):
        if found.is_absent:
            return ReadResult()
        return ReadResult(diagnostics=(explain(found, bound.attempt("reading", resource_id)),))
    if not is_of_type(bound.definition, found):
        return ReadResult(diagnostics=(_other_type(bound, found, resource_id, Severity.WARNING),))
    fields = bound.object_of(found, current)
    value = object_value(fields, bound.object_type, asked.current)
    warnings = (
        *_health(bound, found, resource_id),
        *warn_if_gone(bound.definition, bound.access, ctx, fields),
    )
    return ReadResult(current=value, private=asked.private, diagnostics=warnings)


def is_of_type(definition: Definition, document: Document) -> bool:
    """Whether a document is of this type: of the computes of a workspace only some are."""
    return all(
        str(get_at(document, path)).lower() == str(value).lower()
        for path, value in definition.discriminator.items()
    )


def _other_type(bound: Bound, found: Document, resource_id: str, severity: Severity) -> Diagnostic:
    path = next(iter(bound.definition.discriminator), "type")
    return Diagnostic(
        severity=severity,
        summary="Resource of another type",
        detail=f"{resource_id} is of type {get_at(found, path)}, not a {bound.definition.noun}.",
        code="azureml.other_type",
    )


def _health(bound: Bound, found: Document, resource_id: str) -> tuple[Diagnostic, ...]:
    """A warning for what exists and does not work."""
    if str(get_at(found, "properties.provisioningState")).lower() != "failed":
        return ()
    why = provisioning_errors(found) or "Azure does not say why."
    detail = f'The {bound.definition.noun} "{resource_id.rpartition("/")[2]}" exists but failed: {why}'
    return (
        Diagnostic(
            severity=Severity.WARNING,
            summary="Resource is in a failed state",
            detail=detail,
            code="azureml.failed",
        ),
    )


def provisioning_errors(document: Document) -> str:
    """What a failed resource says about itself, as one text."""
    errors: Sequence[Plain] = items(get_at(document, "properties.provisioningErrors"))
    inner = [members(members(one).get("error") or one) for one in errors]
    return " ".join(f"{one.get('code')}: {one.get('message')}" for one in inner)


def import_object(bound: Bound, ctx: CallContext, request: Import) -> ImportResult:
    """The object with an ARM id; its type must fit. What a GET does not answer with is as its block says."""
    known = bound.definition.placement.locate(id_in(request.id))
    if known is None:
        return ImportResult(diagnostics=(_wrong_id(bound.definition, request.id),))
    bound, resource_id = bound.for_object(known), str(known["id"])
    found = bound.find(ctx, resource_id)
    if isinstance(found, ArmError):
        if found.is_absent:
            return ImportResult()
        return ImportResult(diagnostics=(explain(found, bound.attempt("reading", resource_id)),))
    if not is_of_type(bound.definition, found):
        return ImportResult(diagnostics=(_other_type(bound, found, resource_id, Severity.ERROR),))
    config = plain(request.config) or {}
    reference = {**unanswered(bound.definition.table, config), **known}
    imported = ImportedObject(
        type_name=bound.definition.type_name,
        current=from_python(bound.object_of(found, reference), bound.object_type),
        private=_private(bound, config) if request.config is not None else b"",
    )
    return ImportResult(objects=(imported,))


def _private(bound: Bound, config: Fields) -> Private:
    """The private part that remembers the secrets of a block; nothing while they are not known."""
    found = secrets_in(bound.definition.table, config)
    if bound.definition.secret_version is None or not all(is_known(value) for _, value in found):
        return b""
    return record(found, b"", bound.access.random_bytes)


def _wrong_id(definition: Definition, text: str) -> Diagnostic:
    type_name = type_of(id_in(text))
    what = f"names a {type_name}" if type_name else "is no ARM id and no address that one can be read from"
    return Diagnostic(
        summary="Invalid import ID",
        detail=f'"{text}" {what}. To import a {definition.noun}, give {definition.import_form}, as '
        "`az resource list` shows it, or its address in the portal or in the studio.",
    )
