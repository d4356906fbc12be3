"""`moor metadata functions -json` tells the signatures that Terraform tells, in words of our own.

`function_signatures.json` holds what `terraform metadata functions -json` of 1.11.4 says, but for the
descriptions and for the names in `core::`, whose signatures are the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.cli.consoles import moor

RECORDED: dict[str, Any] = json.loads(Path(__file__).with_name("function_signatures.json").read_text())


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    form = json.loads(moor("metadata", "functions", "-json").out)
    assert form.keys() == {"format_version", "function_signatures"}
    signatures: dict[str, Any] = form["function_signatures"]
    return signatures


def parts(signature: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The signature itself and each of its parameters."""
    yield signature
    yield from signature.get("parameters", ())
    yield from [signature["variadic_parameter"]] if "variadic_parameter" in signature else []


def without_descriptions(form: Any) -> Any:
    if isinstance(form, list):
        return [without_descriptions(each) for each in form]
    if isinstance(form, dict):
        return {name: without_descriptions(each) for name, each in form.items() if name != "description"}
    return form


def test_signatures_agree(told: dict[str, Any]) -> None:
    expected = RECORDED | {f"core::{name}": signature for name, signature in RECORDED.items()}
    assert expected == without_descriptions(told)


def test_every_function_and_parameter_is_described(told: dict[str, Any]) -> None:
    bare = [
        f"{name}: {part.get('name', name)}"
        for name, signature in told.items()
        for part in parts(signature)
        if not part["description"]
    ]
    assert bare == []
