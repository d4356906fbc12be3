"""Static checks: everything that is wrong with a module tree before anything is evaluated.

Three rounds, each only when the ones before found no error: which provider configurations are meant
(provider_checks.py), whether calls fit the modules that they call, and every block of every module against
its schema and the names it refers to. One run finds all problems of a round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from mooring.config.assembly import provider_local_name
from mooring.config.declarations.moves import without_keys
from mooring.config.ephemerals import check_root_outputs
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
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors, in_order
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
    modules = tuple(root.tree())
    found: list[Diagnostic] = [*check_passed_configurations(root)]
    if not has_errors(found):
        found += check_providers_present(modules, schemas)
    if not has_errors(found):
        found += (diag for module in modules for diag in _check_calls(module))
        found += _check_import_modules(root)
        found += check_chosen_configurations(root, modules)
    if not has_errors(found):
        names, used = SchemaNames(), used_configurations(root, modules)
        for module in modules:
            found += _ModuleChecks(module, schemas, names, used).run()
    return in_order((*found, *check_root_outputs(root)))


def check_expression(
    expression: Expression, module: Module, schemas: Mapping[ProviderAddress, ProviderSchema]
) -> Diagnostics:
    """Everything wrong with the references of an expression that belongs to no block, as in a console."""
    return tuple(_ModuleChecks(module, schemas, SchemaNames(), frozenset()).check_alone(expression))


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

    def run(self) -> list[Diagnostic]:
        """Every problem of the module."""
        module = self._module
        for variable in module.variables.values():
            self._check_conditions(variable.validations, PLAIN)
        for local in module.locals.values():
            self._check_expressions((local.expression,), PLAIN)
        for output in module.outputs.values():
            self._check_output(output)
        for config in module.provider_configs.values():
            self._check_provider(config)
        for resource in module.resources.values():
            self._check_resource(resource, repeated_place(resource))
        for call in module.calls.values():
            self._check_call(call)
        for check in module.checks.values():
            place = Place(data=check.data)
            self._check_conditions(check.assertions, place)
            if check.data is not None:
                self._check_resource(check.data, place)
        for imported in module.imports:
            self._check_import(imported)
        return self._found

    def check_alone(self, expression: Expression) -> list[Diagnostic]:
        """Every problem of the references of an expression that belongs to no block."""
        self._check_expressions((expression,), PLAIN)
        return self._found

    # -- expressions -------------------------------------------------------------------------------

    def _check_expressions(self, expressions: Iterable[Expression | None], place: Place) -> None:
        for expression in expressions:
            if expression is not None:
                self._check_references(traversals(expression), place)

    def _check_references(self, references: Iterable[Traversal], place: Place) -> None:
        for traversal in references:
            problems = self._references.check(traversal, place)
            if problems:
                self._found.extend(problems)

    def _check_conditions(self, conditions: Iterable[Condition], place: Place) -> None:
        for condition in conditions:
            self._check_expressions((condition.condition, condition.error_message), place)

    def _check_preconditions(self, conditions: tuple[Condition, ...], place: Place) -> None:
        self._check_conditions(conditions, place)
        for condition in conditions:
            self._found.extend(_unknown_self(condition))

    def _check_depends_on(self, references: tuple[Traversal, ...], place: Place | None) -> None:
        """What is waited for is a whole object. Without a place only resources and modules are looked for."""
        for traversal in references:
            parsed = parse_reference(traversal)
            if not isinstance(parsed, Diagnostic) and parsed[1] < len(traversal.steps):
                detail = "What is waited for is a whole object, not one of its attributes."
                span = traversal.steps[parsed[1]].span.to(traversal.span)
                self._found.append(error("Invalid depends_on reference", detail, span))
            elif place is not None:
                self._check_references((traversal,), place)
            else:
                self._found.extend(self._references.check_declared(traversal))

    # -- blocks ------------------------------------------------------------------------------------

    def _check_output(self, output: Output) -> None:
        self._check_expressions((output.expression,), PLAIN)
        self._check_preconditions(output.preconditions, PLAIN)
        self._check_depends_on(output.depends_on, None)

    def _check_call(self, call: ModuleCall) -> None:
        self._check_expressions((call.count, call.for_each), PLAIN)
        self._check_expressions(call.arguments.values(), _ANY_INSTANCE)
        self._check_depends_on(call.depends_on, None)

    def _check_provider(self, config: ProviderConfig) -> None:
        """A configuration that no resource uses is not looked at, as in Terraform."""
        provider = provider_address(self._module, config.local_name)
        is_used = ProviderConfigAddress(self._module.path, provider, config.alias) in self._used
        schema = self._schemas.get(provider)
        if schema is not None and is_used:
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
        self._walk(resource.body, schema.block, place)
        if resource.count is not None or resource.for_each is not None:
            self._check_expressions((resource.count, resource.for_each), PLAIN)
        if resource.depends_on:
            self._check_depends_on(resource.depends_on, place)
        self._check_lifecycle(resource, schema.block, place)
        for provisioner in resource.provisioners:
            self._check_provisioner(
                provisioner, Place(has_count=place.has_count, has_each=place.has_each, own=resource)
            )

    def _walk(self, body: Body, schema: BlockSchema, place: Place) -> None:
        findings = BodyFindings([], self._found)
        walk_body(body, schema, self._names, findings)
        self._check_references(findings.references, place)

    def _check_lifecycle(self, resource: Resource, schema: BlockSchema, place: Place) -> None:
        lifecycle = resource.lifecycle
        for traversal in lifecycle.ignore_changes or ():
            wrong = check_steps((AttrStep(traversal.root, traversal.root_span), *traversal.steps), schema)
            self._found.extend((wrong,) if wrong is not None else ())
        for trigger in lifecycle.replace_triggered_by:
            for traversal in traversals(trigger):
                self._found.extend(self._references.check_declared(traversal))
        self._check_preconditions(lifecycle.preconditions, place)
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


def _unknown_self(condition: Condition) -> Iterator[Diagnostic]:
    """What the evaluation says of `self` where it has no meaning, for tools that look for it."""
    for expression in (condition.condition, condition.error_message):
        for traversal in traversals(expression):
            if traversal.root == "self":
                detail = '"self" means nothing before the instance is there.'
                yield error("Unknown variable", detail, reference_span(traversal, 0))
