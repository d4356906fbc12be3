"""Configuration for objects that `import` blocks take over and nothing declares yet.

Each object is found and read, as a plan would do it, and described in the language. What comes of it is a
file to add to the configuration; the plan is made with it as with any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mooring.config.assembly import FILE_NAMES, implied_local_name
from mooring.config.declarations.moves import without_keys
from mooring.config.declarations.resources import read_resource
from mooring.config.evaluation import Configuration, decode
from mooring.config.generation import resource_text
from mooring.config.model import Import, Module
from mooring.config.providers import resolve_local_name
from mooring.config.statements import check_statements
from mooring.config.targets import Target, parse_target
from mooring.core.addresses import ConfigAddress, ProviderConfigAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.paths import Attr
from mooring.core.values import Value, null, unmark
from mooring.lang.cells import Failed, Key, NotReady
from mooring.lang.scope import Report
from mooring.planning.imports import Wanted, find_object, import_id, import_targets
from mooring.planning.planner import look_up
from mooring.planning.providers import Providers, TypeInfo, missing_provider
from mooring.planning.run import PlanOptions, PlanRun
from mooring.sdk.requests import ValidateResource
from mooring.state.store import Opened
from mooring.syntax import parse_file
from mooring.syntax.nodes import IndexExpression, IndexStep, Traversal

_SUMMARY = "Configuration for import target does not exist"
_HEAD = """\
# Written by "moor plan -generate-config-out" for review: read it, and move it where it belongs.
"""


def generated_configuration(
    configuration: Configuration, opened: Opened, providers: Providers, options: PlanOptions
) -> tuple[str, Diagnostics]:
    """The text of a file that declares what is imported and not declared; empty if there is none."""
    root = configuration.root
    missing = dict(_undeclared(root))
    refused = (
        *check_statements(root, generates_configuration=True),
        *(diag for target, block in missing.items() for diag in _check(root, providers, target, block)),
    )
    if not missing or has_errors(refused):
        return "", refused
    texts, diags = look_up(
        configuration,
        opened,
        providers,
        options,
        lambda run, report: tuple(_describe_all(run, missing, report)),
    )
    return "\n".join([_HEAD, *texts]) if texts else "", (*refused, *diags)


def _undeclared(root: Module) -> Iterator[tuple[ConfigAddress, Import]]:
    for block in root.imports:
        traversal = without_keys(block.to)
        target = parse_target(traversal) if traversal is not None else None
        if isinstance(target, Target):
            module = root.descendant(target.path)
            if module is not None and (target.mode, target.type, target.name) not in module.resources:
                yield target.in_config, block


def _check(root: Module, providers: Providers, target: ConfigAddress, block: Import) -> Iterator[Diagnostic]:
    """Why a declaration cannot be generated."""
    if target.module:
        detail = (
            f"{target} is not declared, and declarations are generated for the root module alone. Declare it "
            "in its module."
        )
        yield error(_SUMMARY, detail, block.to.span)
    elif block.for_each is not None or _has_key(block):
        detail = (
            f"{target} is not declared. Declarations of resources with count or for_each are not generated, "
            "because nobody but you knows what the instances have in common: write the resource block."
        )
        yield error(_SUMMARY, detail, block.to.span)
    else:
        address = _provider(root, target, block).provider
        if providers.schema(address) is None:
            yield missing_provider(address).at(block.span)
        elif providers.type_info(address, "managed", target.type) is None:
            detail = f"Provider {address} has no resource type {target.type}."
            yield error("Invalid resource type", detail, block.to.span)


def _has_key(block: Import) -> bool:
    to = block.to
    return isinstance(to, IndexExpression) or (
        isinstance(to, Traversal) and any(isinstance(step, IndexStep) for step in to.steps)
    )


def _provider(root: Module, target: ConfigAddress, block: Import) -> ProviderConfigAddress:
    chosen = block.provider
    name = chosen.local_name if chosen is not None else implied_local_name(target.type)
    return resolve_local_name(root, (), name, chosen.alias if chosen is not None else None)


def _describe_all(run: PlanRun, missing: Mapping[ConfigAddress, Import], report: Report) -> Iterator[str]:
    """The blocks of all resources; what they need is asked for together. May raise `NotReady`."""
    needs: list[Key] = []
    for target, block in missing.items():
        try:
            yield _describe(run, target, block, report)
        except NotReady as stopped:
            needs += stopped.needs
        except Failed:
            continue  # it has been reported
    if needs:
        raise NotReady(tuple(needs))


def _describe(run: PlanRun, target: ConfigAddress, block: Import, report: Report) -> str:
    """The block of one resource. May raise `NotReady` or `Failed`."""
    provider = _provider(run.configuration.root, target, block)
    info = run.providers.type_info(provider.provider, "managed", target.type)
    assert info is not None  # `_check` has seen to it
    [(address, import_target)] = import_targets(run, target, report).items()
    id_ = import_id(run, import_target, report)
    wanted = Wanted(address=address, id=id_, provider=provider, span=block.span)
    value = find_object(run, wanted, report).prior.value
    chosen = block.provider
    alias = f".{chosen.alias}" if chosen is not None and chosen.alias is not None else ""
    named = f"{chosen.local_name}{alias}" if chosen is not None else None
    text = resource_text(target.type, target.name, value, info.schema.block, named)
    while excess := _in_excess(run, info, text):
        left = {**value.attributes, excess: null(value.attributes[excess].type)}
        value = Value(value.type, left, value.marks)
        text = resource_text(target.type, target.name, value, info.schema.block, named)
    return text


def _in_excess(run: PlanRun, info: TypeInfo, text: str) -> str | None:
    """An argument that the provider refuses, and that it works out by itself where it is left out.

    What a service answers with may be more than a block can say, as an id and the address that it has.
    """
    body, _ = parse_file("", text.encode())
    content, _ = body.content(FILE_NAMES)
    resource, _ = read_resource(content.blocks[0])
    config = unmark(decode(resource.body, info.plan, run.evaluation.scope(()), Report()))[0]
    request = ValidateResource(config=config)
    for diag in run.providers.validate_resource(info.provider, info.name, request):
        step = diag.path[0] if diag.is_error and diag.path else None
        if isinstance(step, Attr) and not config.attributes[step.name].is_null:
            attribute = info.schema.block.attributes.get(step.name)
            if attribute is not None and attribute.optional and attribute.computed:
                return step.name
    return None
