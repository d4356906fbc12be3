"""`moor console`: what it prints for expressions, and where their values come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.cli.consoles import moor

from mooring.cli.console import is_unfinished

CONFIGURATION = """
variable "given" { default = "x" }
variable "missing" { type = number }
variable "secret" {
  default   = "s"
  sensitive = true
}
locals { loud = upper(var.given) }
resource "terraform_data" "a" { input = "hello" }
module "m" { source = "./m" }
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(CONFIGURATION)
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text('output "x" { value = 5 }')
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("local.loud", '"X"'),
        ("var.missing", "(known after apply)"),
        ("var.secret", "(sensitive value)"),
        ("type(var.missing)", "number"),
        ("module.m.x", "5"),
        ("terraform_data.a.id", "(known after apply)"),
        ("1\n2", "2"),
        ("1\n\n", ""),
    ],
)
def test_the_value_of_the_last_line_is_printed(asked: str, answer: str) -> None:
    said = moor("console", answers=asked)
    assert (said.code, said.out, said.err) == (0, f"{answer}\n", "")


@pytest.mark.parametrize(
    ("asked", "summary"),
    [
        ("1 +\n2", "Missing expression"),
        ("local.nope", "Reference to undeclared local value"),
        ('1 + "a"', "Invalid operand"),
        ("[type(1)]", "Invalid use of type function"),
        ("terraform_data.b", "Reference to undeclared resource"),
    ],
)
def test_the_first_error_ends_it(asked: str, summary: str) -> None:
    said = moor("console", answers=asked)
    assert (said.code, said.out) == (1, "")
    assert f"Error: {summary}" in said.err


def test_exit_ends_it_without_a_value() -> None:
    assert moor("console", answers="1\nexit\n2").out == ""


def test_variables_can_be_set() -> None:
    assert moor("console", "-var", "missing=7", answers="var.missing").out == "7\n"


def test_resources_have_the_values_of_the_state() -> None:
    assert moor("apply", "-auto-approve", "-var", "missing=1").code == 0
    assert moor("console", answers="terraform_data.a.output").out == '"hello"\n'


def test_with_plan_resources_have_the_values_planned() -> None:
    assert moor("console", "-plan", answers="terraform_data.a.input").out == '"hello"\n'


def test_a_folder_without_configuration_will_do(folder: Path) -> None:
    (folder / "main.tf").unlink()
    assert moor("console", answers="1 + 1").out == "2\n"


@pytest.mark.parametrize(("text", "goes_on"), [("[1,", True), ("<<E", True), ("[1]", False), ('"a${', True)])
def test_open_brackets_go_on_in_the_next_line(text: str, goes_on: bool) -> None:  # noqa: FBT001
    assert is_unfinished(text) is goes_on
