from typing import Final

import pytest

from mooring_azureml.ids import (
    child_id,
    collection_of,
    group_id,
    parse_id,
    resource_id,
    same_id,
)

_WORKSPACE: Final = resource_id("s", "g", "Microsoft.MachineLearningServices/workspaces", "w")
_IDS: Final = (group_id("s", "g"), _WORKSPACE, child_id(_WORKSPACE, "computes", "c"))


@pytest.mark.parametrize("text", _IDS)
def test_an_id_is_built_from_its_parts_again(text: str) -> None:
    assert str(parse_id(text)) == text


@pytest.mark.parametrize("text", _IDS)
def test_casing_and_slashes_do_not_count(text: str) -> None:
    assert same_id(text, text.upper().replace("/", "//"))


def test_the_parent_of_a_compute_is_its_workspace() -> None:
    compute = parse_id(_IDS[2])
    assert compute is not None

    assert (str(compute.parent), str(compute.parent.parent)) == (_WORKSPACE, _IDS[0])


def test_a_type_is_recognised_in_any_casing() -> None:
    parsed = parse_id(_IDS[2].lower())
    assert parsed is not None

    assert parsed.is_a("Microsoft.MachineLearningServices/workspaces/computes")
    assert not parsed.is_a("Microsoft.MachineLearningServices/workspaces")


def test_the_collection_is_the_id_without_the_name() -> None:
    assert collection_of(_IDS[2]) == f"{_WORKSPACE}/computes"


@pytest.mark.parametrize(
    "text",
    ["", "cpu-cluster", "/subscriptions/s", "/subscriptions/s/resourceGroups", f"{_WORKSPACE}/computes"],
)
def test_other_texts_are_no_ids(text: str) -> None:
    assert parse_id(text) is None
