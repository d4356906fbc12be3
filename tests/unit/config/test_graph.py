"""The static graph: what refers to what, and what waits for what."""

from __future__ import annotations

import pytest
from tests.unit.config.configurations import loaded

from mooring.config.cycles import cycle_diagnostics
from mooring.config.graph import Node, build_graph
from mooring.core.addresses import ConfigAddress

MODULE = """
resource "lab_machine" "shown" { size = 1 }
resource "lab_machine" "hidden" { size = 1 }
module "inner" { source = "./inner" }
output "id" { value = lab_machine.shown.id }
output "one" { value = 1 }
"""
INNER = 'resource "lab_machine" "inner" { size = 1 }'
SHOWN = ConfigAddress(("m",), "managed", "lab_machine", "shown")
HIDDEN = ConfigAddress(("m",), "managed", "lab_machine", "hidden")
INSIDE = ConfigAddress(("m", "inner"), "managed", "lab_machine", "inner")
OWN = ConfigAddress((), "managed", "lab_machine", "a")


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("depends_on = [module.m]", (SHOWN, HIDDEN, INSIDE)),
        ("extra = module.m", (SHOWN, HIDDEN, INSIDE)),
        ("extra = module.m[*].id", (SHOWN, HIDDEN, INSIDE)),
        ("extra = module.m.id", (SHOWN,)),
        ("extra = module.m.one", ()),
    ],
)
def test_a_module_as_a_whole_is_everything_in_it(argument: str, expected: tuple[ConfigAddress, ...]) -> None:
    main = f'module "m" {{ source = "./m" }}\nresource "lab_machine" "a" {{\n  size = 1\n  {argument}\n}}\n'
    graph = build_graph(loaded({"main.tf": main, "m/main.tf": MODULE, "m/inner/main.tf": INNER}))
    assert graph.resource_dependencies()[OWN] == tuple(sorted(expected))


def test_a_resource_depends_on_all_that_its_references_lead_to() -> None:
    files = """
resource "lab_machine" "x" { size = 1 }
resource "lab_machine" "y" { size = 1 }
locals {
  x = lab_machine.x.size
  y = lab_machine.y.size
}
resource "lab_machine" "a" { size = local.x + local.y }"""
    found = build_graph(loaded({"main.tf": files})).resource_dependencies()[OWN]
    assert [each.name for each in found] == ["x", "y"]


def test_a_module_that_is_given_itself_is_a_cycle() -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n  x = module.m\n}\n',
        "m/main.tf": 'variable "x" {}\noutput "one" { value = 1 }\n',
    }
    (cycle,) = cycle_diagnostics(build_graph(loaded(files)))
    assert cycle.summary == "Cycle: module.m (close), module.m.var.x (expand)"


def test_what_waits_for_a_declaration_does_so_through_others() -> None:
    files = """
variable "a" {}
locals {
  b = var.a
  c = local.b
  d = 1
}
check "e" {
  assert {
    condition     = local.c
    error_message = "Wrong."
  }
}"""
    first, second = Node((), "var", ("a",)), Node((), "local", ("b",))
    found = build_graph(loaded(files)).waiting_for([second, first])
    assert found == {
        second: first,
        Node((), "local", ("c",)): first,
        Node((), "check", ("e",)): first,
    }
