"""Runs of test files: order, states, references to each other, removal, one fact each."""

from __future__ import annotations

import pytest
from tests.unit.testing.beds import Suite

from mooring.config.inputs import VarOption
from mooring.core.addresses import ProviderAddress
from mooring.sdk.context import CallContext
from mooring.sdk.protocols import ConfigureResult, Connection, Provider
from mooring.sdk.requests import ApplyResult, Configure, Create
from mooring.testing.model import Abandoned, RunEnded, Status, TestEvent
from mooring_builtin import provider

MAIN = """
variable "size" {
  default = 1
  validation {
    condition     = var.size < 5
    error_message = "Too big."
  }
}
resource "terraform_data" "lab" {
  input = var.size
}
output "id" {
  value = terraform_data.lab.id
}
output "size" {
  value = terraform_data.lab.output
}
"""
HELPER = 'resource "terraform_data" "helper" {\n}\noutput "id" {\n  value = terraform_data.helper.id\n}\n'


def expecting(condition: str, message: str = "no") -> str:
    return f'  assert {{\n    condition = {condition}\n    error_message = "{message}"\n  }}\n'


def run(name: str, body: str = "") -> str:
    return f'run "{name}" {{\n{body}\n}}\n'


def suite(text: str, **files: str) -> Suite:
    return Suite(files={"main.tf": MAIN, "helper/main.tf": HELPER, "tests/a.tftest.hcl": text, **files})


def test_runs_of_a_file_share_a_state() -> None:
    tests = suite(run("one") + run("two", expecting("output.id == run.one.id")))
    assert tests.run().status is Status.PASS


def test_a_state_key_gives_a_run_a_state_of_its_own() -> None:
    other = 'state_key = "other"\n' + expecting("output.id != run.one.id")
    tests = suite(run("one") + run("two", other))
    assert tests.run().status is Status.PASS
    assert tests.cleaned_up == [("two", []), ("one", [])]


def test_a_tested_module_has_a_state_of_its_own_and_is_removed_in_reverse_order() -> None:
    tests = suite(run("helper", 'module {\n  source = "./helper"\n}') + run("main") + run("again"))
    assert tests.run().status is Status.PASS
    assert tests.cleaned_up == [("again", []), ("helper", [])]


def test_a_run_that_only_plans_leaves_nothing_to_remove() -> None:
    tests = suite(run("one", "command = plan"))
    assert tests.run().status is Status.PASS
    assert tests.cleaned_up == []


def test_after_a_failed_assertion_later_runs_go_on_and_after_an_error_they_do_not() -> None:
    wrong, broken = expecting("output.size == 9"), expecting("output.nothing == 9")
    tests = suite(run("wrong", wrong) + run("next") + run("broken", broken) + run("last"))
    ended = tests.run()
    assert tests.statuses == {"wrong": "fail", "next": "pass", "broken": "error", "last": "skip"}
    assert (ended.status, ended.count(Status.SKIP)) == (Status.ERROR, 1)


def test_an_error_in_one_file_is_none_in_another() -> None:
    tests = suite(run("one", "  variables {\n    size = 9\n  }"), **{"tests/b.tftest.hcl": run("two")})
    tests.run()
    assert tests.statuses == {"one": "error", "two": "pass"}


@pytest.mark.parametrize(
    ("body", "status", "problems"),
    [
        ("command = plan\nexpect_failures = [var.size]", "pass", []),
        (
            "expect_failures = [var.size]",
            "error",
            ["Invalid value for variable", "Expected failure while planning"],
        ),
        (
            "command = plan\nexpect_failures = [output.id]",
            "error",
            ["Invalid value for variable", "Missing expected failure"],
        ),
    ],
)
def test_an_expected_failure_passes_where_it_can_come(body: str, status: str, problems: list[str]) -> None:
    tests = suite(run("big", f"{body}\nvariables {{\n  size = 7\n}}"))
    tests.run()
    assert tests.statuses == {"big": status}
    assert tests.problems == problems


def test_values_of_a_run_win_over_those_of_the_file_and_of_the_command_line() -> None:
    text = "variables {\n  size = var.size + 1\n}\n"
    text += run("file", expecting("output.size == 3"))
    text += run("own", "variables {\n  size = var.size + 1\n}\n" + expecting("output.size == 4"))
    tests = suite(text)
    tests.options = (VarOption(text="size=2"),)
    assert tests.run().status is Status.PASS


def test_a_variable_cannot_be_an_output_that_is_not_known_yet() -> None:
    tests = suite(run("one", "command = plan") + run("two", "variables {\n  size = run.one.id\n}"))
    tests.run()
    assert tests.problems == ["Reference to unknown value"]


def test_an_assertion_about_something_not_known_yet_is_an_error() -> None:
    tests = suite(run("one", "command = plan\n" + expecting('output.id == "x"')))
    tests.run()
    assert tests.problems == ["Unknown condition value"]


def test_a_sensitive_message_is_not_shown() -> None:
    message = '${sensitive(\\"hunter2\\")}'.replace("\\", "")
    tests = suite(run("one", expecting("output.size == 2", message)))
    tests.run()
    said = next(e.result.diagnostics for e in tests.events if isinstance(e, RunEnded))
    assert [each.summary for each in said] == [
        "Error message refers to sensitive values",
        "Test assertion failed",
    ]
    assert "hunter2" not in "".join(each.detail for each in said)


# -- interrupts ----------------------------------------------------------------------------------


def test_interrupted_once_the_rest_is_skipped_and_everything_is_removed() -> None:
    tests = suite(run("one") + run("two") + run("three"))

    def interrupt(event: TestEvent) -> None:
        if isinstance(event, RunEnded) and event.result.run.name == "one":
            tests.cancelled.set()

    tests.during = interrupt
    tests.run()
    assert tests.statuses == {"one": "pass", "two": "skip", "three": "skip"}
    assert tests.cleaned_up == [("one", [])]


class _Interrupted:
    """A resource type during whose creation somebody loses patience."""

    def __init__(self, connection: Connection) -> None:
        self._kind = connection.resource("terraform_data")
        self.schema = self._kind.schema
        self.read = self._kind.read
        self.update = self._kind.update
        self.delete = self._kind.delete
        self.plan = getattr(self._kind, "plan")  # noqa: B009 - an ability, not part of the protocol

    def create(self, ctx: CallContext, request: Create) -> ApplyResult:
        if request.config.attributes["input"].number == 2:
            raise KeyboardInterrupt
        return self._kind.create(ctx, request)


class _Impatient:
    """The built-in provider with that resource type."""

    name = "terraform"
    schema = staticmethod(provider.schema)
    validate = staticmethod(provider.validate)

    def configure(self, request: Configure) -> ConfigureResult:
        connection = provider.configure(request).connection
        assert connection is not None
        return ConfigureResult(connection=_ImpatientConnection(connection))


class _ImpatientConnection:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.is_blocking = connection.is_blocking
        self.data_source = connection.data_source
        self.close = connection.close

    def resource(self, _type_name: str) -> _Interrupted:
        return _Interrupted(self._connection)


def test_ended_by_force_the_suite_says_what_exists_and_what_may() -> None:
    tests = suite(run("one") + run("two", 'state_key = "b"\nvariables {\n  size = 2\n}'))
    impatient = _Impatient()

    def find(_address: ProviderAddress) -> Provider:
        return impatient

    tests.find = find
    with pytest.raises(KeyboardInterrupt):
        tests.run()
    told = tests.events[-1]
    assert isinstance(told, Abandoned)
    assert told.run is not None
    assert (told.run.name, list(map(str, told.planned))) == ("two", ["terraform_data.lab"])
    assert [(run.name, [str(e.address) for e in left]) for run, left in told.existing] == [
        ("one", ["terraform_data.lab"])
    ]
