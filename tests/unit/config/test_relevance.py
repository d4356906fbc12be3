"""References followed back to the attributes of resources that something is made of."""

from __future__ import annotations

import pytest
from tests.unit.config.configurations import loaded

from mooring.config.relevance import contributing_attributes
from mooring.core.addresses import InstanceAddress, ModuleInstance, parse_instance
from mooring.core.paths import format_path

ROOT = """
locals { l = t.a.out }
resource "t" "a" {
  in = { x = [1] }
}
resource "t" "b" {
  in       = t.a.in.x
  triggers = t.a.id
}
resource "t" "c" {
  count = length(t.a.in.x)
  in    = "${t.a.id}-${count.index}"
  lifecycle {
    replace_triggered_by = [t.b.id]
  }
}
resource "t" "d" {
  for_each   = t.a.in
  in         = each.value
  depends_on = [t.b]
}
resource "t" "e" {
  count = length(t.a.in.x)
  in    = t.b.out
}
module "m" {
  source   = "./m"
  for_each = t.a.in
  v        = t.b.out
  w        = each.value
}
"""
MODULE = """
variable "v" {}
variable "w" {}
resource "t" "i" { in = [var.v, var.w] }
output "o" { value = t.i.out }
"""


def relevant(output: str) -> list[str]:
    """What an output of the root module is made of."""
    files = {"main.tf": ROOT, "out.tf": f'output "z" {{\n value = {output}\n}}\n', "m/main.tf": MODULE}
    found = contributing_attributes(loaded(files), (), [((), "z")])
    return [f"{each.instance}{format_path(each.path)}" for each in found]


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("1", []),
        ("t.a.out.x[0]", ["t.a.out.x[0]"]),
        ("local.l", ["t.a.out"]),
        ("t.b.out", ["t.b.out"]),
        ("t.b.in", ["t.a.in.x", "t.b.in"]),
        ("t.b", ["t.a.id", "t.a.in.x", "t.b"]),
        ("t.c[0].in", ["t.a.id", "t.a.in.x", "t.c[0].in"]),
        ("t.c[*].id", ["t.a.id", "t.a.in.x", "t.c"]),
        ('t.d["k"].in', ["t.a.in", 't.d["k"].in']),
        ("t.e[0].in", ["t.b.out", "t.e[0].in"]),
        ('module.m["k"].o', ['module.m["k"].t.i.out']),
        ("[for each in module.m : each.o]", ["module.m.t.i.out"]),
        ('"${upper(t.a.id)}"', ["t.a.id"]),
    ],
)
def test_references_are_followed_through_the_arguments_that_they_name(
    output: str, expected: list[str]
) -> None:
    assert relevant(output) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("t.c[1]", ["t.a.id", "t.a.in.x"]),
        ('module.m["k"].t.i', ["t.b.out"]),
        ("t.gone", []),
    ],
)
def test_a_changing_object_is_made_of_what_its_block_says(address: str, expected: list[str]) -> None:
    instance = parse_instance(address)
    assert isinstance(instance, InstanceAddress)
    outputs: list[tuple[ModuleInstance, str]] = []
    found = contributing_attributes(loaded({"main.tf": ROOT, "m/main.tf": MODULE}), [instance], outputs)
    assert [f"{each.instance}{format_path(each.path)}" for each in found] == expected
