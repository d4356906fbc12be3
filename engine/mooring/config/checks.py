"""Static checks: everything that is wrong with a module tree before anything is evaluated.

Three rounds, each only when the ones before found no error: which provider configurations are meant
(provider_checks.py), whether calls fit the modules that they call, and every block of every module against
its schema and the names it refers to. One run finds all problems of a round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from mooring.config.assembly import provider_local_name
from mooring.config.declarations.moves import without_keys
from mooring.config.ephemerals import check_root_outputs
from mooring.config.graph import Kind, Node, provider_node
from mooring.config.mistakes import Mistakes
from mooring.config.model import (
    Condition,
    Import,
    Module,
    ModuleCall,
    Output,
    ProviderConfig,
    Provisioner,
    Resource,
)
from mooring.config.names import did_you_mean
from mooring.config.places import PLAIN, Place, ReferenceChecks, repeated_place
from mooring.config.provider_checks import (
    check_chosen_configurations,
    check_passed_configurations,
    check_providers_present,
)
from mooring.config.providers import provider_address, used_configurations
from mooring.config.references import (
    parse_reference,
    reference_span,
    references_in_body,
)
from mooring.config.schema_checks import BodyFindings, SchemaNames, check_steps, walk_body
from mooring.config.targets import Target, parse_target
from mooring.core.addresses import ProviderAddress, ProviderConfigAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors, in_order, warning
from mooring.core.spans import Span
from mooring.schema.model import BlockSchema, ProviderSchema, ResourceSchema
from mooring.syntax.body import Body, Names
from mooring.syntax.nodes import AttrStep, Expression, Traversal
from mooring.syntax.static import traversals

_Schemas = Mapping[ProviderAddress, ProviderSchema]
_KINDS: Final = {
    "managed": ("Invalid resource type", "resource type", "resource"),
    "data": ("Invalid data source", "data source", "data"),
    "ephemeral": ("Invalid ephemeral resource", "ephemeral resource", "ephemeral"),
}


_ANY_INSTANCE: Final = Place(has_count=True, has_each=True)
"""Arguments of module calls: the evaluation tells whether they have `count` and `each`, as in Terraform."""


def check_configuration(root: Module, schemas: Mapping[ProviderAddress, ProviderSchema]) -> Diagnostics:
    """Everything wrong with a module tree that can be told without evaluating it.

    `schemas` holds the providers that are there; a resource of another provider is an error.
    """
    mistakes = find_mistakes(root, schemas)
    return in_order((*mistakes.general, *(diag for diags in mistakes.of.values() for diag in diags)))


def find_mistakes(root: Module, schemas: Mapping[ProviderAddress, ProviderSchema]) -> Mistakes:
    """The problems that `check_configuration` finds, by the declaration that each is about."""
    modules = tuple(root.tree())
    found: list[Diagnostic] = [*check_passed_configurations(root)]
    if not has_errors(found):
        found += check_providers_present(modules, schemas)
    if not has_errors(found):
        found += (diag for module in modules for diag in _check_calls(module))
        found += _check_import_modules(root)
        found += check_chosen_configurations(root, modules)
    own: dict[Node, Diagnostics] = {}
    later: dict[Node, Diagnostics] = {}
    unresolved: set[Node] = set()
    if not has_errors(found):
        names, used = SchemaNames(), used_configurations(root, modules)
        for module in modules:  # callers first: what a variable is given comes before its validations
            checks = _ModuleChecks(module, schemas, names, used)
            for node, diags, hidden in checks.run():
                further = (*diags, *hidden) if node in own else hidden
                later[node] = (*later.get(node, ()), *further)
                own.setdefault(node, diags)
            unresolved |= checks.unresolved
    return Mistakes((*found, *check_root_outputs(root)), own, later, frozenset(unresolved))


def check_expression(
    expression: Expression, module: Module, schemas: Mapping[ProviderAddress, ProviderSchema]
) -> Diagnostics:
    """Everything wrong with the references of an expression that belongs to no block, as in a console."""
    return _ModuleChecks(module, schemas, SchemaNames(), frozenset()).check_alone(expression)


# -- between modules -----------------------------------------------------------------------------


def _check_calls(module: Module) -> Iterator[Diagnostic]:
    """Arguments that a called module does not have, or needs and does not get."""
    for name, child in module.children.items():
        body = module.calls[name].body
        if body is not None:
            required = {each.name for each in child.variables.values() if each.default is None}
            names = Names(attributes=frozenset(child.variables), required=frozenset(required))
            _, diags = body.content(names)
            yield from diags


def _check_import_modules(root: Module) -> Iterator[Diagnostic]:
    """Imports into modules that are not there; a resource that is not there may yet be generated."""
    for each in root.imports:
        traversal = without_keys(each.to)
        target = parse_target(traversal) if traversal is not None else None
        if isinstance(target, Target) and root.descendant(target.path) is None:
            detail = f"There is no module for {target.in_config} to be in."
            yield error("Configuration for import target does not exist", detail, each.to.span)


# -- inside a module -----------------------------------------------------------------------------


class _ModuleChecks:
    """Checks one module; collects what it finds. Private to one run."""

    def __init__(
        self,
        module: Module,
        schemas: _Schemas,
        names: SchemaNames,
        used: frozenset[ProviderConfigAddress],
    ) -> None:
        self._module: Final = module
        self._used: Final = used
        self._schemas: Final = schemas
        self._names: Final = names
        self._references: Final = ReferenceChecks(module, self._block_schema)
        self._found: Final[list[Diagnostic]] = []
        self._later: Final[list[Diagnostic]] = []
        self._is_resolved = True
        self.unresolved: Final[set[Node]] = set()

    def run(self) -> Iterator[tuple[Node, Diagnostics, Diagnostics]]:
        """Every problem of the module, by declaration: what to tell now, and what later.

        Declarations that refer to nothing are `unresolved`.
        """
        for node, check in self._declarations():
            check()
            if self._found:
                yield node, tuple(self._found), tuple(self._later)
                self._found.clear()
                self._later.clear()
            if not self._is_resolved:
                self.unresolved.add(node)
                self._is_resolved = True

    def check_alone(self, expression: Expression) -> Diagnostics:
        """Every problem of the references of an expression that belongs to no block."""
        self._check_expressions((expression,), PLAIN)
        return tuple(self._found)

    def _declarations(self) -> Iterator[tuple[Node, Callable[[], None]]]:
        """What there is to check, and how."""
        module = self._module
        for name, variable in module.variables.items():
            validations = variable.validations
            yield self._node("var", name), partial(self._check_conditions, validations, PLAIN)
        for name, local in module.locals.items():
            yield self._node("local", name), partial(self._check_expressions, (local.expression,), PLAIN)
        for name, output in module.outputs.items():
            yield self._node("output", name), partial(self._check_output, output)
        for (name, alias), config in module.provider_configs.items():
            address = ProviderConfigAddress(module.path, provider_address(module, name), alias)
            yield provider_node(address), partial(self._check_provider, address, config)
        for resource in module.resources.values():
            place = repeated_place(resource)
            yield self._node("resource", *resource.key), partial(self._check_resource, resource, place)
        for call in module.calls.values():
            yield from self._call_declarations(call)
        for name, check in module.checks.items():
            place = Place(data=check.data)
            if check.data is not None:
                data = self._node("resource", *check.data.key)
                yield data, partial(self._check_resource, check.data, place)
            yield self._node("check", name), partial(self._check_assertions, check.assertions, place)
        for imported in module.imports:
            yield self._node("import", str(imported.to.span)), partial(self._check_import, imported)

    def _call_declarations(self, call: ModuleCall) -> Iterator[tuple[Node, Callable[[], None]]]:
        """A call to a module, and what it gives to the module's variables."""
        inside = (*self._module.path, call.name)
        yield Node(inside, "module", ()), partial(self._check_call, call)
        for name, argument in call.arguments.items():
            yield Node(inside, "var", (name,)), partial(self._check_expressions, (argument,), _ANY_INSTANCE)

    def _node(self, kind: Kind, *name: str) -> Node:
        return Node(self._module.path, kind, name)

    # -- expressions -------------------------------------------------------------------------------

    def _check_expressions(self, expressions: Iterable[Expression | None], place: Place) -> None:
        for expression in expressions:
            if expression is not None:
                self._check_references(traversals(expression), place)

    def _check_references(self, references: Iterable[Traversal], place: Place) -> bool:
        """Checks what is evaluated together: an expression, a body. Says whether something is wrong."""
        problems, later = self._references.check_all(references, place)
        self._found.extend(problems)
        self._later.extend(later)
        self._is_resolved = self._is_resolved and not problems
        return bool(problems)

    def _check_conditions(self, conditions: Iterable[Condition], place: Place) -> None:
        """Checks conditions; Terraform evaluates these although they lead nowhere, and says so."""
        for condition in conditions:
            self._check_anyway(condition.condition, place)
            self._check_anyway(condition.error_message, place)

    def _check_assertions(self, conditions: Iterable[Condition], place: Place) -> None:
        for condition in conditions:
            self._check_expressions((condition.condition,), place)
            self._check_anyway(condition.error_message, place)

    def _check_anyway(self, expression: Expression, place: Place) -> None:
        references = tuple(traversals(expression))
        if self._check_references(references, place) and self._references.lead_nowhere(references, place):
            self._found.extend(map(_unknown_name, references))

    def _check_depends_on(self, references: tuple[Traversal, ...]) -> None:
        """What is waited for is a whole object; the first one that is not there is told."""
        is_there = True
        for traversal in references:
            parsed = parse_reference(traversal)
            if not isinstance(parsed, Diagnostic) and parsed[1] < len(traversal.steps):
                detail = "What is waited for is a whole object, not one of its attributes."
                span = traversal.steps[parsed[1]].span.to(traversal.span)
                self._found.append(error("Invalid depends_on reference", detail, span))
            elif is_there:
                missing = tuple(self._references.check_declared(traversal))
                self._found.extend(missing)
                is_there = not missing

    # -- blocks ------------------------------------------------------------------------------------

    def _check_output(self, output: Output) -> None:
        self._check_expressions((output.expression,), PLAIN)
        self._check_conditions(output.preconditions, PLAIN)
        self._check_depends_on(output.depends_on)

    def _check_call(self, call: ModuleCall) -> None:
        self._check_expressions((call.count, call.for_each), PLAIN)
        self._check_depends_on(call.depends_on)

    def _check_provider(self, address: ProviderConfigAddress, config: ProviderConfig) -> None:
        """A configuration that no resource uses is not looked at, as in Terraform."""
        schema = self._schemas.get(address.provider)
        if schema is not None and address in self._used:
            self._walk(config.body, schema.provider, PLAIN)

    def _check_import(self, imported: Import) -> None:
        place = Place(has_each=imported.for_each is not None)
        self._check_expressions((imported.for_each,), PLAIN)
        self._check_expressions((imported.id,), place)

    def _check_resource(self, resource: Resource, place: Place) -> None:
        schema = self._resource_schema(resource)
        if schema is None:
            self._found.append(self._unknown_type(resource))
            return
        self._check_expressions((resource.count, resource.for_each), PLAIN)
        self._check_depends_on(resource.depends_on)
        is_right = self._walk(resource.body, schema.block, place)
        self._check_lifecycle(resource, schema.block, place, is_right=is_right)
        for provisioner in resource.provisioners:
            self._check_provisioner(
                provisioner, Place(has_count=place.has_count, has_each=place.has_each, own=resource)
            )
            if self._found:  # as in Terraform, one that may not be reached is not looked at
                return

    def _walk(self, body: Body, schema: BlockSchema, place: Place) -> bool:
        """Whether a body is right. What it refers to comes first: without that the rest is for later."""
        findings = BodyFindings([], [])
        walk_body(body, schema, self._names, findings)
        if self._check_references(findings.references, place):
            self._later.extend(findings.diagnostics)
            return False
        self._found.extend(findings.diagnostics)
        return not has_errors(findings.diagnostics)

    def _check_lifecycle(
        self, resource: Resource, schema: BlockSchema, place: Place, *, is_right: bool
    ) -> None:
        lifecycle = resource.lifecycle
        for traversal in (lifecycle.ignore_changes or ()) if is_right else ():
            self._found.extend(_check_ignored(traversal, schema, resource.span))
        self._check_conditions(lifecycle.preconditions, place)
        after = Place(has_count=place.has_count, has_each=place.has_each, own=resource, data=place.data)
        self._check_conditions(lifecycle.postconditions, after)

    def _check_provisioner(self, provisioner: Provisioner, place: Place) -> None:
        self._check_references(references_in_body(provisioner.body), place)
        if provisioner.connection is not None:
            self._check_references(references_in_body(provisioner.connection), place)

    # -- schemas -----------------------------------------------------------------------------------

    def _resource_schema(self, resource: Resource) -> ResourceSchema | None:
        address = provider_address(self._module, provider_local_name(resource))
        provider = self._schemas.get(address)
        if provider is None:
            return None
        match resource.mode:
            case "managed":
                return provider.resources.get(resource.type)
            case "data":
                return provider.data_sources.get(resource.type)
            case "ephemeral":
                return provider.ephemerals.get(resource.type)

    def _block_schema(self, resource: Resource) -> BlockSchema | None:
        schema = self._resource_schema(resource)
        return schema.block if schema is not None else None

    def _unknown_type(self, resource: Resource) -> Diagnostic:
        address = provider_address(self._module, provider_local_name(resource))
        provider = self._schemas[address]
        summary, kind, _ = _KINDS[resource.mode]
        known = {
            "managed": provider.resources,
            "data": provider.data_sources,
            "ephemeral": provider.ephemerals,
        }
        detail = f'Provider {address} has no {kind} "{resource.type}".'
        others = (mode for mode, types in known.items() if mode != resource.mode and resource.type in types)
        other = next(others, None)
        if other is not None:
            detail += f' Its {_KINDS[other][1]} of this name is written as a "{_KINDS[other][2]}" block.'
        elif resource.type in provider.hints:
            detail += f" {provider.hints[resource.type]}"
        else:
            detail += did_you_mean(resource.type, known[resource.mode])
        return error(summary, detail, resource.span)


def _check_ignored(traversal: Traversal, schema: BlockSchema, header: Span) -> Iterator[Diagnostic]:
    wrong = check_steps((AttrStep(traversal.root, traversal.root_span), *traversal.steps), schema)
    attribute = schema.attributes.get(traversal.root)
    if wrong is not None:
        yield wrong
    elif attribute is not None and attribute.computed and not attribute.optional and not traversal.steps:
        detail = (
            f'"{traversal.root}" is not set by the block but by the provider, so nothing of it is ignored.'
        )
        yield warning("Redundant ignore_changes element", detail, header)


def _unknown_name(traversal: Traversal) -> Diagnostic:
    """What the evaluation says of names where none has a meaning, for tools that look for it."""
    detail = f'"{traversal.root}" has no value here, because the condition refers to what is not there.'
    return error("Unknown variable", detail, reference_span(traversal, 0))
