"""A folder with one resource of every type: the cases of the contract, as files that `moor` reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.unit.azureml.configurations import CASES
from tests.unit.azureml.contents import CONTENT_CASES
from tests.unit.azureml.deployments import DEPLOYMENT_CASES
from tests.unit.azureml.neighbours import ATTACHED_CASES
from tests.unit.azureml.runs import RUN_CASES

from mooring.core.codec import Json, Plain
from mooring.sdk.testing import Case

ALL_CASES: Final = (*CASES, *CONTENT_CASES, *ATTACHED_CASES, *DEPLOYMENT_CASES, *RUN_CASES)


def address_of(case: Case) -> str:
    """Where the configuration has it."""
    return f"{case.type_name}.case_{next(at for at, one in enumerate(ALL_CASES) if one is case)}"


def write_everything(folder: Path, secrets: Mapping[str, str] | None = None) -> None:
    """A configuration with every case, each after those before it.

    `secrets` are texts that the files do not hold: by each, the ephemeral variable that has it.
    """
    variables = secrets or {}
    resources: dict[str, dict[str, Json]] = {}
    done: list[Json] = []
    for case in ALL_CASES:
        type_name, _, label = address_of(case).partition(".")
        block = {name: _literal(value, variables) for name, value in case.config.items() if value is not None}
        resources.setdefault(type_name, {})[label] = {**block, "depends_on": list(done)}
        done.append(address_of(case))
    declared = {name: {"sensitive": True, "ephemeral": True} for name in variables.values()}
    document = {
        "terraform": {"required_providers": {"azureml": {"source": "mooring/azureml"}}},
        "provider": {"azureml": {"environment": "emulator"}},
        "resource": resources,
        **({"variable": declared} if declared else {}),
    }
    (folder / "main.tf.json").write_text(json.dumps(document, indent=2))


def _literal(value: Plain, variables: Mapping[str, str]) -> Json:
    """A value as the JSON syntax says it: a text there is a template."""
    if isinstance(value, str):
        return f"${{var.{variables[value]}}}" if value in variables else value.replace("${", "$${")
    if isinstance(value, Mapping):
        return {name: _literal(one, variables) for name, one in value.items() if one is not None}
    if isinstance(value, Sequence):
        return [_literal(one, variables) for one in value]
    return value  # type: ignore[return-value]  # cases hold no unknowns
