"""What can be imported from the emulated cloud is declared so that nothing but the import is left."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.lifecycle.moor import Moor
from tests.unit.azureml.configurations import CASES
from tests.unit.azureml.contents import CONTENT_CASES
from tests.unit.azureml.deployments import DEPLOYMENT_CASES
from tests.unit.azureml.lab import Lab
from tests.unit.azureml.neighbours import ATTACHED_CASES

from mooring.sdk.testing import Case

HEAD = """\
terraform {
  required_providers {
    azureml = { source = "mooring/azureml" }
  }
}

provider "azureml" {
  environment = "emulator"
}
"""


def imports_of(lab: Lab, cases: tuple[Case, ...]) -> str:
    """The import blocks of everything that can be imported, once it has been made."""
    blocks = [HEAD]
    for number, case in enumerate(cases):
        made = lab.create(case.type_name, case.config)
        if case.import_attribute is not None:
            identity = json.dumps(made[case.import_attribute])
            blocks.append(f"import {{\n  to = {case.type_name}.case{number}\n  id = {identity}\n}}\n")
    return "\n".join(blocks)


def with_secrets(cases: tuple[Case, ...], text: str) -> str:
    """The generated text with what nobody can read filled in by hand."""
    head, *blocks = re.split(r"^(?=resource )", text, flags=re.MULTILINE)
    return head + "".join(_filled(block, cases) for block in blocks)


def _filled(block: str, cases: tuple[Case, ...]) -> str:
    number = re.match(r'resource "\w+" "case(\d+)"', block)
    assert number is not None
    given = dict(leaves(cases[int(number[1])].config))

    def secret_block(found: re.Match[str]) -> str:
        arguments = given.get(found[1])
        assert isinstance(arguments, Mapping | None)
        lines = [f"    {name} = {json.dumps(value)}\n" for name, value in (arguments or {}).items()]
        return f"  {found[1]} {{\n{''.join(lines)}  }}" if lines else found[0]

    def fill(found: re.Match[str]) -> str:
        value = given.get(found["name"])
        return found[0] if value is None else f"{found['start']}{json.dumps(value)}"

    block = re.sub(
        r"^  # (credentials) has write-only arguments\..*$", secret_block, block, flags=re.MULTILINE
    )
    return re.sub(r"^(?P<start> +(?P<name>\w+) += )null$", fill, block, flags=re.MULTILINE)


def leaves(config: object) -> Iterator[tuple[str, object]]:
    """Every argument of a configuration at any depth."""
    if isinstance(config, Mapping):
        for name, value in config.items():
            yield str(name), value
            yield from leaves(value)
    elif isinstance(config, list):
        for each in config:
            yield from leaves(each)


def test_what_is_generated_plans_as_the_import_alone(tmp_path: Path, moor_program: str) -> None:
    cases = (*CASES, *CONTENT_CASES, *ATTACHED_CASES, *DEPLOYMENT_CASES)
    lab, moor = Lab(folder=tmp_path), Moor(moor_program, tmp_path)
    lab.build_neighbours()
    main, new = tmp_path / "main.tf", tmp_path / "new.tf"
    main.write_text(imports_of(lab, cases))
    lab.close()
    moor.try_with({}, "plan", "-input=false", "-no-color", "-generate-config-out=new.tf")
    new.write_text(with_secrets(cases, new.read_text()))

    planned = moor.run("plan", "-input=false", "-no-color")

    count = main.read_text().count("import {")
    assert count > len(CASES)
    assert f"Plan: {count} to import, 0 to add, 0 to change, 0 to destroy." in planned
