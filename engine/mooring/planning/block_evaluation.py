"""From an instance's address to its block: evaluated, decoded with its schema, checked by its provider."""

from __future__ import annotations

from mooring.config.arguments import placed
from mooring.config.providers import resolve_provider
from mooring.core.addresses import InstanceAddress
from mooring.core.values import unmark
from mooring.lang.cells import Failed
from mooring.lang.scope import Report
from mooring.planning.block import Block
from mooring.planning.run import PlanRun
from mooring.sdk.requests import ValidateResource


def evaluate_block(run: PlanRun, address: InstanceAddress, report: Report) -> Block:
    """The block of an instance. May raise `NotReady` or `Failed`."""
    module = run.evaluation.module(address.resource.module)
    resource = module.resource(address.resource[1:])
    assert resource is not None
    provider = resolve_provider(run.configuration.root, module.path, resource)
    info = run.providers.type_info(provider.provider, resource.mode, resource.type)
    if info is None:
        raise Failed  # the static checks have said so
    config = run.evaluation.config_value(address, resource, info.plan, report)
    if not report.has_errors:
        request = ValidateResource(config=unmark(config)[0])
        diags = run.providers.validate_resource(info.provider, info.name, request)
        report.extend(placed(diag.of(str(address)), resource.body, resource.span) for diag in diags)
    if report.has_errors:
        raise Failed
    return Block(address=address, resource=resource, provider=provider, info=info, config=config)
