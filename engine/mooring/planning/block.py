"""What is known of an instance's block, and the object that its provider finds for it."""

from __future__ import annotations

from mooring.config.arguments import placed
from mooring.config.model import Resource
from mooring.core.addresses import InstanceAddress, ProviderConfigAddress
from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.core.records import record
from mooring.core.values import NULL, Value
from mooring.lang.cells import Failed
from mooring.lang.scope import Report
from mooring.planning.decide import invalid_object
from mooring.planning.providers import TypeInfo
from mooring.schema.form import check_known_object


@record(kw_only=True)
class Block:
    """A resource instance's block with all that is known of its type, and its evaluated configuration."""

    address: InstanceAddress
    resource: Resource
    provider: ProviderConfigAddress
    info: TypeInfo
    config: Value


def accepted(block: Block, current: Value | None, diags: Diagnostics, report: Report) -> Value:
    """The object that a provider found for a block, which keeps to its schema. May raise `Failed`."""
    address, resource = str(block.address), block.resource
    report.extend(placed(diag.of(address), resource.body, resource.span) for diag in diags)
    if has_errors(diags):
        raise Failed
    value = current if current is not None else NULL
    violations = check_known_object(value, block.info.type)
    if violations:
        problem = invalid_object(address, block.provider.provider.type, violations)
        report.add(problem.of(address).at(resource.span))
        raise Failed
    return value
