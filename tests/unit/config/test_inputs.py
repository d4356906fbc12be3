"""Where values of root variables come from, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.unit.config.configurations import lines, loaded

from mooring.config.files import MemoryFiles
from mooring.config.inputs import Inputs, VarOption, collect_inputs, missing_values
from mooring.core.types import DYNAMIC
from mooring.core.values import Value, null, number, string, tuple_value


def collect(
    text: str,
    files: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    *options: str,
) -> tuple[Inputs, list[str]]:
    """Options that start with `@` name a file."""
    read = tuple(VarOption(text=each.removeprefix("@"), is_file=each.startswith("@")) for each in options)
    inputs, diags = collect_inputs(
        loaded(text), files=MemoryFiles(files or {}), environment=environment or {}, options=read
    )
    return inputs, lines(diags)


SOURCES: list[tuple[str, str | tuple[str, str]]] = [
    ("environment", ""),
    ("default file", ("terraform.tfvars", 'x = "default file"')),
    ("default json", ("terraform.tfvars.json", '{"x": "default json"}')),
    ("automatic a", ("a.auto.tfvars", 'x = "automatic a"')),
    ("automatic b", ("b.auto.tfvars.json", '{"x": "automatic b"}')),
]


@pytest.mark.parametrize("count", range(1, len(SOURCES) + 1))
def test_later_sources_win(count: int) -> None:
    files = dict(source for _, source in SOURCES[:count] if isinstance(source, tuple))
    inputs, problems = collect('variable "x" {}', files, {"TF_VAR_x": "environment"})
    assert (inputs.values, problems) == ({"x": string(SOURCES[count - 1][0])}, [])


def test_options_win_in_their_order() -> None:
    files = {"c.tfvars": 'x = "file"', "terraform.tfvars": 'x = "default"'}
    assert collect('variable "x" {}', files, None, "x=text", "@c.tfvars")[0].values == {"x": string("file")}
    assert collect('variable "x" {}', files, None, "@c.tfvars", "x=text")[0].values == {"x": string("text")}


@pytest.mark.parametrize(
    ("declared", "text", "value"),
    [
        ("", "[1]", string("[1]")),
        ("type = string", "5", string("5")),
        ("type = number", "5", number(5)),
        ("type = any", "[1]", tuple_value([number(1)])),
        ("", "", string("")),
    ],
)
def test_text_is_an_expression_where_the_type_is_not_primitive(
    declared: str, text: str, value: Value
) -> None:
    variable = f'variable "x" {{ {declared} }}' if declared else 'variable "x" {}'
    for inputs, problems in (
        collect(variable, None, None, f"x={text}"),
        collect(variable, None, {"TF_VAR_x": text}),
    ):
        assert (inputs.values, problems) == ({"x": value}, [])


def test_values_are_completed_with_defaults_of_the_type() -> None:
    text = 'variable "x" { type = object({ a = string, b = optional(number, 5) }) }'
    value = collect(text, None, None, "x={ a = 1, c = 2 }")[0].values["x"]
    assert value.attributes == {"a": string("1"), "b": number(5)}


@pytest.mark.parametrize(
    ("declared", "options", "expected"),
    [
        ("", ["x"], ["error Invalid -var option"]),
        ("", ["x =1"], ["error Invalid -var option"]),
        ("", ["x=1", "y=2"], ["error Value for undeclared variable"]),
        ("", ["@nope.tfvars"], ["error Failed to read variables file"]),
        ("type = number", ["x=abc"], ["error main.tf:1 Invalid value for input variable"]),
        (
            "type = list(string)",
            ["x=a"],
            [
                "error <value for var.x>:1 Variables not allowed",
                "error main.tf:1 No value for required variable",
            ],
        ),
        ("nullable = false", ["@null.tfvars"], ["error null.tfvars:1 Required variable not set"]),
    ],
)
def test_values_that_do_not_suit(declared: str, options: list[str], expected: list[str]) -> None:
    variable = f'variable "x" {{ {declared} }}' if declared else 'variable "x" {}'
    assert collect(variable, {"null.tfvars": "x = null"}, None, *options)[1] == expected


def test_null_stands_for_the_default_where_null_is_not_allowed() -> None:
    text = 'variable "x" {\n default = "d"\n nullable = false\n}\nvariable "y" {\n default = "d"\n}'
    inputs, _ = collect(text, {"terraform.tfvars": "x = null\ny = null"})
    assert inputs.values == {"x": string("d"), "y": null(DYNAMIC)}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("x = upper(1)", ["Function calls not allowed", "No value for required variable"]),
        ("x = var.y", ["Variables not allowed", "No value for required variable"]),
        ('variable "x" {}', ["Variable declaration in .tfvars file"]),
        ("x {}", ['Unexpected "x" block']),
    ],
)
def test_files_give_constants_only(content: str, expected: list[str]) -> None:
    _, found = collect('variable "x" {}', {"terraform.tfvars": content})
    assert [each.split(" ", 2)[2] for each in found] == expected


def test_undeclared_values_of_files_are_warnings_and_few_of_them() -> None:
    _, found = collect('variable "x" {}', {"terraform.tfvars": "x = 1\na = 1\nb = 1\nc = 1\nd = 1"})
    assert found == [
        "warning Value for undeclared variable",
        "warning Value for undeclared variable",
        "warning Values for undeclared variables",
    ]


def test_undeclared_values_of_the_environment_are_not_remarkable() -> None:
    assert collect('variable "x" {}', None, {"TF_VAR_y": "1", "TF_VAR_x": "1", "HOME": "/"})[1] == []


def test_missing_values_can_be_asked_for() -> None:
    text = 'variable "x" {}\nvariable "y" { type = number }\nvariable "z" { default = 1 }'
    inputs, found = collect(text)
    assert ([each.name for each in inputs.missing], found) == (["x", "y"], [])
    assert lines(missing_values(inputs.missing)) == [
        "error main.tf:1 No value for required variable",
        "error main.tf:2 No value for required variable",
    ]
    answered, diags = collect_inputs(
        loaded(text), files=MemoryFiles({}), environment={}, answers={"x": "a", "y": "2"}
    )
    assert (answered.values, answered.missing, diags) == ({"x": string("a"), "y": number(2)}, (), ())


def test_a_wrong_value_is_not_repeated() -> None:
    _, diags = collect_inputs(
        loaded('variable "x" { type = number }'),
        files=MemoryFiles({}),
        environment={"TF_VAR_x": "hunter2"},
    )
    assert all("hunter2" not in diag.detail for diag in diags)
