"""Finds resource types and data sources: every module of `resources` and of `data` holds one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeVar

from mooring_azureml import data, resources
from mooring_azureml.common import TIMEOUTS
from mooring_azureml.inquiry import Inquiry
from mooring_azureml.lifecycle.definition import Definition


@cache  # a constant that takes imports to make
def resource_types() -> Mapping[str, Definition]:
    """The definitions of the resource types by type name; all of them take timeouts."""
    found: Mapping[str, Definition] = _definitions(resources)
    return {name: replace(one, table=(*one.table, TIMEOUTS)) for name, one in found.items()}


@cache
def data_sources() -> Mapping[str, Definition | Inquiry]:
    """What is behind the data sources by type name: what a resource type is, or an inquiry."""
    return _definitions(data)


_Found = TypeVar("_Found", Definition, Definition | Inquiry)


def _definitions(package: ModuleType) -> Mapping[str, _Found]:
    names = sorted(module.name for module in iter_modules(package.__path__))
    modules = (import_module(f"{package.__name__}.{name}") for name in names)
    found: list[_Found] = [module.DEFINITION for module in modules]
    by_name = {definition.type_name: definition for definition in found}
    assert len(by_name) == len(found), "two modules define the same type"
    return by_name
