from typing import Final

import pytest

from mooring_azureml.arm.ids import (
    GROUP_TYPE,
    child_id,
    collection_of,
    group_id,
    id_in,
    parent_of,
    parse_id,
    resource_id,
    same_id,
    type_of,
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


_PORTAL: Final = "https://portal.azure.com/#@contoso.com/resource"
_STUDIO: Final = "https://ml.azure.com"
_WSID: Final = f"wsid={_WORKSPACE}&tid=11111111-1111-1111-1111-111111111111"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"{_PORTAL}{_WORKSPACE}/overview", _WORKSPACE),
        (f"{_PORTAL}{_WORKSPACE}", _WORKSPACE),
        (f"{_PORTAL}{group_id('s', 'g')}/users", group_id("s", "g")),
        (f"https://portal.azure.us/#resource{_WORKSPACE}/overview", _WORKSPACE),
        (f"{_STUDIO}/compute/cpu/details?{_WSID}", f"{_WORKSPACE}/computes/cpu"),
        (f"{_STUDIO}/home?{_WSID}", _WORKSPACE),
        (f"{_STUDIO}/?{_WSID.replace('/', '%2F')}", _WORKSPACE),
        (f"{_STUDIO}/data/datastore/images/edit?{_WSID}", f"{_WORKSPACE}/datastores/images"),
        (f"{_STUDIO}/endpoints/realtime/scoring/detail?{_WSID}", f"{_WORKSPACE}/onlineEndpoints/scoring"),
        (f"{_STUDIO}/environments/py/version/3?{_WSID}", f"{_WORKSPACE}/environments/py/versions/3"),
        (f"  {_WORKSPACE} ", _WORKSPACE),
        ("https://example.org/nothing", "https://example.org/nothing"),
        ("cpu-cluster", "cpu-cluster"),
    ],
)
def test_an_id_is_found_in_the_address_of_a_page(address: str, expected: str) -> None:
    assert id_in(address) == expected


_LOCK: Final = f"{_WORKSPACE}/providers/Microsoft.Authorization/locks/l"


@pytest.mark.parametrize(
    ("text", "kind", "parent"),
    [
        (_IDS[0], GROUP_TYPE, "/subscriptions/s"),
        (_WORKSPACE, "Microsoft.MachineLearningServices/workspaces", _IDS[0]),
        (_IDS[2], "Microsoft.MachineLearningServices/workspaces/computes", _WORKSPACE),
        (_LOCK, "Microsoft.Authorization/locks", _WORKSPACE),
    ],
)
def test_the_type_and_the_parent_of_any_id_are_known(text: str, kind: str, parent: str) -> None:
    assert (type_of(text), parent_of(text)) == (kind, parent)


@pytest.mark.parametrize("text", ["", "/subscriptions/s", f"{_WORKSPACE}/computes", "computes/c"])
def test_what_names_no_resource_has_no_type(text: str) -> None:
    assert type_of(text) == ""
