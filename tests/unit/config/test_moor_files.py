"""`*.moor.hcl` files: what they set, and what is wrong with them."""

from __future__ import annotations

from tests.unit.config.configurations import lines

from mooring.config.files import MemoryFiles
from mooring.config.moor_files import load_settings


def problems(text: str) -> list[str]:
    return lines(load_settings(".", MemoryFiles({"policy.moor.hcl": text}))[1])


def test_a_guard_is_read_with_all_that_it_says() -> None:
    text = """
    guard "production" {
      forbid    = ["destroy", "replace"]
      types     = ["lab_thing"]
      addresses = ["module.core", "lab_thing.main[0]"]
      reason    = "Ask."
    }
    """
    settings, diags = load_settings(".", MemoryFiles({"policy.moor.hcl": text}))

    assert diags == ()
    [guard] = settings.guards
    assert (guard.name, guard.forbid, guard.reason) == (
        "production",
        frozenset({"destroy", "replace"}),
        "Ask.",
    )
    assert [name for name, _ in guard.types or ()] == ["lab_thing"]
    assert [str(each) for each in guard.addresses or ()] == ["module.core", "lab_thing.main[0]"]


def test_files_that_editors_leave_behind_and_those_of_other_folders_are_not_read() -> None:
    bad = "guard"
    files = {"a.moor.hcl~": bad, ".b.moor.hcl": bad, "inner/c.moor.hcl": bad, "d.moor.hcl.orig": bad}

    assert load_settings(".", MemoryFiles(files))[1] == ()


def test_a_guard_must_say_what_it_forbids() -> None:
    assert problems('guard "one" {}') == ["error policy.moor.hcl:1 Missing required argument"]
    assert problems('guard "one" {\n  forbid = []\n}') == ["error policy.moor.hcl:2 Guard without effect"]


def test_only_kinds_of_changes_can_be_forbidden() -> None:
    text = 'guard "one" {\n  forbid = ["destroy", "destruction", 5]\n}'

    assert problems(text) == [
        "error policy.moor.hcl:2 Unknown kind of change",
        "error policy.moor.hcl:2 Invalid expression",
    ]


def test_other_blocks_are_not_taken() -> None:
    assert problems('gard "one" {}') == ["error policy.moor.hcl:1 Unsupported block type"]


def test_a_name_is_used_once_across_the_files() -> None:
    text = 'guard "one" {\n  forbid = ["update"]\n}\n'
    _, diags = load_settings(".", MemoryFiles({"a.moor.hcl": text, "b.moor.hcl": text}))

    assert lines(diags) == ["error b.moor.hcl:1 Duplicate guard"]
