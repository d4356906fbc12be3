"""Planning towards objects as they were recorded once, in place of a configuration: what `undo` plans.

An object's block is made up from what is recorded of it: everything that can be configured has the value that
it had. Write-only arguments are never recorded; they are those of the configuration as it is now. From there
the plan is one like any other: the provider plans the way, and the contract holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from mooring.config.arguments import resource_block
from mooring.config.evaluation import Evaluation
from mooring.config.model import Resource
from mooring.core.addresses import InstanceAddress
from mooring.core.diagnostics import Diagnostic, warning
from mooring.core.paths import Attr
from mooring.core.records import replace
from mooring.core.spans import Source, Span
from mooring.core.values import Value, null, unmark
from mooring.lang.cells import Failed
from mooring.lang.scope import Report
from mooring.planning.block import Block
from mooring.planning.decide import Desired, decide
from mooring.planning.model import Action, OutputChange, PlannedChange
from mooring.planning.moves import MovedState
from mooring.planning.objects import recorded_value
from mooring.planning.outputs import output_change, recorded_output
from mooring.planning.providers import Providers, TypeInfo
from mooring.planning.run import PlanRun
from mooring.schema.model import Attribute, BlockSchema, NestedBlock
from mooring.schema.parts import is_present, map_nested, with_attributes
from mooring.schema.types import has_flag, is_write_only
from mooring.sdk.requests import ValidateResource
from mooring.state.edits import moved
from mooring.state.model import InstanceState, ObjectState, State
from mooring.syntax import parse_file

_NO_BLOCKS: Mapping[str, NestedBlock] = {}


def restored_instances(state: State) -> Iterator[InstanceAddress]:
    """The instances whose objects are brought back: all but those of data sources."""
    for address, instance in state.instances.items():
        if address.resource.mode == "managed" and instance.current is not None:
            yield address


def moved_back(state: State, target: State) -> MovedState:
    """The state with every object at the address that it has in `target`; objects are known by their id."""
    before = {_identity(each, of): each for each, of in _missing(target, state)}
    moves = {
        address: before[identity]
        for address, instance in _missing(state, target)
        if (identity := _identity(address, instance)) in before
    }
    previous = {new: old for old, new in moves.items()}
    return MovedState(state=moved(state, moves) if moves else state, previous=previous)


def _missing(state: State, elsewhere: State) -> Iterator[tuple[InstanceAddress, ObjectState]]:
    """The objects of a state at addresses that another one does not have."""
    for address in restored_instances(state):
        current = state.instances[address].current
        if address not in elsewhere.instances and current is not None and current.attributes.get("id"):
            yield address, current


def _identity(address: InstanceAddress, of: ObjectState) -> tuple[str, str]:
    return address.resource.type, str(of.attributes["id"])


# -- planning ------------------------------------------------------------------------------------


def plan_restored(
    run: PlanRun, address: InstanceAddress, target: InstanceState, report: Report
) -> PlannedChange:
    """The change that brings an object back to what `target` records. May raise `NotReady` or `Failed`."""
    desired = _desired(run, address, target, report)
    secrets = write_only_parts(run.evaluation, address, desired.info)
    found = run.found(address)
    wanted = replace(desired, config=_with_parts(desired.config, secrets))
    change, diags = decide(wanted, found.prior if found is not None else None)
    report.extend(diag.of(str(address)) for diag in diags)
    if change is None:
        raise Failed
    change = replace(change, config=desired.config, previous_address=run.previous.get(address))
    run.changes[address, None] = change
    return change


def _desired(run: PlanRun, address: InstanceAddress, target: InstanceState, report: Report) -> Desired:
    """The instance as it was recorded; of a block that is still there only `prevent_destroy` counts."""
    info = run.providers.type_info(target.provider.provider, "managed", address.resource.type)
    recorded = target.current
    assert recorded is not None
    if info is None:
        raise Failed  # refreshing says so, if it exists
    kind = run.connection(target.provider, address).resource(info.name)
    value, diags = recorded_value(recorded, info, kind)
    report.extend(diag.of(str(address)) for diag in diags)
    if value is None:
        raise Failed
    resource = resource_block(run.configuration.root, address.resource)
    return Desired(
        address=address,
        provider=target.provider,
        info=info,
        kind=kind,
        config=_accepted(run, info, configured(value, info.schema.block)),
        prevent_destroy=resource is not None and resource.lifecycle.prevent_destroy,
        create_before_destroy=recorded.create_before_destroy,
        dependencies=recorded.dependencies,
        definition=resource.span if resource is not None else None,
    )


def _accepted(run: PlanRun, info: TypeInfo, config: Value) -> Value:
    """The configuration less what the provider works out by itself and refuses to be told."""
    request = ValidateResource(config=unmark(config)[0])
    for diag in run.providers.validate_resource(info.provider, info.name, request):
        step = diag.path[0] if diag.is_error and diag.path else None
        if not isinstance(step, Attr) or config.attributes[step.name].is_null:
            continue
        attribute = info.schema.block.attributes.get(step.name)
        if attribute is not None and attribute.optional and attribute.computed:
            left = {**config.attributes, step.name: null(config.attributes[step.name].type)}
            return _accepted(run, info, with_attributes(config, left))
    return config


def write_only_parts(evaluation: Evaluation, address: InstanceAddress, info: TypeInfo) -> Mapping[str, Value]:
    """The write-only arguments that the configuration has for an instance now; none if it has no block.

    May raise `NotReady`.
    """
    names = [name for name, each in info.schema.block.attributes.items() if each.write_only]
    resource = resource_block(evaluation.configuration.root, address.resource)
    if not names or resource is None:
        return {}
    report = Report()
    try:
        if address not in evaluation.instances_of(address.resource.in_config):
            return {}
        value = evaluation.config_value(address, resource, info.plan, report)
    except Failed:
        return {}
    return {} if report.has_errors else {name: value.attributes[name] for name in names}


def _with_parts(value: Value, parts: Mapping[str, Value]) -> Value:
    return with_attributes(value, {**value.attributes, **parts}) if parts else value


def configured(value: Value, block: BlockSchema) -> Value:
    """The part of an object that a block can say; what only the provider decides is null."""
    return _configured(block.attributes, block.blocks, value)


def _configured(
    attributes: Mapping[str, Attribute], blocks: Mapping[str, NestedBlock], value: Value
) -> Value:
    if not is_present(value):
        return value
    parts: dict[str, Value] = {}
    for name, part in value.attributes.items():
        attribute = attributes.get(name)
        if attribute is not None:
            parts[name] = _configured_attribute(attribute, part)
        else:
            block = blocks[name].block
            inner = partial(_configured, block.attributes, block.blocks)
            parts[name] = map_nested(part, blocks[name].nesting, inner)
    return with_attributes(value, parts)


def _configured_attribute(attribute: Attribute, value: Value) -> Value:
    if not (attribute.required or attribute.optional):
        return null(value.type)
    if attribute.nested is None:
        return value
    inner = partial(_configured, attribute.nested.attributes, _NO_BLOCKS)
    return map_nested(value, attribute.nested.nesting, inner)


def restored_outputs(state: State, target: State) -> tuple[OutputChange, ...]:
    """How the root outputs change."""
    return tuple(
        output_change(
            name,
            recorded_output(state.outputs.get(name)),
            recorded_output(target.outputs.get(name)),
            sensitive=(target.outputs.get(name) or state.outputs[name]).sensitive,
        )
        for name in sorted({*state.outputs, *target.outputs})
    )


# -- applying ------------------------------------------------------------------------------------


def restored_block(change: PlannedChange, providers: Providers, evaluation: Evaluation) -> Block:
    """The block that stands for a change whose configuration is part of the plan. May raise `NotReady`."""
    address, config = change.address, change.config
    info = providers.type_info(change.provider.provider, "managed", address.resource.type)
    assert info is not None
    assert config is not None
    config = _with_parts(config, write_only_parts(evaluation, address, info))
    body, _ = parse_file("", b"")
    resource = Resource(
        mode="managed",
        type=address.resource.type,
        name=address.resource.name,
        body=body,
        span=change.definition or Span(Source("", ""), 0, 0),
    )
    return Block(address=address, resource=resource, provider=change.provider, info=info, config=config)


# -- what cannot be undone -----------------------------------------------------------------------


def undo_warnings(run: PlanRun, changes: Iterable[PlannedChange]) -> Iterator[Diagnostic]:
    """What the plan cannot bring back."""
    restored = [each for each in changes if each.config is not None]
    anew = [str(each.address) for each in restored if each.action in {Action.CREATE, Action.REPLACE}]
    if anew:
        detail = (
            f"{_listed(anew)} made anew from what was recorded. What was inside is not brought back, and ids "
            "that the service chooses are new ones."
        )
        yield warning("Objects are made anew", detail)
    secret = [str(each.address) for each in restored if _lacks_secrets(run, each)]
    if secret:
        detail = (
            f"{_listed(secret)} planned without write-only arguments: they are never recorded, and the "
            "configuration does not declare them now. Where they had changed they stay as they are, and what "
            "is made anew has none."
        )
        yield warning("Write-only arguments are not known", detail)


def _listed(addresses: list[str]) -> str:
    shown = ", ".join(addresses[:5])
    more = f" and {len(addresses) - 5} more" if len(addresses) > 5 else ""
    return f"{shown}{more} {'is' if len(addresses) == 1 else 'are'}"


def _lacks_secrets(run: PlanRun, change: PlannedChange) -> bool:
    """Whether an object that is brought back has write-only arguments, and no block that would say them."""
    resource = change.address.resource
    if change.action is Action.NO_OP:
        return False
    info = run.providers.type_info(change.provider.provider, "managed", resource.type)
    is_declared = resource_block(run.configuration.root, resource) is not None
    return info is not None and has_flag(info.schema.block, is_write_only) and not is_declared
