"""What override files say of declarations made elsewhere."""

from __future__ import annotations

import pytest
from tests.unit.config.configurations import load_problems, loaded

from mooring.core.types import NUMBER
from mooring.core.values import number


def merged(base: str, override: str) -> dict[str, str]:
    return {"main.tf": base, "main_override.tf": override}


def test_an_argument_replaces_the_one_of_its_name() -> None:
    module = loaded(
        merged(
            'variable "x" {\n type = string\n default = "5"\n sensitive = true\n}',
            'variable "x" { type = number }',
        )
    )
    variable = module.variables["x"]
    assert (variable.type, variable.default, variable.sensitive) == (NUMBER, number(5), True)


def test_a_type_that_does_not_fit_the_default_is_the_mistake_of_the_override() -> None:
    files = merged('variable "x" { default = "a" }', 'variable "x" { type = number }')
    assert load_problems(files) == ["error main_override.tf:1 Invalid default value for variable"]


@pytest.mark.parametrize(
    ("base", "override"), [("count = 1", "for_each = {}"), ("for_each = {}", "count = 1")]
)
def test_count_holds_against_for_each_whichever_file_says_so(base: str, override: str) -> None:
    files = merged(f'resource "t" "a" {{ {base} }}', f'resource "t" "a" {{ {override} }}')
    resource = loaded(files).resources["managed", "t", "a"]
    assert (resource.count is not None, resource.for_each) == (True, None)


def test_lifecycle_is_merged_argument_by_argument() -> None:
    files = merged(
        'resource "t" "a" {\n lifecycle {\n  create_before_destroy = true\n }\n}',
        'resource "t" "a" {\n lifecycle {\n  prevent_destroy = true\n }\n}',
    )
    lifecycle = loaded(files).resources["managed", "t", "a"].lifecycle
    assert (lifecycle.create_before_destroy, lifecycle.prevent_destroy) == (True, True)


def test_blocks_replace_all_blocks_of_their_type() -> None:
    files = merged(
        'resource "t" "a" {\n provisioner "x" {}\n provisioner "y" {}\n}',
        'resource "t" "a" {\n provisioner "z" {}\n}',
    )
    provisioners = loaded(files).resources["managed", "t", "a"].provisioners
    assert [each.type for each in provisioners] == ["z"]


def test_the_last_override_wins() -> None:
    files = {
        "a_override.tf": "locals { x = 1 }",
        "main.tf": "locals { x = 0 }",
        "override.tf": "locals { x = 2 }",
    }
    assert loaded(files).locals["x"].span.source.path == "override.tf"


def test_a_backend_takes_the_place_of_cloud() -> None:
    backend = loaded(merged("terraform {\n cloud {}\n}", 'terraform {\n backend "local" {}\n}')).backend
    assert backend is not None
    assert backend.type == "local"


def test_a_default_provider_configuration_needs_no_base() -> None:
    assert ("lab", None) in loaded(merged("", 'provider "lab" {}')).provider_configs


@pytest.mark.parametrize(
    ("override", "summary"),
    [
        ('variable "x" {}', "Missing base variable declaration to override"),
        ('output "x" { value = 1 }', "Missing base output definition to override"),
        ("locals { x = 1 }", "Missing base local value definition to override"),
        ('resource "t" "x" {}', "Missing resource to override"),
        ('data "t" "x" {}', "Missing data resource to override"),
        ('module "x" { source = "./m" }', "Missing module call to override"),
        ('provider "x" { alias = "y" }', "Missing base provider configuration for override"),
        ("moved {\n from = a.b\n to = a.c\n}", "Cannot override 'moved' blocks"),
        ('import {\n to = a.b\n id = "x"\n}', "Cannot override 'import' blocks"),
        ('check "x" {}', "Can't override check blocks"),
    ],
)
def test_an_override_changes_only_what_is_there(override: str, summary: str) -> None:
    assert load_problems(merged("", override)) == [f"error main_override.tf:1 {summary}"]


@pytest.mark.parametrize(
    ("line", "summary"),
    [
        ("depends_on = [a.b]", "Unsupported override"),
        (
            "lifecycle {\n precondition {\n condition = var.x\n error_message = var.x\n }\n}",
            "Can't override precondition blocks",
        ),
    ],
)
def test_what_an_override_cannot_say(line: str, summary: str) -> None:
    files = merged('resource "t" "a" {}', f'resource "t" "a" {{\n{line}\n}}')
    assert [each.partition(" main_override.tf:")[2][2:] for each in load_problems(files)] == [summary]
