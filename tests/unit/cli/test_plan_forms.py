"""What `show -json` says of saved plans, and what becomes of unusual configurations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from consoles import moor

CHECKED_MODULE = """\
variable "v" {
  default = 1
}
resource "terraform_data" "i" {
  input = var.v
}
check "c" {
  assert {
    condition     = var.v == 2
    error_message = "v is ${var.v}"
  }
}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def planned(folder: Path, text: str, *words: str, code: int = 0) -> Any:
    """The JSON form of the plan of a configuration."""
    (folder / "main.tf").write_text(text)
    assert moor("plan", "-out=p", *words).code == code
    return json.loads(moor("show", "-json", "p").out)


def reasons(form: Any) -> dict[str, str | None]:
    """Why each object changes."""
    return {each["address"]: each.get("action_reason") for each in form["resource_changes"]}


def test_checks_in_a_module_with_count_are_told_by_instance(folder: Path) -> None:
    (folder / "m").mkdir()
    (folder / "m" / "main.tf").write_text(CHECKED_MODULE)
    form = planned(folder, 'module "m" {\n  source = "./m"\n  count  = 2\n}\n')
    (check,) = form["checks"]
    assert check["address"] == {
        "kind": "check",
        "module": "module.m",
        "name": "c",
        "to_display": "module.m.check.c",
    }
    assert [each["address"]["module"] for each in check["instances"]] == ["module.m[0]", "module.m[1]"]
    assert moor("apply", "p").code == 0
    assert json.loads(moor("show", "-json").out)["checks"] == form["checks"]


def test_checked_instances_and_outputs_are_told_by_key_and_kind(folder: Path) -> None:
    text = (
        'resource "terraform_data" "a" {\n  for_each = toset(["x"])\n  lifecycle {\n    precondition {\n'
        '      condition     = each.key == "x"\n      error_message = "No."\n    }\n  }\n}\n'
        'output "o" {\n  value = 1\n  precondition {\n    condition     = length(terraform_data.a) == 1\n'
        '    error_message = "No."\n  }\n}\n'
    )
    resource, output = planned(folder, text)["checks"]
    assert resource["instances"][0]["address"] == {
        "instance_key": "x",
        "to_display": 'terraform_data.a["x"]',
    }
    assert output["address"] == {"kind": "output_value", "name": "o", "to_display": "output.o"}


def test_what_changes_is_told_with_the_attributes_it_is_made_of(folder: Path) -> None:
    (folder / "m").mkdir()
    (folder / "m" / "main.tf").write_text(
        'resource "terraform_data" "i" {}\noutput "o" { value = terraform_data.i }\n'
    )
    text = 'module "m" { source = "./m" }\nresource "terraform_data" "a" { input = module.m.o.id }\n'
    assert planned(folder, text)["relevant_attributes"] == [
        {"resource": "module.m.terraform_data.i", "attribute": []}
    ]


def test_every_provider_that_the_root_names_is_told(folder: Path) -> None:
    text = (
        "terraform {\n  required_providers {\n"
        '    tf = { source = "terraform.io/builtin/terraform" }\n  }\n}\n'
        'resource "terraform_data" "a" {\n  provider = tf\n  provisioner "local-exec" {\n'
        '    command = "echo ${self.id}"\n  }\n}\noutput "o" { value = resource.terraform_data.a.id }\n'
    )
    form = planned(folder, text)["configuration"]
    assert sorted(form["provider_config"]) == ["terraform", "tf"]
    assert form["root_module"]["resources"][0]["provisioners"] == [
        {"type": "local-exec", "expressions": {"command": {"references": ["self.id", "self"]}}}
    ]
    assert form["root_module"]["outputs"]["o"]["expression"]["references"] == [
        "terraform_data.a.id",
        "terraform_data.a",
    ]


def test_a_replacement_that_was_asked_for_is_because_it_was(folder: Path) -> None:
    planned(folder, 'resource "terraform_data" "a" { triggers_replace = 1 }\n')
    moor("apply", "p")
    text = 'resource "terraform_data" "a" { triggers_replace = 2 }\n'
    assert reasons(planned(folder, text)) == {"terraform_data.a": "replace_because_cannot_update"}
    form = planned(folder, text, "-replace=terraform_data.a")
    assert reasons(form) == {"terraform_data.a": "replace_by_request"}


def test_outputs_stay_when_only_a_part_is_destroyed(folder: Path) -> None:
    text = 'resource "terraform_data" "a" { input = 1 }\noutput "o" { value = terraform_data.a.input }\n'
    planned(folder, text)
    moor("apply", "p")
    assert moor("apply", "-destroy", "-auto-approve", "-target=terraform_data.a").code == 0
    assert json.loads(moor("output", "-json").out)["o"]["value"] == 1


def test_a_block_that_depends_on_itself_says_nothing(folder: Path) -> None:
    text = 'resource "terraform_data" "a" { depends_on = [terraform_data.a] }\n'
    assert reasons(planned(folder, text)) == {"terraform_data.a": None}


def test_a_block_that_refers_to_itself_fails_the_plan_of_the_others_not(folder: Path) -> None:
    text = 'resource "terraform_data" "a" { input = terraform_data.a.id }\nresource "terraform_data" "b" {}\n'
    form = planned(folder, text, code=1)
    assert (form["errored"], reasons(form)) == (True, {"terraform_data.b": None})


def test_moves_that_cannot_be_leave_no_plan(folder: Path) -> None:
    (folder / "main.tf").write_text(
        'resource "terraform_data" "a" {}\nmoved {\n  from = terraform_data.a\n  to   = terraform_data.b\n}\n'
    )
    said = moor("plan", "-json", "-out=p")
    told = [json.loads(line)["type"] for line in said.out.splitlines()]
    assert (said.code, told, (folder / "p").exists()) == (1, ["version", "diagnostic"], False)


def test_files_that_are_wrong_are_not_searched_for_what_they_refer_to(folder: Path) -> None:
    (folder / "main.tf").write_text('variable "x" {}\nvariable "x" {}\nlocals {\n  a = var.nope\n}\n')
    said = json.loads(moor("validate", "-json").out)
    assert [each["summary"] for each in said["diagnostics"]] == ["Duplicate variable declaration"]
