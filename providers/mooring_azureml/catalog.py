"""Finds resource types and data sources: every module of `resources` and of `data` holds one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from mooring_azureml import data, resources
from mooring_azureml.lifecycle.definition import Definition


@cache  # a constant that takes imports to make
def resource_types() -> Mapping[str, Definition]:
    """The definitions of the resource types by type name."""
    return _definitions(resources)


@cache
def data_sources() -> Mapping[str, Definition]:
    """The definitions behind the data sources by type name: those of what they look up."""
    return _definitions(data)


def _definitions(package: ModuleType) -> Mapping[str, Definition]:
    names = sorted(module.name for module in iter_modules(package.__path__))
    modules = (import_module(f"{package.__name__}.{name}") for name in names)
    found: list[Definition] = [module.DEFINITION for module in modules]
    by_name = {definition.type_name: definition for definition in found}
    assert len(by_name) == len(found), "two modules define the same type"
    return by_name
