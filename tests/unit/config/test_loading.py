"""What loading says of the blocks of one file."""

from __future__ import annotations

import pytest
from tests.unit.config.configurations import LAB, load_problems, loaded

from mooring.config.declarations.settings import CLOUD
from mooring.core.addresses import BUILTIN_PROVIDER, ProviderAddress
from mooring.core.types import DYNAMIC, NUMBER, STRING, ListType, MapType
from mooring.core.values import number, string
from mooring.syntax.nodes import Traversal

DUPLICATES = {
    'variable "a" {}\nvariable "a" {}': "Duplicate variable declaration",
    "locals { a = 1 }\nlocals { a = 2 }": "Duplicate local value definition",
    'output "a" { value = 1 }\noutput "a" { value = 1 }': "Duplicate output definition",
    'resource "t" "a" {}\nresource "t" "a" {}': 'Duplicate resource "t" configuration',
    'data "t" "a" {}\ndata "t" "a" {}': 'Duplicate data "t" configuration',
    'ephemeral "t" "a" {}\nephemeral "t" "a" {}': 'Duplicate ephemeral "t" configuration',
    'module "a" { source = "hashicorp/a/b" }\nmodule "a" { source = "./b" }': "Duplicate module call",
    'provider "a" {}\nprovider "a" {}': "Duplicate provider configuration",
}


@pytest.mark.parametrize(("text", "summary"), DUPLICATES.items())
def test_the_second_declaration_of_a_name_is_an_error(text: str, summary: str) -> None:
    assert load_problems(text) == [f"error main.tf:2 {summary}"]


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ('variable "1x" {}', "Invalid variable name"),
        ('variable "count" {}', "Invalid variable name"),
        ('output "1x" { value = 1 }', "Invalid output name"),
        ('resource "t" "a b" {}', "Invalid resource name"),
        ('resource "1t" "a" {}', "Invalid resource type name"),
        ('data "1t" "a" {}', "Invalid data source name"),
        ('data "t" "-a" {}', "Invalid data resource name"),
        ('module "1m" { source = "a/b/c" }', "Invalid module instance name"),
        ('provider "Lab" {}', "Invalid provider local name"),
    ],
)
def test_a_name_that_is_not_allowed_is_an_error(text: str, summary: str) -> None:
    assert f"error main.tf:1 {summary}" in load_problems(text)


@pytest.mark.parametrize(
    ("argument", "summary"),
    [
        ("sensitive = []", "Unsuitable value type"),
        ("nullable = null", "Unsuitable value type"),
        ('description = "a${1}${2}"', None),
        ('sensitive = "true"', None),
        ("default = upper(1)", "Function calls not allowed"),
        ("default = var.x", "Variables not allowed"),
        ("default = [for x in [1] : x]", None),
        ("type = strin", "Invalid type specification"),
        ('type = "number"', "Invalid legacy variable type hint"),
        ('type = "string"', "Invalid quoted type constraints"),
        ("typ = string", "Unsupported argument"),
    ],
)
def test_arguments_of_a_variable_are_constants(argument: str, summary: str | None) -> None:
    expected = [f"error main.tf:2 {summary}"] if summary else []
    assert load_problems(f'variable "x" {{\n  {argument}\n}}') == expected


def test_a_default_must_have_the_type_of_the_variable() -> None:
    text = 'variable "x" {\n  type = number\n  default = "many"\n}'
    assert load_problems(text) == ["error main.tf:3 Invalid default value for variable"]


def test_a_default_is_converted_and_completed() -> None:
    kind = 'object({ a = number, b = optional(string, "z") })'
    module = loaded(f'variable "x" {{\n  type = {kind}\n  default = {{ a = "5" }}\n}}')
    default = module.variables["x"].default
    assert default is not None
    assert default.attributes == {"a": number(5), "b": string("z")}


@pytest.mark.parametrize(
    ("written", "kind", "takes_expressions"),
    [
        ("string", STRING, False),
        ("number", NUMBER, False),
        ("any", DYNAMIC, True),
        ("list(string)", ListType(STRING), True),
        ("list", ListType(DYNAMIC), True),
        ("map", MapType(DYNAMIC), True),
    ],
)
def test_a_variable_knows_how_text_becomes_its_value(
    written: str,
    kind: object,
    takes_expressions: bool,  # noqa: FBT001
) -> None:
    variable = loaded(f'variable "x" {{ type = {written} }}').variables["x"]
    assert (variable.type, variable.takes_expressions) == (kind, takes_expressions)


def test_a_validation_looks_at_its_variable() -> None:
    text = """variable "x" {
  validation {
    condition     = var.y == 1
    error_message = "Wrong."
  }
  validation {
    condition     = true
    error_message = "Wrong."
  }
}"""
    assert load_problems(text) == [
        "error main.tf:3 Invalid variable validation condition",
        "error main.tf:7 Invalid validation expression",
        "error main.tf:7 Invalid variable validation condition",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("count = 1\n for_each = {}", ['error main.tf:3 Invalid combination of "count" and "for_each"']),
        ("provider = lab.a.b", ["error main.tf:2 Invalid provider configuration reference"]),
        ('provider = "lab"', ["warning main.tf:2 Quoted references are deprecated"]),
        ("depends_on = [a.b, upper(1)]", ["error main.tf:2 Invalid expression"]),
        ("depends_on = a.b", ["error main.tf:2 Invalid expression"]),
        ("lifecycle {}\n lifecycle {}", ["error main.tf:3 Duplicate lifecycle block"]),
        ("connection {}\n connection {}", ["error main.tf:3 Duplicate connection block"]),
        ("locals {}", ["error main.tf:2 Reserved block type name in resource block"]),
        ("_ {}\n _ {}", ["error main.tf:3 Duplicate escaping block"]),
        ('provisioner "chef" {}', ['error main.tf:2 The "chef" provisioner has been removed']),
        ('provisioner "x" { when = later }', ['error main.tf:2 Invalid "when" keyword']),
        ('provisioner "x" { on_failure = 5 }', ['error main.tf:2 Invalid "on_failure" keyword']),
    ],
)
def test_meta_arguments_of_a_resource(line: str, expected: list[str]) -> None:
    assert load_problems(f'resource "lab_machine" "a" {{\n {line}\n}}') == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("prevent_destroy = var.x", ["Unsuitable value type", "Variables not allowed"]),
        ("ignore_changes = all", []),
        ('ignore_changes = ["*"]', ["Invalid ignore_changes wildcard"]),
        ("ignore_changes = [tags[0], extra.x]", []),
        ("replace_triggered_by = [a.b, a.c[count.index].id]", []),
        ("replace_triggered_by = [each.key]", ["Invalid replace_triggered_by expression"]),
        (
            "replace_triggered_by = [var.x]",
            [
                "Invalid reference in replace_triggered_by expression",
                "Invalid replace_triggered_by expression",
            ],
        ),
        ("precondition {}", ["Missing required argument", "Missing required argument"]),
        ("unknown = 1", ["Unsupported argument"]),
    ],
)
def test_lifecycle(line: str, expected: list[str]) -> None:
    text = f'resource "lab_machine" "a" {{\n lifecycle {{\n  {line}\n }}\n}}'
    found = {each.partition(" main.tf:3 ")[2] for each in load_problems(text)}
    assert found == set(expected)


def test_data_sources_have_no_lifecycle_of_managed_resources() -> None:
    text = 'data "lab_image" "a" {\n lifecycle {\n  prevent_destroy = true\n }\n}'
    assert load_problems(text) == ["error main.tf:3 Invalid data resource lifecycle argument"]


def test_a_condition_names_its_own_resource_by_self() -> None:
    text = """resource "t" "a" {
  lifecycle {
    postcondition {
      condition     = t.a.id != ""
      error_message = "Wrong."
    }
  }
}"""
    assert load_problems(text) == ["error main.tf:4 Invalid reference in postcondition"]


def test_destroy_provisioners_refer_to_their_own_instance_only() -> None:
    text = """resource "t" "a" {
  provisioner "local-exec" {
    when    = destroy
    command = "${self.id} ${path.module} ${each.key} ${var.x}"
  }
}"""
    assert load_problems(text) == ["error main.tf:4 Invalid reference from destroy provisioner"]


def test_the_escape_block_holds_arguments_that_look_like_meta_arguments() -> None:
    module = loaded('resource "t" "a" {\n  size = 1\n  _ {\n    count = 2\n  }\n}')
    resource = module.resources["managed", "t", "a"]
    attributes, _ = resource.body.just_attributes()
    assert (sorted(attributes), resource.count) == (["count", "size"], None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from = a.b", ["error main.tf:1 Missing required argument"]),
        ("from = a.b\n to = module.m", ['error main.tf:1 Invalid "moved" addresses']),
        ('from = "a.b"\n to = a.c', ["error main.tf:2 Invalid expression"]),
        ("from = var.x\n to = a.c", ["error main.tf:2 Invalid address"]),
        ("from = a.b.c\n to = a", ["error main.tf:2 Invalid address", "error main.tf:3 Invalid address"]),
        ("from = module.m[0].a.b\n to = module.m.a.b[1]", []),
    ],
)
def test_moved(text: str, expected: list[str]) -> None:
    assert load_problems(f"moved {{\n {text}\n}}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from = a.b", []),
        ("from = a.b[0]", ["error main.tf:2 Resource instance keys not allowed"]),
        ("from = module.m[0]", ["error main.tf:2 Module instance keys not allowed"]),
        ("from = data.a.b", ["error main.tf:2 Data source address not allowed"]),
        ('from = a.b\n provisioner "x" {}', ["error main.tf:3 Invalid provisioner block"]),
    ],
)
def test_removed(text: str, expected: list[str]) -> None:
    assert load_problems(f"removed {{\n {text}\n}}") == expected


def test_removed_without_destroy_keeps_the_object() -> None:
    module = loaded(
        "removed {\n from = a.b\n lifecycle {\n  destroy = false\n }\n}\nremoved {\n from = a.c\n}"
    )
    assert [each.destroy for each in module.removed] == [False, True]


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("t.a", []),
        ("t.a[each.key]", []),
        ("module.m[each.key].t.a", []),
        ("data.t.a", ["error main.tf:2 Invalid import address"]),
        ("module.m", ["error main.tf:2 Invalid address", "error main.tf:2 Invalid import address"]),
        ("upper(1)", ["error main.tf:2 Invalid expression", "error main.tf:2 Invalid import address"]),
    ],
)
def test_import_targets(to: str, expected: list[str]) -> None:
    assert sorted(load_problems(f'import {{\n to = {to}\n id = "x"\n}}')) == sorted(expected)


def test_an_instance_is_imported_once() -> None:
    text = 'import {\n to = t.a\n id = "x"\n}\nimport {\n to = t.a\n id = "y"\n}'
    assert load_problems(text) == ['error main.tf:6 Duplicate import configuration for "t.a"']


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["error main.tf:1 Zero assert blocks"]),
        ('data "t" "a" {\n count = 1\n }', ['error main.tf:3 Invalid "count" attribute']),
        ('data "t" "a" {}\n data "t" "b" {}', ["error main.tf:3 Multiple data resource blocks"]),
    ],
)
def test_check_blocks(text: str, expected: list[str]) -> None:
    assertion = 'assert {\n condition = var.x\n error_message = "x"\n }' if text else ""
    assert load_problems(f'check "c" {{\n {text}\n {assertion}\n}}') == expected


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("~> 1.11.0, != 1.11.3", []),
        ("1.11", ["error main.tf:2 Unsupported Terraform Core version"]),
        ("> 99", ["error main.tf:2 Unsupported Terraform Core version"]),
        (">= 1.2.0-beta1", ["error main.tf:2 Invalid required_version constraint"]),
        ("=> 1", ["error main.tf:2 Invalid version constraint"]),
    ],
)
def test_required_version(constraint: str, expected: list[str]) -> None:
    assert load_problems(f'terraform {{\n required_version = "{constraint}"\n}}') == expected


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ('"~> 1.0"', ProviderAddress("registry.terraform.io", "hashicorp", "x")),
        ('{ source = "azure/azapi" }', ProviderAddress("registry.terraform.io", "azure", "azapi")),
        ('{ source = "example.com/a/b", version = "1" }', ProviderAddress("example.com", "a", "b")),
        ('{ source = "terraform.io/builtin/terraform" }', BUILTIN_PROVIDER),
    ],
)
def test_sources_of_required_providers(entry: str, address: ProviderAddress) -> None:
    module = loaded(f"terraform {{\n required_providers {{\n  x = {entry}\n }}\n}}")
    assert module.providers["x"] == address


@pytest.mark.parametrize(
    ("entry", "summary"),
    [
        ("var.x", "Invalid required_providers object"),
        ('{ sourc = "a/b" }', "Invalid required_providers object"),
        ('{ source = "a/b/c/d" }', "Invalid provider source string"),
        ('{ source = "a/b_c" }', "Invalid provider type"),
        ('{ source = "a/terraform-provider-b" }', "Invalid provider type"),
        ('{ version = "new" }', "Invalid version constraint"),
        ("{ configuration_aliases = [y.a] }", "Invalid configuration_aliases value"),
    ],
)
def test_entries_of_required_providers_that_are_wrong(entry: str, summary: str) -> None:
    text = f"terraform {{\n required_providers {{\n  x = {entry}\n }}\n}}"
    assert load_problems(text) == [f"error main.tf:3 {summary}"]


def test_names_without_a_source_mean_registered_providers_first() -> None:
    module = loaded(
        'resource "lab_machine" "a" {}\nresource "other_thing" "a" {}\nresource "terraform_data" "a" {}'
    )
    assert module.providers == {
        "lab": LAB,
        "other": ProviderAddress("registry.terraform.io", "hashicorp", "other"),
        "terraform": BUILTIN_PROVIDER,
    }


def test_the_state_is_in_one_place() -> None:
    text = 'terraform {\n backend "local" {}\n backend "http" {}\n cloud {}\n}'
    assert load_problems(text) == [
        "error main.tf:2 Both a backend and cloud configuration are present",
        "error main.tf:3 Duplicate backend configuration",
    ]
    backend = loaded("terraform {\n cloud {}\n}").backend
    assert backend is not None
    assert backend.type == CLOUD


def test_json_says_the_same_as_native_syntax() -> None:
    module = loaded(
        {
            "main.tf.json": """{
              "variable": {"n": {"type": "number", "default": 3}},
              "resource": {"t": {"a": {
                "depends_on": ["t.b"],
                "provider": "lab.west",
                "lifecycle": {"ignore_changes": "all", "replace_triggered_by": ["t.b"]}
              }}},
              "moved": [{"from": "t.old", "to": "t.a"}]
            }"""
        }
    )
    resource = module.resources["managed", "t", "a"]
    assert module.variables["n"].default == number(3)
    assert [each.root for each in resource.depends_on] == ["t"]
    assert resource.provider is not None
    assert (resource.provider.local_name, resource.provider.alias) == ("lab", "west")
    assert resource.lifecycle.ignore_changes is None
    assert module.moved[0].from_address.root == "t"


def test_json_names_providers_and_addresses_in_strings() -> None:
    module = loaded(
        {
            "main.tf.json": """{
              "terraform": {"required_providers": {
                "lab": {"source": "mooring/lab", "version": "~> 1.0", "configuration_aliases": ["lab.west"]}
              }},
              "import": {"to": "t.a[0]", "id": "x"},
              "removed": {"from": "t.old", "lifecycle": {"destroy": false}},
              "module": {"m": {"source": "./m", "providers": {"lab.far": "lab.west"}}}
            }""",
            "m/main.tf": "",
        }
    )
    required = module.required_providers["lab"]
    passed = module.calls["m"].providers["lab", "far"]
    assert (required.address, required.version, required.aliases) == (LAB, "~> 1.0", ("west",))
    assert isinstance(module.imports[0].to, Traversal)
    assert (passed.local_name, passed.alias, module.removed[0].destroy) == ("lab", "west", False)
