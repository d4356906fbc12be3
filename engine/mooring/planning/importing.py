"""`import` of one object by itself: found by its id and recorded, with no plan made.

The object is recorded as its provider reads it; what its block says differently is the next plan's affair.
"""

from __future__ import annotations

from mooring.config.evaluation import Configuration
from mooring.config.model import Module
from mooring.config.providers import resolve_provider
from mooring.core.addresses import InstanceAddress, format_module, module_path
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.records import replace
from mooring.core.values import Value
from mooring.lang.cells import Failed
from mooring.lang.scope import Report
from mooring.planning.block_evaluation import evaluate_block
from mooring.planning.imports import Imported, Wanted, find_object
from mooring.planning.objects import object_state
from mooring.planning.planner import look_up
from mooring.planning.providers import Providers
from mooring.planning.run import PlanOptions, PlanRun
from mooring.state.edits import with_instances
from mooring.state.model import InstanceState, State
from mooring.state.store import Opened


def check_import(root: Module, state: State, address: InstanceAddress) -> Diagnostics:
    """Why nothing can be imported at an address, as far as files and state tell."""
    module = root.descendant(module_path(address.resource.module))
    if module is None:
        where = format_module(address.resource.module)
        detail = f"{where} is not in the configuration. Add its module block before importing into it."
        return (error("Import to non-existent module", detail),)
    if address.resource[1:] not in module.resources:
        return (_undeclared(address),)
    instance = state.instances.get(address)
    if instance is not None and instance.current is not None:
        detail = (
            f"The state has an object at {address} already. Forget it first, if you want another one there: "
            f"moor state rm '{address}'."
        )
        return (error("Resource already managed by Terraform", detail),)
    return ()


def wanted_at(root: Module, address: InstanceAddress, id_: str) -> Wanted:
    """The object of this id, wanted at an address against which `check_import` has nothing."""
    path = module_path(address.resource.module)
    module = root.descendant(path)
    assert module is not None
    resource = module.resources[address.resource[1:]]
    return Wanted(address=address, id=id_, provider=resolve_provider(root, path, resource))


def import_one(
    configuration: Configuration,
    opened: Opened,
    providers: Providers,
    options: PlanOptions,
    wanted: Wanted,
) -> tuple[State | None, Diagnostics]:
    """The state with an object recorded that exists; None beside an error.

    What is wrong with its block is the next plan's affair.
    """

    def described(run: PlanRun, report: Report) -> Value:
        return _config(run, wanted.address, report)

    def find(run: PlanRun, report: Report) -> _Found:
        return _find(run, replace(wanted, config=config), report)

    config, _ = look_up(configuration, opened, providers, options, described)
    found, diags = look_up(configuration, opened, providers, options, find)
    if found is None or has_errors(diags):
        return None, diags
    return with_instances(opened.state, dict([_recorded(found, wanted, providers)])), diags


_Found = tuple[Imported, PlanRun]


def _config(run: PlanRun, address: InstanceAddress, report: Report) -> Value:
    if not _is_declared(run, address):
        raise Failed
    return evaluate_block(run, address, report).config


def _is_declared(run: PlanRun, address: InstanceAddress) -> bool:
    return address in run.evaluation.instances_of(address.resource.in_config)


def _find(run: PlanRun, wanted: Wanted, report: Report) -> _Found:
    if not _is_declared(run, wanted.address):
        detail = (
            f"The configuration does not have {wanted.address}. Check the key, and the count or for_each of "
            "the resource and of the modules around it."
        )
        report.add(error("Configuration for import target does not exist", detail))
        raise Failed
    return find_object(run, wanted, report), run


def _recorded(found: _Found, wanted: Wanted, providers: Providers) -> tuple[InstanceAddress, InstanceState]:
    imported, run = found
    address = wanted.address
    info = providers.type_info(wanted.provider.provider, "managed", address.resource.type)
    assert info is not None
    stored = object_state(
        imported.prior.value,
        info,
        private=imported.prior.private,
        dependencies=run.dependencies[address.resource.in_config],
        create_before_destroy=address.resource.in_config in run.creates_first,
    )
    before = run.state.instances.get(address)
    deposed = before.deposed if before is not None else {}
    return address, InstanceState(provider=wanted.provider, current=stored, deposed=deposed)


def _undeclared(address: InstanceAddress) -> Diagnostic:
    resource = address.resource
    where = format_module(resource.module) or "the root module"
    detail = (
        f"Declare it in {where} first. To begin with:\n\n"
        f'resource "{resource.type}" "{resource.name}" {{\n  # arguments\n}}\n\n'
        'Or let an import block and "moor plan -generate-config-out=FILE" write the declaration.'
    )
    return error(f'Resource address "{address}" does not exist in the configuration', detail)
