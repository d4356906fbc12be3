"""What traversals refer to."""

from __future__ import annotations

import pytest

from mooring.config.references import (
    CountRef,
    EachRef,
    LocalRef,
    ModuleRef,
    OutputRef,
    PathRef,
    Reference,
    ResourceRef,
    RunRef,
    SelfRef,
    TerraformRef,
    VariableRef,
    parse_reference,
    references_in_body,
)
from mooring.core.diagnostics import Diagnostic
from mooring.core.spans import Source
from mooring.syntax import parse_expression, parse_file
from mooring.syntax.nodes import Traversal


def traversal(text: str) -> Traversal:
    parsed, diags = parse_expression(Source("test", text))
    assert diags == ()
    assert isinstance(parsed, Traversal)
    return parsed


@pytest.mark.parametrize(
    ("text", "reference", "consumed"),
    [
        ("var.x", VariableRef("x"), 1),
        ("var.x.y[0]", VariableRef("x"), 1),
        ("local.x", LocalRef("x"), 1),
        ("a.b", ResourceRef("managed", "a", "b"), 1),
        ("a.b.c", ResourceRef("managed", "a", "b"), 1),
        ("a.b[0].c", ResourceRef("managed", "a", "b", 0), 2),
        ("a.b.0", ResourceRef("managed", "a", "b", 0), 2),
        ('a.b["k"]', ResourceRef("managed", "a", "b", "k"), 2),
        ("resource.a.b.c", ResourceRef("managed", "a", "b"), 2),
        ("data.a.b[1].c", ResourceRef("data", "a", "b", 1), 3),
        ("ephemeral.a.b", ResourceRef("ephemeral", "a", "b"), 2),
        ("module.m", ModuleRef("m"), 1),
        ("module.m.o.x", ModuleRef("m", None, "o"), 2),
        ('module.m["k"]', ModuleRef("m", "k"), 2),
        ("module.m[0].o", ModuleRef("m", 0, "o"), 3),
        ("path.module", PathRef("module"), 1),
        ("terraform.workspace", TerraformRef("workspace"), 1),
        ("each.value.x", EachRef("value"), 1),
        ("count.index", CountRef("index"), 1),
        ("self.id", SelfRef(), 0),
    ],
)
def test_a_reference_takes_the_first_steps(text: str, reference: Reference, consumed: int) -> None:
    assert parse_reference(traversal(text)) == (reference, consumed)


@pytest.mark.parametrize(
    ("text", "summary", "subject"),
    [
        ("var", "Invalid reference", "var"),
        ('var["x"]', "Invalid reference", '["x"]'),
        ("each[0]", "Invalid reference", "[0]"),
        ("a", "Invalid reference", "a"),
        ("a[0]", "Invalid reference", "[0]"),
        ("data.a", "Invalid reference", "data.a"),
        ('data.a["b"]', "Invalid reference", '["b"]'),
        ("module", "Invalid reference", "module"),
        ('module.m[0]["x"]', "Invalid reference", '["x"]'),
        ("a.b[1.5]", "Invalid index key", "[1.5]"),
        ("a.b[true]", "Invalid index key", "[true]"),
        ("template.x", "Reserved symbol name", "template"),
    ],
)
def test_what_is_no_reference_is_explained_where_it_goes_wrong(text: str, summary: str, subject: str) -> None:
    problem = parse_reference(traversal(text))
    assert isinstance(problem, Diagnostic)
    assert problem.subject is not None
    assert (problem.summary, problem.subject.text) == (summary, subject)


def test_test_files_know_runs_and_outputs() -> None:
    assert parse_reference(traversal("run.a.x"), in_test=True) == (RunRef("a"), 1)
    assert parse_reference(traversal("output.x"), in_test=True) == (OutputRef("x"), 1)
    assert parse_reference(traversal("output.x")) == (ResourceRef("managed", "output", "x"), 1)


def test_references_in_a_body_include_nested_blocks_but_not_iterators() -> None:
    text = """
        a = var.one
        plain { b = [local.two] }
        labelled "x" { c = "${data.t.three.id}" }
        dynamic "setting" {
          for_each = var.four
          content { d = setting.value + var.five }
        }
    """
    body, diags = parse_file("main.tf", text.encode())
    assert diags == ()
    found = {each.span.text for each in references_in_body(body)}
    assert found == {"var.one", "local.two", "data.t.three.id", "var.four", "var.five"}


def test_references_in_a_json_body_are_found_at_any_depth() -> None:
    body, _ = parse_file("main.tf.json", b'{"a": "${var.one}", "b": [{"c": {"d": "${local.two}"}}]}')
    assert sorted(each.root for each in references_in_body(body)) == ["local", "var"]
