"""Commands against the real engine, in a folder of their own."""

from __future__ import annotations

import json
from os import environ
from pathlib import Path

import pytest
from consoles import moor

MAIN = """\
variable "word" {
  type    = string
  default = "one"
}
resource "terraform_data" "a" {
  input = var.word
}
output "word" {
  value = terraform_data.a.output
}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(MAIN)
    return tmp_path


def test_plan_exits_with_2_for_changes_only_if_asked() -> None:
    assert (moor("plan").code, moor("plan", "-detailed-exitcode").code) == (0, 2)


def test_apply_asks_and_only_yes_is_yes(folder: Path) -> None:
    said = moor("apply", answers="y\n")
    assert said.code == 1
    assert said.out.endswith("  Enter a value: \nApply cancelled.\n")
    assert not (folder / "terraform.tfstate").exists()
    assert "Apply complete! Resources: 1 added, 0 changed, 0 destroyed." in moor("apply", answers="yes\n").out


@pytest.mark.parametrize("words", [["apply"], ["apply", "-input=false"]])
def test_without_anybody_to_ask_nothing_is_applied(words: list[str], folder: Path) -> None:
    said = moor(*words)
    assert said.code == 1
    assert "Error: Approval is needed" in said.err
    assert not (folder / "terraform.tfstate").exists()


def test_a_missing_variable_is_asked_for(folder: Path) -> None:
    (folder / "main.tf").write_text('variable "v" { description = "What?" }\noutput "v" { value = var.v }\n')
    said = moor("plan", answers="given\n")
    assert "var.v\n  What?\n\n  Enter a value: " in said.out
    assert '+ v = "given"' in said.out
    refused = moor("plan", environment={"TF_INPUT": "0"})
    assert "No value for required variable" in refused.err


def test_the_whole_life_of_a_configuration(folder: Path) -> None:
    assert moor("init").code == 0
    assert moor("apply", "-auto-approve").code == 0
    assert moor("output", "word").out == '"one"\n'
    assert moor("state", "list").out == "terraform_data.a\n"
    assert '    input  = "one"\n' in moor("state", "show", "terraform_data.a").out
    assert "No changes." in moor("plan").out
    assert moor("drift").code == 0
    assert moor("drift", "-var", "word=two").code == 3
    assert "Destroy complete! Resources: 1 destroyed." in moor("destroy", "-auto-approve").out
    assert moor("show").out == "The state is empty: it records no resources and no outputs.\n"
    assert (folder / "terraform.tfstate").exists()


def test_drift_writes_nothing(folder: Path) -> None:
    moor("apply", "-auto-approve")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert moor("drift", "-var=word=two").code == 3
    assert before == {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_drift_as_json_is_one_document() -> None:
    moor("apply", "-auto-approve")
    said = moor("drift", "-json", "-var=word=two")
    form = json.loads(said.out)
    assert (form["status"], form["pending"][0]["address"]) == ("pending", "terraform_data.a")
    assert form["pending"][0]["differences"][0]["place"] == {"filename": "main.tf", "line": 6, "column": 3}


def test_a_saved_plan_is_applied_once_with_the_files_it_was_made_from(folder: Path) -> None:
    assert moor("plan", "-out=p").code == 0
    assert (folder / "p").stat().st_mode & 0o777 == 0o600
    (folder / "main.tf").write_text("")
    assert moor("apply", "p").code == 0
    again = moor("apply", "p")
    assert (again.code, "Error: Saved plan is stale" in again.err) == (1, True)


def test_a_saved_plan_takes_no_decisions_any_more() -> None:
    moor("plan", "-out=p")
    said = moor("apply", "-destroy", "p")
    assert (said.code, "Can't set -destroy when applying a saved plan" in said.err) == (1, True)


def test_a_variable_may_only_be_repeated_beside_a_saved_plan() -> None:
    moor("plan", "-var=word=x", "-out=p")
    said = moor("apply", "-var=word=y", "p")
    assert (said.code, "Can't change variable when applying a saved plan" in said.err) == (1, True)
    assert moor("apply", "-var=word=x", "p").code == 0


def test_files_of_variables_are_read_for_mistakes_beside_a_saved_plan(folder: Path) -> None:
    moor("plan", "-out=p")
    (folder / "terraform.tfvars").write_text("other = 1\n")
    said = moor("apply", "p")
    assert (said.code, "Value for undeclared variable" in said.out + said.err) == (0, True)


def test_an_ephemeral_variable_is_not_in_a_saved_plan_and_given_again(folder: Path) -> None:
    (folder / "main.tf").write_text(
        'variable "token" {\n  type      = string\n  ephemeral = true\n}\n'
        'resource "terraform_data" "a" {\n  provisioner "local-exec" {\n'
        '    command = "echo ${var.token} > token"\n  }\n}\n'
    )
    moor("plan", "-var=token=hunter2", "-out=p")
    assert b"hunter2" not in (folder / "p").read_bytes()
    said = moor("apply", "p")
    assert (said.code, "No value for required variable" in said.err) == (1, True)
    assert moor("apply", "-var=token=hunter3", "p", environment=dict(environ)).code == 0
    assert (folder / "token").read_text() == "hunter3\n"


@pytest.mark.parametrize(
    "words",
    [
        ("show", "-json"),
        ("output", "-json"),
        ("output", "-state=terraform.tfstate"),
        ("state", "list"),
        ("state", "pull"),
        ("workspace", "list"),
        ("workspace", "select", "default"),
    ],
)
def test_what_reads_the_state_minds_broken_files(words: tuple[str, ...], folder: Path) -> None:
    moor("apply", "-auto-approve")
    (folder / "more.tf").write_text('variable "word" {}\n')
    said = moor(*words)
    assert (said.code, said.out, "Duplicate variable declaration" in said.err) == (1, "", True)


@pytest.mark.parametrize(
    "text", ["locals {\n  a = var.nope\n}\n", 'terraform {\n  required_version = "> 9"\n}\n']
)
def test_what_reads_the_state_does_not_mind_what_the_files_mean(text: str, folder: Path) -> None:
    moor("apply", "-auto-approve")
    (folder / "more.tf").write_text(text)
    assert [moor("show", "-json").code, moor("output", "-json").code, moor("state", "list").code] == [0, 0, 0]


def test_a_template_in_a_json_string_is_read_when_it_is_used(folder: Path) -> None:
    (folder / "more.tf.json").write_text('{"output": {"o": {"value": "${1 +}"}}}')
    assert [moor("init").code, moor("show").code, moor("validate").code] == [0, 0, 1]


def test_refresh_needs_nobody_s_approval_as_a_stream() -> None:
    moor("apply", "-auto-approve")
    said = moor("refresh", "-json")
    told = [json.loads(line)["type"] for line in said.out.splitlines()]
    assert (said.code, told[:3]) == (0, ["version", "refresh_start", "refresh_complete"])


def test_a_plan_with_errors_is_saved_for_show_but_not_applied(folder: Path) -> None:
    (folder / "main.tf").write_text(
        'variable "n" {\n  default = 1\n  validation {\n    condition     = var.n > 1\n'
        '    error_message = "More."\n  }\n}\noutput "o" { value = var.n }\n'
    )
    assert moor("plan", "-out=p").code == 1
    assert json.loads(moor("show", "-json", "p").out)["errored"]
    assert "Error: Cannot apply incomplete plan" in moor("apply", "p").err


def test_show_takes_a_plan_a_state_or_nothing() -> None:
    assert moor("show").out == "No state.\n"
    moor("plan", "-out=p")
    assert "Plan: 1 to add, 0 to change, 0 to destroy.\n" in moor("show", "p").out
    moor("apply", "p")
    assert moor("show").out == moor("show", "terraform.tfstate").out
    assert json.loads(moor("show", "-json").out)["format_version"] == "1.0"
    form = json.loads(moor("show", "-json", "p").out)
    assert (form["format_version"], form["resource_changes"][0]["address"]) == ("1.2", "terraform_data.a")
    assert form["variables"] == {"word": {"value": "one"}}
    assert form["timestamp"] == "2026-01-02T03:04:05Z"
    assert moor("show", "nothing").code == 1


def test_validate_reports_every_problem_in_both_forms(folder: Path) -> None:
    (folder / "main.tf").write_text('output "a" { value = var.x }\noutput "b" { value = local.y }\n')
    said = moor("validate")
    assert (said.code, said.err.count("Error: ")) == (1, 2)
    form = json.loads(moor("validate", "-json").out)
    assert (form["valid"], form["error_count"]) == (False, 2)
    (folder / "main.tf").write_text("")
    assert moor("validate").out == "Success! The configuration is valid.\n\n"


def test_an_empty_folder_has_no_configuration(folder: Path) -> None:
    (folder / "main.tf").unlink()
    assert "Error: No configuration files" in moor("plan").err
    assert (moor("init").code, "initialized in an empty directory" in moor("init").out) == (0, True)


def test_without_files_validate_succeeds_and_destroy_destroys_everything(folder: Path) -> None:
    moor("apply", "-auto-approve")
    (folder / "main.tf").unlink()
    assert moor("validate").code == 0
    assert "Plan: 0 to add, 0 to change, 1 to destroy." in moor("plan", "-destroy").out
    assert "Destroy complete! Resources: 1 destroyed." in moor("destroy", "-auto-approve").out


@pytest.mark.parametrize("command", ["show", "apply"])
def test_a_saved_plan_of_terraform_is_recognised(command: str, folder: Path) -> None:
    (folder / "theirs").write_bytes(b"PK\x03\x04 and so on")
    said = moor(command, "theirs")
    assert (said.code, "theirs seems to be a saved plan of Terraform" in said.err) == (1, True)


def test_init_writes_terraform_s_record_of_modules(folder: Path) -> None:
    (folder / "m").mkdir()
    (folder / "m" / "m.tf").write_text("")
    (folder / "main.tf").write_text('module "m" { source = "./m" }\n')
    moor("init", "-input=false")
    record = json.loads((folder / ".terraform" / "modules" / "modules.json").read_text())
    assert [each["Key"] for each in record["Modules"]] == ["", "m"]


def test_the_state_of_another_workspace_is_apart(folder: Path) -> None:
    assert moor("apply", "-auto-approve", environment={"TF_WORKSPACE": "qa"}).code == 0
    assert (folder / "terraform.tfstate.d" / "qa" / "terraform.tfstate").exists()
    assert moor("state", "list").code == 1


def test_state_list_narrows_by_address_and_id(folder: Path) -> None:
    moor("apply", "-auto-approve")
    object_id = json.loads((folder / "terraform.tfstate").read_text())["resources"][0]["instances"][0]
    assert moor("state", "list", f"-id={object_id['attributes']['id']}").out == "terraform_data.a\n"
    assert moor("state", "list", "-id=other").out == ""
    assert "Error: Unknown resource" in moor("state", "list", "terraform_data.b").err
    assert "Error: Unknown module" in moor("state", "list", "module.m").err
    assert "Error: Invalid address" in moor("state", "list", "what is this").err


def test_the_emulator_answers_requests(folder: Path) -> None:
    said = moor(
        "emulator", "request", "GET", "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups"
    )
    assert said.code == 0
    status, _, body = said.out.partition("\n")
    assert (status, "value" in json.loads(body)) == ("200", True)
    assert moor("emulator", "request", "GET", ".../nothing").code == 1
    assert (folder / ".terraform" / "emulator.sqlite").exists()


def test_the_stream_of_an_apply_is_json_alone() -> None:
    said = moor("apply", "-json", "-auto-approve")
    kinds = [json.loads(line)["type"] for line in said.out.splitlines()]
    assert kinds == [
        "version",
        "planned_change",
        "change_summary",
        "outputs",
        "apply_start",
        "apply_complete",
        "change_summary",
        "outputs",
    ]
    assert said.err == ""
