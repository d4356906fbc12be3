"""Static checks: references, schemas and providers, before anything is evaluated."""

from __future__ import annotations

import pytest
from tests.unit.config.configurations import LAB, loaded, problems

from mooring.config.providers import resolve_provider
from mooring.core.addresses import ProviderConfigAddress

SURROUNDINGS = """
variable "size" { default = 1 }
locals { one = 1 }
resource "lab_machine" "single" { size = 1 }
resource "lab_machine" "counted" {
  size  = 1
  count = 2
}
resource "lab_machine" "each" {
  size     = 1
  for_each = {}
}
data "lab_image" "image" {}
check "health" {
  data "lab_image" "scoped" {}
  assert {
    condition     = data.lab_image.scoped.name != ""
    error_message = "Wrong."
  }
}
module "plain" { source = "./m" }
module "counted" {
  source = "./m"
  count  = 2
}
"""
CHILD = 'output "address" {\n  value = 1\n}'


@pytest.mark.parametrize(
    ("expression", "summary"),
    [
        ("var.size + local.one", None),
        ("var.sise", "Reference to undeclared input variable"),
        ("local.two", "Reference to undeclared local value"),
        ("lab_machine.single.id", None),
        ("lab_machine.singel.id", "Reference to undeclared resource"),
        ("lab_image.image.name", "Reference to undeclared resource"),
        ("data.lab_image.image.name", None),
        ("data.lab_image.scoped.name", "Reference to scoped resource"),
        ("lab_machine.single.idd", "Unsupported attribute"),
        ("lab_machine.single.id.x", "Unsupported attribute"),
        ("lab_machine.single.id[0]", "Invalid index"),
        ("lab_machine.single.extra.x[0].y", None),
        ("lab_machine.single.disk.port", None),
        ("lab_machine.single.disk.prot", "Unsupported attribute"),
        ("lab_machine.single.rule[0].prot", "Unsupported attribute"),
        ("lab_machine.single[0].id", "Unexpected resource instance key"),
        ("lab_machine.counted.id", "Missing resource instance key"),
        ("lab_machine.counted[0].id", None),
        ("lab_machine.counted", None),
        ("lab_machine.counted[*].id", None),
        ("lab_machine.each.id", "Missing resource instance key"),
        ('lab_machine.each["a"].idd', "Unsupported attribute"),
        ("module.plain.address", None),
        ("module.plain.adress", "Unsupported attribute"),
        ("module.counted.address", "Unsupported attribute"),
        ("module.counted[0].address", None),
        ("module.plane.address", "Reference to undeclared module"),
        ("path.module", None),
        ("path.home", 'Invalid "path" attribute'),
        ("terraform.workspace", None),
        ("terraform.env", 'Invalid "terraform" attribute'),
        ("each.key", 'Reference to "each" in context without for_each'),
        ("each.value", "each.value cannot be used in this context"),
        ("each.name", 'Invalid "each" attribute'),
        ("count.index", 'Reference to "count" in non-counted context'),
        ("self.id", 'Invalid "self" reference'),
        ("[for x in var.size : x.y]", None),
    ],
)
def test_references(expression: str, summary: str | None) -> None:
    files = {
        "main.tf": SURROUNDINGS,
        "m/main.tf": CHILD,
        "out.tf": f'resource "terraform_data" "it" {{\n  input = {expression}\n}}',
    }
    assert problems(files) == ([f"error out.tf:2 {summary}"] if summary else [])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("for_each = {}\n input = each.key", []),
        ("for_each = { a = each.key }", ['error main.tf:2 Reference to "each" in context without for_each']),
        ("count = 1\n input = count.index", []),
        ("count = count.index", ['error main.tf:2 Reference to "count" in non-counted context']),
        ('provisioner "local-exec" {\n command = self.output\n }', []),
        ('provisioner "local-exec" {\n command = self.outptu\n }', ["error main.tf:3 Unsupported attribute"]),
        ("depends_on = [terraform_data.nope]", ["error main.tf:2 Reference to undeclared resource"]),
        ("depends_on = [terraform_data.a.id]", ["error main.tf:2 Invalid depends_on reference"]),
        ("lifecycle {\n ignore_changes = [inptu]\n }", ["error main.tf:3 Unsupported attribute"]),
    ],
)
def test_where_references_stand(line: str, expected: list[str]) -> None:
    assert problems(f'resource "terraform_data" "a" {{\n {line}\n}}') == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("size = 1", []),
        ("", ["1 Missing required argument"]),
        ("size = 1\nsise = 2", ["3 Unsupported argument"]),
        ("size = 1\nvolume {}", ["3 Unsupported block type"]),
        ("size = 1\ndisk {}", ["3 Missing required argument"]),
        ("size = 1\ndisk {\nport = 1\n}\ndisk {\nport = 1\n}", ["6 Duplicate disk block"]),
        ("size = 1\n" + "rule {\nport = 1\n}\n" * 3, ["9 Too many rule blocks"]),
        ('size = 1\nzone "a" {\nport = 1\n}\nzone "a" {\nport = 2\n}', ["6 Duplicate zone block"]),
        ("size = 1\nrule {\nport = var.nope\n}", ["4 Reference to undeclared input variable"]),
    ],
)
def test_bodies_follow_their_schema(body: str, expected: list[str]) -> None:
    found = problems(f'resource "lab_machine" "a" {{\n{body}\n}}')
    assert found == [f"error main.tf:{each}" for each in expected]


def dynamic(lines: str) -> list[str]:
    return problems(f'resource "lab_machine" "a" {{\nsize = 1\ndynamic "rule" {{\n{lines}\n}}\n}}')


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("for_each = [1]\ncontent {\nport = rule.value\n}", []),
        ("for_each = [1]\niterator = it\ncontent {\nport = it.value\n}", []),
        (
            "for_each = [1]\niterator = it\ncontent {\nport = rule.x.y\n}",
            ["7 Reference to undeclared resource"],
        ),
        ("content {\nport = 1\n}", ["3 Missing required argument"]),
        ("for_each = [1]", ["3 Missing dynamic content block"]),
        ("for_each = [1]\ncontent {\nprot = 1\n}", ["5 Missing required argument", "6 Unsupported argument"]),
    ],
)
def test_dynamic_blocks(body: str, expected: list[str]) -> None:
    assert dynamic(body) == [f"error main.tf:{each}" for each in expected]


def test_dynamic_blocks_count_as_blocks() -> None:
    assert problems('resource "lab_needy" "a" {}') == ["error main.tf:1 Insufficient rule blocks"]
    text = 'resource "lab_needy" "a" {\ndynamic "rule" {\nfor_each = []\ncontent {\nport = 1\n}\n}\n}'
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ('resource "lab_machin" "a" {}', "Invalid resource type"),
        ('resource "lab_image" "a" {}', "Invalid resource type"),
        ('data "lab_machine" "a" {}', "Invalid data source"),
        ('ephemeral "lab_machine" "a" {}', "Invalid ephemeral resource"),
    ],
)
def test_types_that_the_provider_does_not_have(text: str, summary: str) -> None:
    assert problems(text) == [f"error main.tf:1 {summary}"]


def test_a_provider_that_is_not_there_is_named_once() -> None:
    text = 'resource "other_thing" "a" {}\nresource "other_thing" "b" {}'
    assert problems(text) == ["error Missing required provider"]


def test_arguments_of_calls_are_variables_of_the_module() -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n  sise = 1\n}',
        "m/main.tf": 'variable "size" {}\nvariable "note" {\n  default = 1\n}',
    }
    assert problems(files) == [
        "error main.tf:1 Missing required argument",
        "error main.tf:3 Unsupported argument",
    ]


def test_all_problems_are_found_in_one_run() -> None:
    text = 'locals {\n  a = var.x\n  b = local.y\n}\noutput "o" {\n  value = module.z\n}'
    assert problems(text) == [
        "error main.tf:2 Reference to undeclared input variable",
        "error main.tf:3 Reference to undeclared local value",
        "error main.tf:6 Reference to undeclared module",
    ]


# -- providers -----------------------------------------------------------------------------------

REQUIRED = """terraform {
  required_providers {
    lab = {
      source                = "mooring/lab"
      configuration_aliases = [lab.west]
    }
  }
}
"""


def test_a_configuration_follows_the_calls() -> None:
    root = loaded(
        {
            "main.tf": 'provider "lab" {}\nprovider "lab" { alias = "far" }\n'
            'module "m" {\n  source = "./m"\n  providers = { lab.west = lab.far }\n}',
            "m/main.tf": f'{REQUIRED}resource "lab_machine" "a" {{ provider = lab.west }}\n'
            'resource "lab_machine" "b" {}\nmodule "n" { source = "./n" }',
            "m/n/main.tf": 'provider "lab" { region = "x" }\nresource "lab_machine" "c" {}',
        }
    )
    middle, inner = root.children["m"], root.children["m"].children["n"]
    found = [
        resolve_provider(root, ("m",), middle.resources["managed", "lab_machine", "a"]),
        resolve_provider(root, ("m",), middle.resources["managed", "lab_machine", "b"]),
        resolve_provider(root, ("m", "n"), inner.resources["managed", "lab_machine", "c"]),
    ]
    assert found == [
        ProviderConfigAddress((), LAB, "far"),
        ProviderConfigAddress((), LAB, None),
        ProviderConfigAddress(("m", "n"), LAB, None),
    ]


@pytest.mark.parametrize(
    ("call", "child", "expected"),
    [
        ("providers = { lab.west = lab }", REQUIRED, []),
        ("", REQUIRED, ["error main.tf:10 Missing required provider configuration"]),
        ("providers = { lab.west = terraform }", REQUIRED, ["error main.tf:12 Provider type mismatch"]),
        (
            "providers = { lab.west = lab, lab.east = lab }",
            REQUIRED,
            ["error main.tf:12 Reference to undefined provider"],
        ),
        ("count = 1", 'provider "lab" {}', ["warning m/main.tf:1 Redundant empty provider block"]),
        (
            "count = 1",
            'provider "lab" { region = "x" }',
            ["error main.tf:12 Module is incompatible with count, for_each, and depends_on"],
        ),
        (
            "",
            'resource "lab_machine" "a" {\n  size = 1\n  provider = lab.nope\n}',
            ["error m/main.tf:3 Provider configuration not present"],
        ),
    ],
)
def test_configurations_passed_to_a_module(call: str, child: str, expected: list[str]) -> None:
    required = """terraform {
  required_providers {
    lab = { source = "mooring/lab" }
    terraform = { source = "terraform.io/builtin/terraform" }
  }
}
provider "lab" {}


"""
    files = {"main.tf": f'{required}module "m" {{\n  source = "./m"\n  {call}\n}}', "m/main.tf": child}
    assert problems(files) == expected


def test_a_provider_configuration_is_checked_when_it_is_used() -> None:
    unused = 'provider "lab" {\n  regoin = "x"\n}'
    assert problems(unused) == []
    assert problems(f'{unused}\ndata "lab_image" "a" {{}}') == ["error main.tf:2 Unsupported argument"]


# -- what is evaluated together ---------------------------------------------------------------------


def test_what_is_not_there_hides_wrong_names_beside_it() -> None:
    files = 'resource "lab_machine" "a" {\n  size = lab_machine.b.size\n  name = var.nope\n}\n'
    assert problems(files) == ["error main.tf:2 Reference to undeclared resource"]


def test_wrong_references_hide_what_else_is_wrong_with_a_body() -> None:
    files = 'resource "lab_machine" "a" {\n  size = var.nope\n  sise = 1\n}\n'
    assert problems(files) == ["error main.tf:2 Reference to undeclared input variable"]


def test_conditions_are_evaluated_although_they_lead_nowhere() -> None:
    files = """
resource "lab_machine" "a" {
  size = 1
  lifecycle {
    precondition {
      condition     = lab_machine.b.size == var.nope
      error_message = "Wrong ${var.nope}."
    }
  }
}"""
    assert problems(files) == [
        "error main.tf:6 Unknown variable",
        "error main.tf:6 Reference to undeclared resource",
        "error main.tf:6 Unknown variable",
        "error main.tf:7 Reference to undeclared input variable",
    ]


def test_the_first_thing_to_wait_for_that_is_not_there_is_told() -> None:
    files = 'output "a" {\n  value = 1\n  depends_on = [\n    lab_machine.b,\n    module.c,\n  ]\n}\n'
    assert problems(files) == ["error main.tf:4 Reference to undeclared resource"]


def test_what_a_module_is_given_is_checked_before_the_validation_of_it() -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n  size   = lab_machine.nope.size\n}\n',
        "m/main.tf": """
variable "size" {
  validation {
    condition     = var.size == local.nope
    error_message = "Wrong."
  }
}""",
    }
    assert problems(files) == ["error main.tf:3 Reference to undeclared resource"]


def test_ignoring_what_only_the_provider_sets_is_redundant() -> None:
    files = (
        'resource "lab_machine" "a" {\n  size = 1\n  lifecycle {\n    ignore_changes = [id, size]\n  }\n}\n'
    )
    assert problems(files) == ["warning main.tf:1 Redundant ignore_changes element"]
