"""The rule of a provider connection: from its block to a configured provider."""

from __future__ import annotations

from mooring.config.evaluation import Evaluation, decode
from mooring.config.model import ProviderConfig
from mooring.core.addresses import ModuleInstance, ModuleStep, ProviderConfigAddress
from mooring.core.diagnostics import has_errors
from mooring.core.values import Value, unmark
from mooring.lang.cells import Failed
from mooring.lang.scope import Report
from mooring.planning.providers import Providers, missing_provider
from mooring.schema.model import BlockSchema
from mooring.schema.plan import plan_block
from mooring.schema.types import empty_object
from mooring.sdk.protocols import Connection
from mooring.sdk.requests import ValidateProvider


def connect(
    evaluation: Evaluation, providers: Providers, address: ProviderConfigAddress, report: Report
) -> Connection:
    """The connection of a provider configuration. May raise `NotReady` or `Failed`."""
    schema = providers.schema(address.provider)
    if schema is None:
        report.add(missing_provider(address.provider))
        raise Failed
    block = provider_block(evaluation, address)
    value = _config_value(evaluation, address, block, schema.provider, report)
    where = block.span if block is not None else None
    plain = unmark(value)[0]
    report.extend(
        diag.at(where) for diag in providers.validate(address.provider, ValidateProvider(config=plain))
    )
    if report.has_errors:
        raise Failed
    connection, diags = providers.connect(address, plain)
    report.extend(diag.at(where) for diag in diags)
    if connection is None or has_errors(diags):
        raise Failed
    return connection


def provider_block(evaluation: Evaluation, address: ProviderConfigAddress) -> ProviderConfig | None:
    """The provider block of a configuration address, None where it is left to the defaults."""
    module = evaluation.configuration.root.descendant(address.module)
    if module is None:
        return None
    return next(
        (
            config
            for (name, alias), config in module.provider_configs.items()
            if alias == address.alias and module.providers.get(name) == address.provider
        ),
        None,
    )


def _config_value(
    evaluation: Evaluation,
    address: ProviderConfigAddress,
    block: ProviderConfig | None,
    schema: BlockSchema,
    report: Report,
) -> Value:
    if block is None:
        return empty_object(schema)
    instance: ModuleInstance = tuple(ModuleStep(name) for name in address.module)
    value = decode(block.body, plan_block(schema), evaluation.scope(instance), report)
    if report.has_errors:
        raise Failed
    return value
