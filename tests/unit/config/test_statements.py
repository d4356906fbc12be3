"""Statements about objects that exist, beside what is declared."""

from __future__ import annotations

import pytest
from tests.unit.config.configurations import lines, loaded

from mooring.config.statements import check_statements

DECLARED = """resource "t" "a" {}
resource "t" "b" {}
resource "t" "counted" { count = 2 }
module "m" { source = "./m" }
"""


def statements(text: str, *, generates: bool = False) -> list[str]:
    files = {"main.tf": DECLARED, "m/main.tf": 'resource "t" "inner" {}', "moves.tf": text}
    return lines(check_statements(loaded(files), generates_configuration=generates))


def move(source: str, destination: str) -> str:
    return f"moved {{\n from = {source}\n to = {destination}\n}}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (move("t.x", "t.a"), []),
        (move("t.x", "t.y"), []),
        (move("t.a", "t.a"), ["error moves.tf:1 Redundant move statement"]),
        (move("module.x", "module.x"), ["error moves.tf:1 Redundant move statement"]),
        (move("t.a", "t.b"), ["error moves.tf:1 Moved object still exists"]),
        (move("module.m", "module.n"), ["error moves.tf:1 Moved object still exists"]),
        (move("module.m.t.inner", "t.a"), ["error moves.tf:1 Moved object still exists"]),
        (move("t.counted", "t.counted[0]"), []),
        (move("t.a[0]", "t.a"), []),
        (move("t.counted[1]", "t.a"), ["error moves.tf:1 Moved object still exists"]),
        (move("t.counted[2]", "t.a"), []),
        (move("t.x", "t.a") + move("t.y", "t.a"), ["error moves.tf:5 Ambiguous move statements"]),
        (move("t.x", "t.a") + move("t.x", "t.b"), ["error moves.tf:5 Ambiguous move statements"]),
        (move("t.x", "t.y") + move("t.y", "t.a"), []),
        (move("t.x", "t.y") + move("t.y", "t.x"), ["error Cyclic dependency in move statements"]),
        (move("t.a", "t.x") + move("t.x", "t.a"), ["error moves.tf:1 Moved object still exists"]),
    ],
)
def test_moves(text: str, expected: list[str]) -> None:
    assert statements(text) == expected


def test_what_was_removed_is_not_declared() -> None:
    assert statements(
        "removed {\n from = t.a\n}\nremoved {\n from = module.m\n}\nremoved {\n from = t.x\n}"
    ) == [
        "error main.tf:1 Removed resource still exists",
        "error main.tf:4 Removed module still exists",
    ]


def test_what_is_imported_is_declared_unless_it_will_be_generated() -> None:
    text = 'import {\n to = t.x\n id = "1"\n}\nimport {\n to = t.counted[1]\n id = "2"\n}'
    assert statements(text) == ["error moves.tf:2 Configuration for import target does not exist"]
    assert statements(text, generates=True) == []
