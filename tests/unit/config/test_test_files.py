"""Reading test files: what they can say, and what is wrong with one, where."""

from __future__ import annotations

import pytest

from mooring.config.files import MemoryFiles
from mooring.config.test_files.files import read_test_files
from mooring.config.test_files.model import Command, Mock

RUN = 'run "x" {\n'


def problems(text: str, **more: str) -> list[tuple[str, int]]:
    """The summary and line of every problem."""
    _, diags = read_test_files(MemoryFiles({"a.tftest.hcl": text, **more}))
    return [(each.summary, each.subject.line if each.subject else 0) for each in diags]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RUN + "}\n" + RUN + "}\n", ('Duplicate "run" block names', 3)),
        (RUN + 'command = "plan"\n}\n', ('Invalid "command" keyword', 2)),
        ('run "1" {\n}\n', ("Invalid run block name", 1)),
        ("variables {\n}\nvariables {\n}\n", ('Multiple "variables" blocks', 3)),
        (RUN + "plan_options {\nmode = destroy\n}\n}\n", ('Invalid "mode" keyword', 3)),
        (
            RUN + "plan_options {\nmode = refresh-only\nrefresh = false\n}\n}\n",
            ("Incompatible plan options", 4),
        ),
        (RUN + "module {\n}\n}\n", ('Missing "source" attribute for module block', 2)),
        (RUN + 'module {\nsource = "git::https://x/y"\n}\n}\n', ("Invalid module source address", 3)),
        ("override_resource {\n}\n", ("Missing target attribute", 1)),
        ("override_data {\ntarget = a.b\n}\n", ("Invalid override target", 2)),
        ("override_module {\ntarget = module.a\noutputs = 1\n}\n", ("Invalid outputs attribute", 3)),
        (
            "override_resource {\ntarget = a.b\noverride_during = never\n}\n",
            ("Invalid override_during value", 3),
        ),
        (
            "override_module {\ntarget = module.a\n}\noverride_module {\ntarget = module.a\n}\n",
            ("Duplicate override_module block", 4),
        ),
        ('mock_provider "a" {\n}\nprovider "a" {\n}\n', ("Duplicate provider block", 3)),
        ('mock_provider "a" {\nsource = "./gone"\n}\n', ("Failed to read mock data directory", 1)),
        ("test {\n}\ntest {\n}\n", ('Multiple "test" blocks', 3)),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(text: str, expected: tuple[str, int]) -> None:
    assert problems(text) == [expected]


def test_runs_may_say_that_they_can_go_on_at_once() -> None:
    assert problems("test {\nparallel = true\n}\n" + RUN + "parallel = true\n}\n") == []
    assert problems(RUN + "parallel = 3\n}\n") == [("Unsuitable value type", 2)]


def test_files_beside_the_configuration_and_in_the_folder_are_read_by_name() -> None:
    texts = dict.fromkeys(("b.tftest.hcl", "tests/a.tftest.json", "other/c.tftest.hcl"), "")
    texts["tests/a.tftest.json"] = '{"run": {"x": {"command": "plan"}}}'
    read, diags = read_test_files(MemoryFiles(texts))
    assert not diags
    assert [each.path for each in read] == ["b.tftest.hcl", "tests/a.tftest.json"]
    assert [run.command for run in read[1].runs] == [Command.PLAN]


def test_a_test_folder_is_below_the_configuration() -> None:
    _, diags = read_test_files(MemoryFiles({}), "../elsewhere")
    assert [each.summary for each in diags] == ["Invalid testing directory"]


def test_a_mock_takes_what_it_does_not_say_itself_from_its_folder() -> None:
    shared = 'mock_resource "a" {\n}\nmock_resource "b" {\n}\n'
    own = 'mock_provider "p" {\nsource = "./mocks"\nmock_resource "b" {\n}\n}\n'
    texts = {"mocks/all.tfmock.hcl": shared, "a.tftest.hcl": own}
    (read,), diags = read_test_files(MemoryFiles(texts))
    assert not diags
    (mock,) = read.providers.values()
    assert isinstance(mock, Mock)
    assert [(each.type, each.span.source.path) for each in mock.types] == [
        ("b", "a.tftest.hcl"),
        ("a", "mocks/all.tfmock.hcl"),
    ]
