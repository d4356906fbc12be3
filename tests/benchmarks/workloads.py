"""The generated work: which files a size means, which state it starts from, which command is measured.

Must not know how a run is measured, nor which engine runs it. All of it is `terraform_data`, the one type
that both engines bring along.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

CHAIN = 10
"""Blocks of a flat configuration that refer to each other in a row."""

PLAN = ("plan", "-input=false", "-no-color")
APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")
DESTROY = ("destroy", "-auto-approve", "-input=false", "-no-color")
GET = ("get", "-no-color")
VALIDATE = ("validate", "-no-color")
NO_CHANGES = ("plan", "-detailed-exitcode", "-input=false", "-no-color")

Lines = Iterator[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One kind of work; `ends_with` tells how many instances the state holds afterwards.

    `sizes` are for work that is always measured at these; empty, at those that are asked for.
    """

    name: str
    arguments: tuple[str, ...]
    files: Callable[[int], Lines]
    state: Callable[[int], Lines] | None = None
    sizes: tuple[int, ...] = ()
    ends_with: Callable[[int], int] | None = None

    def prepare(self, folder: Path, size: int) -> None:
        """Writes the files of this size into an empty folder."""
        _write(folder / "main.tf", self.files(size))
        if self.state is not None:
            _write(folder / "terraform.tfstate", self.state(size))


def _write(path: Path, lines: Lines) -> None:
    """Writes in pieces: this process must stay small, its memory is inherited by what it measures."""
    with path.open("w") as file:
        while piece := "".join(islice(lines, 1000)):
            file.write(piece)


def _block(index: int, value: str) -> str:
    return f'resource "terraform_data" "item_{index}" {{\n  input = {value}\n}}\n\n'


def _previous(index: int) -> str:
    return f"terraform_data.item_{index - 1}.output"


def flat(size: int) -> Lines:
    """Blocks in chains of ten."""
    for index in range(size):
        yield _block(index, _previous(index) if index % CHAIN else f'"value {index}"')


def chain(size: int) -> Lines:
    """Blocks of which each refers to the one before."""
    for index in range(size):
        yield _block(index, _previous(index) if index else '"value"')


def for_each(size: int) -> Lines:
    """One block over a map of objects."""
    yield "locals {\n  items = {\n"
    for index in range(size):
        item = f'name = "item {index}", size = {index}, zones = ["a", "b"], enabled = true'
        yield f'    "item-{index}" = {{ {item} }}\n'
    yield "  }\n}\n\n"
    yield 'resource "terraform_data" "item" {\n  for_each = local.items\n  input    = each.value\n}\n'


def blocks(size: int) -> Lines:
    """Blocks as people write them: nested values, references and a template in each."""
    yield 'variable "group" {\n  type    = string\n  default = "lab"\n}\n\n'
    for index in range(size):
        yield (
            f'resource "terraform_data" "item_{index}" {{\n'
            "  input = {\n"
            f'    name    = "item {index} of ${{var.group}}"\n'
            f"    size    = {index}\n"
            '    zones   = ["a", "b"]\n'
            '    enabled = var.group != "none"\n'
            "  }\n"
            "}\n\n"
        )


def for_expression(size: int) -> Lines:
    """One `for` with a template over a list of strings."""
    words = " ".join(f"word{index}" for index in range(size))
    yield f'locals {{\n  words = split(" ", "{words}")\n}}\n\n'
    yield 'output "count" {\n  value = length([for index, word in local.words : "${index} ${word}"])\n}\n'


def tiny(_size: int) -> Lines:
    """Two blocks and an output."""
    yield _block(0, '"value"') + _block(1, _previous(1))
    yield 'output "last" {\n  value = terraform_data.item_1.output\n}\n'


def nothing(_size: int) -> Lines:
    """No files' worth of text."""
    yield ""


def flat_state(size: int) -> Lines:
    """The state, in format version 4, that applying the flat blocks leaves behind."""
    head = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": str(UUID(int=1)),
        "outputs": {},
    }
    yield json.dumps(head)[:-1] + ', "resources": ['
    for index in range(size):
        yield (", " if index else "") + json.dumps(_resource_state(index))
    yield '], "check_results": null}\n'


def _resource_state(index: int) -> dict[str, object]:
    first = index - index % CHAIN
    value = {"value": f"value {first}", "type": "string"}
    attributes = {"id": str(UUID(int=index)), "input": value, "output": value, "triggers_replace": None}
    instance: dict[str, object] = {"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}
    if index > first:
        instance["dependencies"] = [f"terraform_data.item_{each}" for each in range(first, index)]
    return {
        "mode": "managed",
        "type": "terraform_data",
        "name": f"item_{index}",
        "provider": 'provider["terraform.io/builtin/terraform"]',
        "instances": [instance],
    }


def _all(size: int) -> int:
    return size


def _none(_size: int) -> int:
    return 0


WORKLOADS = (
    Workload(name="plan", arguments=PLAN, files=flat),
    Workload(name="for_each", arguments=PLAN, files=for_each),
    Workload(name="chain", arguments=PLAN, files=chain),
    Workload(name="no-op", arguments=NO_CHANGES, files=flat, state=flat_state, ends_with=_all),
    Workload(name="apply", arguments=APPLY, files=flat, ends_with=_all),
    Workload(name="destroy", arguments=DESTROY, files=flat, state=flat_state, ends_with=_none),
    Workload(name="parse", arguments=GET, files=blocks, sizes=(5_000,)),
    Workload(name="for", arguments=VALIDATE, files=for_expression, sizes=(100_000,)),
    Workload(name="tiny", arguments=PLAN, files=tiny, sizes=(1,)),
    Workload(name="version", arguments=("version",), files=nothing, sizes=(1,)),
)
