"""Configurations in memory, and what is wrong with them, in one line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mooring.config.checks import check_configuration
from mooring.config.files import MemoryFiles
from mooring.config.loading import load_configuration
from mooring.config.model import Module
from mooring.core.addresses import BUILTIN_PROVIDER, ProviderAddress
from mooring.core.diagnostics import Diagnostics, has_errors, in_order
from mooring.core.types import DYNAMIC, NUMBER, STRING, ListType
from mooring.schema.model import (
    Attribute,
    BlockSchema,
    NestedBlock,
    Nesting,
    ProviderSchema,
    ResourceSchema,
)

LAB: Final = ProviderAddress("registry.terraform.io", "mooring", "lab")
KNOWN: Final = {"lab": LAB}

_RULE: Final = BlockSchema(
    attributes={"port": Attribute(type=NUMBER, required=True), "note": Attribute(type=STRING, optional=True)}
)
_MACHINE: Final = BlockSchema(
    attributes={
        "id": Attribute(type=STRING, computed=True),
        "size": Attribute(type=STRING, required=True),
        "tags": Attribute(type=ListType(STRING), optional=True),
        "extra": Attribute(type=DYNAMIC, optional=True),
    },
    blocks={
        "disk": NestedBlock(block=_RULE, nesting=Nesting.SINGLE),
        "rule": NestedBlock(block=_RULE, nesting=Nesting.LIST, max_items=2),
        "zone": NestedBlock(block=_RULE, nesting=Nesting.MAP),
    },
)
_NEEDY: Final = BlockSchema(blocks={"rule": NestedBlock(block=_RULE, nesting=Nesting.LIST, min_items=1)})
_IMAGE: Final = BlockSchema(attributes={"name": Attribute(type=STRING, optional=True)})
_DATA: Final = BlockSchema(
    attributes={
        "id": Attribute(type=STRING, computed=True),
        "input": Attribute(type=DYNAMIC, optional=True),
        "output": Attribute(type=DYNAMIC, computed=True),
        "triggers_replace": Attribute(type=DYNAMIC, optional=True),
    }
)
SCHEMAS: Final[Mapping[ProviderAddress, ProviderSchema]] = {
    BUILTIN_PROVIDER: ProviderSchema(resources={"terraform_data": ResourceSchema(block=_DATA)}),
    LAB: ProviderSchema(
        provider=BlockSchema(attributes={"region": Attribute(type=STRING, optional=True)}),
        resources={
            "lab_machine": ResourceSchema(block=_MACHINE),
            "lab_needy": ResourceSchema(block=_NEEDY),
        },
        data_sources={"lab_image": ResourceSchema(block=_IMAGE)},
    ),
}


def load(files: str | Mapping[str, str]) -> tuple[Module, Diagnostics]:
    """The module tree of some files (`main.tf` if it is one text), and what loading says of them."""
    given = {"main.tf": files} if isinstance(files, str) else files
    module, diags = load_configuration(".", files=MemoryFiles(given), known=KNOWN)
    assert module is not None
    return module, diags


def loaded(files: str | Mapping[str, str]) -> Module:
    """The module tree of files with which nothing is wrong."""
    module, diags = load(files)
    assert lines(diags) == []
    return module


def lines(diags: Diagnostics) -> list[str]:
    """Each diagnostic as `error main.tf:3 Summary`, or `error Summary` if it has no place."""
    return [
        f"{diag.severity.value} {_place(diag.subject.source.path, diag.subject.first.line)}{diag.summary}"
        if diag.subject is not None
        else f"{diag.severity.value} {diag.summary}"
        for diag in diags
    ]


def _place(path: str, line: int) -> str:
    return f"{path}:{line} "


def load_problems(files: str | Mapping[str, str]) -> list[str]:
    """What loading says of some files."""
    return lines(load(files)[1])


def problems(files: str | Mapping[str, str]) -> list[str]:
    """What loading and the static checks say of some files."""
    module, diags = load(files)
    if not has_errors(diags):
        diags = in_order((*diags, *check_configuration(module, SCHEMAS)))
    return lines(diags)
