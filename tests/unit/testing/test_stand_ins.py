"""Mocked providers and overrides: what stands in for what, and which values that gives."""

from __future__ import annotations

import pytest
from tests.unit.testing.beds import Suite

from mooring.testing.model import Status

MODULE = 'resource "terraform_data" "x" {\n}\noutput "id" {\n  value = terraform_data.x.id\n}\n'
MAIN = """
variable "size" {
  default = 1
}
resource "terraform_data" "one" {
  input = var.size
}
resource "terraform_data" "many" {
  count = 2
}
data "terraform_remote_state" "other" {
  backend = "local"
  config  = { path = "nowhere" }
}
module "part" {
  source = "./part"
  count  = 2
}
output "one" {
  value = terraform_data.one.id
}
output "many" {
  value = terraform_data.many[*].id
}
output "parts" {
  value = module.part[*].id
}
"""
DATA = (
    "override_data {\n  target = data.terraform_remote_state.other\n  values = { outputs = { x = 1 } }\n}\n"
)


def overriding(target: str, id_: str, more: str = "") -> str:
    return f'override_resource {{\n  target = {target}\n  values = {{ id = "{id_}" }}\n  {more}\n}}\n'


def run(condition: str, body: str = "", name: str = "it") -> str:
    check = f'  assert {{\n    condition = {condition}\n    error_message = "no"\n  }}\n'
    return f'run "{name}" {{\n{body}\n{check}}}\n'


def tried(text: str) -> Suite:
    tests = Suite(files={"main.tf": MAIN, "part/main.tf": MODULE, "a.tftest.hcl": text})
    tests.run()
    return tests


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            overriding("terraform_data.one", "given") + run('output.one == "given"'),
            id="of a file",
        ),
        pytest.param(
            overriding("terraform_data.one", "file")
            + run('output.one == "run"', overriding("terraform_data.one", "run")),
            id="of a run, which wins over the file's",
        ),
        pytest.param(
            overriding("terraform_data.many", "all")
            + overriding("terraform_data.many[1]", "second")
            + run('output.many == ["all", "second"]'),
            id="of an instance, which wins over the resource's",
        ),
        pytest.param(
            overriding("module.part[1].terraform_data.x", "second")
            + run('output.parts[1] == "second" && output.parts[0] != "second"'),
            id="inside a module",
        ),
        pytest.param(
            'override_module {\n  target = module.part\n  outputs = { id = "all" }\n}\n'
            'override_module {\n  target = module.part[0]\n  outputs = { id = "first" }\n}\n'
            + run('output.parts == ["first", "all"]'),
            id="of modules",
        ),
        pytest.param(
            overriding("terraform_data.one", "early", "override_during = plan")
            + run('output.one == "early"', "command = plan"),
            id="known to the plan",
        ),
        pytest.param(run("data.terraform_remote_state.other.outputs.x == 1"), id="of a data source"),
    ],
)
def test_an_override_gives_its_values(text: str) -> None:
    assert set(tried(DATA + text).statuses.values()) == {"pass"}


def test_a_mocked_provider_makes_up_what_it_is_not_given() -> None:
    mocked = 'mock_provider "terraform" {\n  mock_resource "terraform_data" {\n'
    mocked += '    defaults = { output = "given" }\n  }\n}\n'
    made = run('terraform_data.one.output == "given" && length(distinct(output.many)) == 2')
    assert tried(DATA + mocked + made).statuses == {"it": "pass"}


def test_a_mocked_object_keeps_what_was_computed_when_it_changes() -> None:
    text = DATA + 'mock_provider "terraform" {\n}\n' + run("output.one != null")
    text += run("output.one == run.it.one", "variables {\n  size = 2\n}", "again")
    assert tried(text).statuses == {"it": "pass", "again": "pass"}


def test_what_was_mocked_is_removed_by_its_mock() -> None:
    tests = tried(DATA + 'mock_provider "terraform" {\n}\n' + run("output.one != null"))
    assert tests.cleaned_up == [("it", [])]


def test_a_value_of_the_wrong_type_is_told_with_the_block_that_needs_it() -> None:
    text = overriding("terraform_data.one", "x").replace('"x"', "[1]")
    tests = tried(DATA + text + run("output.one != null"))
    assert tests.problems == ["Failed to compute attribute"]


def test_a_run_chooses_providers_of_its_file() -> None:
    fake = 'mock_provider "terraform" {\n  alias = "fake"\n  mock_resource "terraform_data" {\n'
    fake += '    defaults = { id = "fake" }\n  }\n}\n'
    text = DATA + fake + run('output.one != "fake"', name="real")
    chosen = 'state_key = "other"\nproviders = {\n  terraform = terraform.fake\n}'
    tests = tried(text + run('output.one == "fake"', chosen, "fake"))
    assert tests.statuses == {"real": "pass", "fake": "pass"}


def test_what_nothing_is_overridden_of_is_a_warning() -> None:
    tests = Suite(
        files={"main.tf": "", "a.tftest.hcl": overriding("terraform_data.x", "y") + 'run "a" {\n}\n'}
    )
    assert tests.run().status is Status.PASS
    (started,) = (event for event in tests.events if type(event).__name__ == "FileStarted")
    assert [each.summary for each in started.diagnostics] == ["Invalid override target"]
