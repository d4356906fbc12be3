"""Which problems are told, and which are only named by the one that hides them."""

from __future__ import annotations

from tests.unit.config.configurations import SCHEMAS, loaded

from mooring.config.checks import find_mistakes
from mooring.config.graph import build_graph
from mooring.config.mistakes import first_of_all, naming
from mooring.core.diagnostics import Diagnostic, error, warning
from mooring.core.spans import Source, Span


def told(files: str) -> list[Diagnostic]:
    """What is told of a configuration without evaluating it, in order."""
    root = loaded({"main.tf": files})
    return list(first_of_all(find_mistakes(root, SCHEMAS), {}, build_graph(root)))


def named(diag: Diagnostic) -> list[str]:
    """The places that the detail of a problem names."""
    return [line.split()[0] for line in diag.detail.splitlines() if line.startswith("  ")]


def test_a_mistake_names_those_of_what_waits_for_it() -> None:
    (first,) = told("""
locals {
  a = var.nope
  b = [local.a, local.nope]
}
resource "lab_machine" "c" {
  size = local.b
  sise = 1
}""")
    assert first.summary == "Reference to undeclared input variable"
    assert named(first) == ["main.tf:4:17", "main.tf:8:3"]


def test_a_mistake_names_those_that_come_after_it_in_the_same_block() -> None:
    (first,) = told('resource "lab_machine" "a" {\n  size = [lab_machine.b.size, var.nope]\n  sise = 1\n}')
    assert first.summary == "Reference to undeclared resource"
    assert named(first) == ["main.tf:2:31", "main.tf:3:3"]


def test_a_place_with_two_problems_is_named_once() -> None:
    (first,) = told("""
locals {
  a = var.nope
}
resource "lab_machine" "c" {
  size = local.a
  lifecycle {
    precondition {
      condition     = lab_machine.nope.size == 1
      error_message = "Wrong."
    }
  }
}""")
    assert named(first) == ["main.tf:9:23"]
    assert "Reference to undeclared resource" in first.detail


def test_independent_mistakes_are_told_apart() -> None:
    diags = told("locals {\n  a = var.nope\n  b = var.none\n}")
    assert [(diag.summary, named(diag)) for diag in diags] == [
        ("Reference to undeclared input variable", []),
        ("Reference to undeclared input variable", []),
    ]


def test_of_many_hidden_problems_the_first_ten_are_named() -> None:
    source = Source("main.tf", "x" * 20)
    hidden = [error("Wrong", "No.", Span(source, at, at + 1)) for at in range(12)]
    (diag,) = naming((error("First", "Yes."),), hidden)
    assert diag.detail.splitlines()[-2:] == ["  main.tf:1:10 Wrong: No.", "  and 2 more"]


def test_only_errors_name_others_and_are_named() -> None:
    of_what_waits = error("Wrong", "No.", Span(Source("main.tf", "x"), 0, 1))
    only_warning = (warning("Odd", "Well."),)
    assert naming(only_warning, [of_what_waits]) == only_warning
    only_error = (error("First", "Yes."),)
    assert naming(only_error, only_warning) == only_error
