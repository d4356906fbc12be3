"""The modules that runs test: loaded once, checked for what overrides name, given the tests' providers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mooring.config.declarations.requirements import Known, implied_address
from mooring.config.files import join
from mooring.config.loading import NOT_INSTALLED
from mooring.config.model import Module, ProviderConfig
from mooring.config.sources import is_local
from mooring.config.test_files.model import Mock, Override, ProviderName, Run, TestedModule, TestFile
from mooring.core.addresses import ProviderConfigAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors, in_order, warning
from mooring.core.records import record, replace
from mooring.lang.scope import Scope
from mooring.syntax import parse_file
from mooring.testing.bed import Load
from mooring.testing.bodies import WorkedOutBody

_BESIDE: Final = ""
Modules = Mapping[str, Module]


def load_tested(files: Iterable[TestFile], load: Load) -> tuple[Modules, Diagnostics]:
    """Every module that a run tests, by its source, and what is wrong with their files."""
    loaded: dict[str, Module] = {}
    found: list[Diagnostic] = []
    beside, diags = load(".")
    found += diags
    if beside is not None:
        loaded[_BESIDE] = beside
    tested = [run.module for file in files for run in file.runs if run.module is not None]
    for module in tested:
        if module.source in loaded:
            continue
        root, diags = load(join(".", module.source)) if is_local(module.source) else (None, ())
        if root is None:
            found.append(_not_there(module))
            continue
        found += diags
        loaded[module.source] = root
    return loaded, in_order(found)


def _not_there(module: TestedModule) -> Diagnostic:
    if is_local(module.source):
        detail = f'The folder "{module.source}" is not there or cannot be read. It is seen from this folder.'
    else:
        detail = (
            f'The module "{module.source}" of a registry cannot be fetched for tests. Copy it into a folder '
            "of this configuration, and test that."
        )
    return error(NOT_INSTALLED, detail, module.span)


def source_of(run: Run) -> str:
    """The key of a run's module among those that were loaded."""
    return run.module.source if run.module is not None else _BESIDE


# -- overrides -----------------------------------------------------------------------------------


def check_file_overrides(file: TestFile, modules: Modules) -> Diagnostics:
    """Warnings for what a file, or a mock of it, overrides and no module of its runs has."""
    mocks = [each for each in file.providers.values() if isinstance(each, Mock)]
    overrides = (*file.overrides, *(override for mock in mocks for override in mock.overrides))
    sources = {_BESIDE, *map(source_of, file.runs)}
    roots = [modules[source] for source in sorted(sources) if source in modules]
    return tuple(_nothing_there(each) for each in overrides if not _is_in_any(each, roots))


def check_run_overrides(run: Run, root: Module) -> Diagnostics:
    """Warnings for what a run overrides and its module does not have."""
    return tuple(_nothing_there(each) for each in run.overrides if not _is_in_any(each, [root]))


def _is_in_any(override: Override, roots: Iterable[Module]) -> bool:
    target = override.target
    modules = (root.descendant(target.path) for root in roots)
    if target.is_module:
        return any(module is not None for module in modules)
    key = target.mode, target.type, target.name
    return any(module is not None and module.resource(key) is not None for module in modules)


def _nothing_there(override: Override) -> Diagnostic:
    detail = f"The configuration under test has no {override.target}, so nothing is overridden here."
    return warning("Invalid override target", detail, override.target.span)


# -- providers -----------------------------------------------------------------------------------


@record(kw_only=True, eq=False)
class Equipped:
    """A module under test with the providers of a test file, and those of them that are mocked."""

    root: Module
    mocks: Mapping[ProviderConfigAddress, Mock]


def equip(root: Module, file: TestFile, run: Run, scope: Scope, known: Known) -> tuple[Equipped, Diagnostics]:
    """The module with the provider configurations of the test file, or those that the run chooses.

    What nothing in the module tree uses is left out. `scope` is that of the file's provider blocks.
    """
    chosen, diags = _chosen(file, run)
    if has_errors(diags) or not chosen:
        return Equipped(root=root, mocks={}), diags
    used = {address for module in root.tree() for address in module.providers.values()}
    configs, providers = dict(root.provider_configs), dict(root.providers)
    mocks: dict[ProviderConfigAddress, Mock] = {}
    for (local_name, alias), provider in chosen.items():
        address = providers.get(local_name) or implied_address(local_name, known)
        if address not in used:
            continue
        providers[local_name] = address
        configs.pop((local_name, alias), None)
        if isinstance(provider, Mock):
            mocks[ProviderConfigAddress((), address, alias)] = provider
        if alias is not None or not isinstance(provider, Mock):
            configs[local_name, alias] = _config(local_name, alias, provider, scope)
    return Equipped(root=replace(root, provider_configs=configs, providers=providers), mocks=mocks), ()


def _chosen(file: TestFile, run: Run) -> tuple[Mapping[ProviderName, ProviderConfig | Mock], Diagnostics]:
    """What the file declares, or what the run takes of it under the module's names."""
    if not run.providers:
        return file.providers, ()
    chosen: dict[ProviderName, ProviderConfig | Mock] = {}
    found: list[Diagnostic] = []
    for inside, reference in run.providers.items():
        provider = file.providers.get((reference.local_name, reference.alias))
        if provider is not None:
            chosen[inside] = provider
            continue
        name = reference.local_name + (f".{reference.alias}" if reference.alias else "")
        detail = f'This file has no provider or mock_provider block for "{name}", which the run chooses.'
        found.append(error(f"Missing provider definition for {name}", detail, reference.span))
    return chosen, tuple(found)


def _config(
    local_name: str, alias: str | None, provider: ProviderConfig | Mock, scope: Scope
) -> ProviderConfig:
    """The configuration of a provider as the module under test sees it; of a mocked one, an empty one."""
    if isinstance(provider, Mock):
        empty, _ = parse_file(provider.span.source.path, b"")
        return ProviderConfig(local_name=local_name, alias=alias, body=empty, span=provider.span)
    body = WorkedOutBody(provider.body, scope)
    return ProviderConfig(local_name=local_name, alias=alias, body=body, span=provider.span)
