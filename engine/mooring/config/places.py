"""What a reference may refer to where it stands, and whether what it refers to is declared.

Owns every problem of a reference that can be told without evaluating anything. The rules are those of
https://developer.hashicorp.com/terraform/language/expressions/references.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from mooring.config.model import Module, ModuleCall, Resource
from mooring.config.names import did_you_mean
from mooring.config.references import (
    CountRef,
    EachRef,
    LocalRef,
    ModuleRef,
    PathRef,
    ResourceRef,
    SelfRef,
    TerraformRef,
    VariableRef,
    parse_reference,
    reference_span,
)
from mooring.config.schema_checks import check_steps
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import record
from mooring.schema.model import BlockSchema
from mooring.syntax.nodes import AttrStep, Traversal, TraversalStep

_PATHS: Final = ("module", "root", "cwd")
_TERRAFORM: Final = ("workspace", "applying")
_MODE_NAMES: Final = {"managed": "resource", "data": "data source", "ephemeral": "ephemeral resource"}
_NAMES: Final = (VariableRef, LocalRef, PathRef, TerraformRef, EachRef, CountRef)
SchemaOf = Callable[[Resource], BlockSchema | None]


@record(kw_only=True)
class Place:
    """What a block offers to the expressions in it.

    `own` is the resource that `self` means; `data` the data source that only this `check` block has.
    """

    has_count: bool = False
    has_each: bool = False
    own: Resource | None = None
    data: Resource | None = None


PLAIN: Final = Place()


def repeated_place(block: Resource | ModuleCall) -> Place:
    """The place inside a block that may have `count` or `for_each`."""
    if block.count is None and block.for_each is None:
        return PLAIN
    return Place(has_count=block.count is not None, has_each=block.for_each is not None)


class ReferenceChecks:
    """Checks references inside one module. Holds what is looked up again and again; changes nothing."""

    def __init__(self, module: Module, schema_of: SchemaOf) -> None:
        self._module: Final = module
        self._schema_of: Final = schema_of
        self._where: Final = f"module.{'.module.'.join(module.path)}" if module.path else "the root module"
        self._scoped: Final = {check.data.key for check in module.checks.values() if check.data is not None}

    def check_all(self, references: Iterable[Traversal], place: Place) -> tuple[Diagnostics, Diagnostics]:
        """What is wrong with references that are evaluated together: what to tell now, and what later.

        As in Terraform, whether there are such resources and modules comes first: as long as there are not,
        other names are for later.
        """
        found: list[Diagnostic] = []
        named: list[Diagnostic] = []
        is_there = True
        for traversal in references:
            problems = self.check(traversal, place)
            if not problems:
                continue
            (named if _is_name(traversal) else found).extend(problems)
            is_there = is_there and not _leads_nowhere(traversal)
        return ((*found, *named), ()) if is_there else (tuple(found), tuple(named))

    def lead_nowhere(self, references: Iterable[Traversal], place: Place) -> bool:
        """Whether some of these name resources or modules that are not there, or `self` in vain."""
        return any(self.check(each, place) and _leads_nowhere(each) for each in references)

    def check(self, traversal: Traversal, place: Place) -> Iterable[Diagnostic]:
        """Everything wrong with one reference."""
        parsed = parse_reference(traversal)
        if isinstance(parsed, Diagnostic):
            return (parsed,)
        reference, consumed = parsed
        match reference:
            case VariableRef(name):
                return () if name in self._module.variables else self._undeclared_variable(name, traversal)
            case LocalRef(name):
                return () if name in self._module.locals else self._undeclared_local(name, traversal)
            case ResourceRef():
                return self._check_resource(reference, traversal, consumed, place)
            case ModuleRef():
                return self._check_module(reference, traversal, consumed)
            case PathRef(name):
                return () if name in _PATHS else _wrong_attribute("path", name, _PATHS, traversal)
            case TerraformRef(name):
                return (
                    () if name in _TERRAFORM else _wrong_attribute("terraform", name, _TERRAFORM, traversal)
                )
            case EachRef(name):
                return _check_each(name, traversal, place)
            case CountRef(name):
                return _check_count(name, traversal, place)
            case SelfRef():
                return self._check_self(traversal, place)
            case _:
                return ()

    def check_declared(self, traversal: Traversal) -> Iterable[Diagnostic]:
        """An error if a reference names a resource or module that is not there; nothing else is looked at."""
        parsed = parse_reference(traversal)
        if isinstance(parsed, Diagnostic):
            return (parsed,)
        match parsed:
            case ResourceRef(mode, type_, name) as reference, consumed:
                is_there = (mode, type_, name) in self._module.resources
                return () if is_there else self._undeclared_resource(reference, traversal, consumed)
            case ModuleRef(name) as reference, consumed:
                return (
                    () if name in self._module.calls else self._check_module(reference, traversal, consumed)
                )
            case _:
                return ()

    # -- variables and locals ----------------------------------------------------------------------

    def _undeclared_variable(self, name: str, traversal: Traversal) -> Iterable[Diagnostic]:
        detail = f"{self._where_is(f'variable {name!r}')}{did_you_mean(name, self._module.variables)}"
        return (error("Reference to undeclared input variable", detail, reference_span(traversal, 1)),)

    def _undeclared_local(self, name: str, traversal: Traversal) -> Iterable[Diagnostic]:
        detail = f"{self._where_is(f'local value {name!r}')}{did_you_mean(name, self._module.locals)}"
        return (error("Reference to undeclared local value", detail, reference_span(traversal, 1)),)

    def _where_is(self, what: str) -> str:
        return f"There is no {what} in {self._where}.".replace("'", '"')

    # -- resources ---------------------------------------------------------------------------------

    def _check_resource(
        self, reference: ResourceRef, traversal: Traversal, consumed: int, place: Place
    ) -> Iterable[Diagnostic]:
        key = (reference.mode, reference.type, reference.name)
        resource = self._module.resources.get(key)
        if resource is None and place.data is not None and place.data.key == key:
            resource = place.data
        if resource is None:
            return self._undeclared_resource(reference, traversal, consumed)
        following = traversal.steps[consumed:]
        misplaced = _check_instance_key(resource, reference, traversal, consumed)
        if misplaced is not None:
            return (misplaced, *self._check_steps(resource, following))
        if not following:
            return ()
        return self._check_steps(resource, following)

    def _check_steps(self, resource: Resource, steps: tuple[TraversalStep, ...]) -> Iterable[Diagnostic]:
        schema = self._schema_of(resource)
        wrong = check_steps(steps, schema) if schema is not None else None
        return (wrong,) if wrong is not None else ()

    def _undeclared_resource(
        self, reference: ResourceRef, traversal: Traversal, consumed: int
    ) -> Iterable[Diagnostic]:
        span = reference_span(traversal, consumed)
        mode, type_, name = reference.mode, reference.type, reference.name
        if (mode, type_, name) in self._scoped:
            detail = f'Only the "check" block that data.{type_}.{name} stands in can refer to it.'
            return (error("Reference to scoped resource", detail, span),)
        detail = f'There is no {_MODE_NAMES[mode]} "{type_}" "{name}" in {self._where}.'
        if mode == "managed" and ("data", type_, name) in self._module.resources:
            detail += f" Did you mean data.{type_}.{name}?"
        else:
            same_type = [key[2] for key in self._module.resources if key[:2] == (mode, type_)]
            detail += did_you_mean(name, same_type) or self._similar_type(mode, type_, name)
        return (error("Reference to undeclared resource", detail, span),)

    def _similar_type(self, mode: str, type_: str, name: str) -> str:
        types = {key[1] for key in self._module.resources if (key[0], key[2]) == (mode, name)}
        return did_you_mean(type_, sorted(types))

    # -- modules -----------------------------------------------------------------------------------

    def _check_module(
        self, reference: ModuleRef, traversal: Traversal, consumed: int
    ) -> Iterable[Diagnostic]:
        call = self._module.calls.get(reference.name)
        if call is None:
            name = reference.name
            detail = (
                f'There is no module call "{name}" in {self._where}.{did_you_mean(name, self._module.calls)}'
            )
            return (error("Reference to undeclared module", detail, reference_span(traversal, consumed)),)
        child = self._module.children.get(reference.name)
        if child is None or reference.output is None:
            return ()
        step = traversal.steps[consumed - 1].span
        if call.count is not None and reference.key is None:
            detail = f'It has "count", so an output belongs to an instance, as module.{call.name}[0].'
            return (error("Unsupported attribute", detail, step),)
        is_output = call.for_each is None or reference.key is not None
        if is_output and reference.output not in child.outputs:
            hint = did_you_mean(reference.output, child.outputs)
            detail = f'Module "{call.name}" has no output "{reference.output}".{hint}'
            return (error("Unsupported attribute", detail, step),)
        return ()

    # -- self --------------------------------------------------------------------------------------

    def _check_self(self, traversal: Traversal, place: Place) -> Iterable[Diagnostic]:
        if place.own is not None:
            return self._check_steps(place.own, traversal.steps)
        detail = '"self" has a meaning in provisioner, connection and postcondition blocks only.'
        return (error('Invalid "self" reference', detail, traversal.root_span),)


def _is_name(traversal: Traversal) -> bool:
    """Whether a reference is looked up by its name alone, and not in a resource, a module or `self`."""
    parsed = parse_reference(traversal)
    return not isinstance(parsed, Diagnostic) and isinstance(parsed[0], _NAMES)


def _leads_nowhere(traversal: Traversal) -> bool:
    """Whether a reference that is wrong is well-formed, and names a resource, a module or `self`."""
    return not isinstance(parse_reference(traversal), Diagnostic) and not _is_name(traversal)


def _check_instance_key(
    resource: Resource, reference: ResourceRef, traversal: Traversal, consumed: int
) -> Diagnostic | None:
    """An error if a key is missing or stands where there is none."""
    name = f"{resource.type}.{resource.name}"
    if resource.is_single:
        if reference.key is None:
            return None
        detail = f'{name} has neither "count" nor "for_each", so it has one instance, without a key.'
        return error("Unexpected resource instance key", detail, reference_span(traversal, consumed))
    if reference.key is not None or consumed == len(traversal.steps):
        return None
    if not isinstance(traversal.steps[consumed], AttrStep):
        return None
    argument, example = ("count", "count.index") if resource.count is not None else ("for_each", "each.key")
    detail = f'{name} has "{argument}", so an attribute belongs to an instance, as {name}[{example}].'
    return error("Missing resource instance key", detail, reference_span(traversal, consumed))


def _wrong_attribute(
    root: str, name: str, known: tuple[str, ...], traversal: Traversal
) -> Iterable[Diagnostic]:
    if root == "terraform" and name == "env":
        detail = 'What was terraform.env once is "terraform.workspace" now.'
    else:
        names = " or ".join(f"{root}.{each}" for each in known)
        detail = f'"{root}" has no attribute "{name}". Write {names}.{did_you_mean(name, known)}'
    return (error(f'Invalid "{root}" attribute', detail, reference_span(traversal, 1)),)


def _check_each(name: str, traversal: Traversal, place: Place) -> Iterable[Diagnostic]:
    if name not in ("key", "value"):
        return _wrong_attribute("each", name, ("key", "value"), traversal)
    if place.has_each:
        return ()
    detail = 'There is a current element in "resource", "data" and "module" blocks with "for_each" only.'
    summary = "each.value cannot be used in this context"
    if name == "key":
        summary = 'Reference to "each" in context without for_each'
    return (error(summary, detail, reference_span(traversal, 1)),)


def _check_count(name: str, traversal: Traversal, place: Place) -> Iterable[Diagnostic]:
    if name != "index":
        return _wrong_attribute("count", name, ("index",), traversal)
    if place.has_count:
        return ()
    detail = 'There is a current index in "resource", "data" and "module" blocks with "count" only.'
    return (error('Reference to "count" in non-counted context', detail, reference_span(traversal, 1)),)
