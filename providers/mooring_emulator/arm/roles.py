"""Azure's built-in roles, as far as somebody with an Azure ML workspace meets them.

Source: "Azure built-in roles" for ids, actions and notActions. In a pattern `*` stands for anything, and
`/*/` for nothing too: `workspaces/computes/*/write` of the Data Scientist's notActions is what forbids
`workspaces/computes/write`.
"""

import re
from dataclasses import dataclass

_ML = "Microsoft.MachineLearningServices/workspaces"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a role lets its holder do; `id` is the GUID that ends the id of its definition."""

    id: str
    name: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()

    def allows(self, action: str) -> bool:
        """Say whether an action such as `Microsoft.Storage/storageAccounts/write` is among the role's."""
        return _fits_any(self.actions, action) and not _fits_any(self.not_actions, action)


BUILT_IN = (
    Role(id="8e3af657-a8ff-443c-a75c-2fe8c4bcb635", name="Owner", actions=("*",)),
    Role(
        id="b24988ac-6180-42a0-ab88-20f7382dd24c",
        name="Contributor",
        actions=("*",),
        not_actions=(
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
        ),
    ),
    Role(id="acdd72a7-3385-48ef-bd42-f606fba81ae7", name="Reader", actions=("*/read",)),
    Role(
        id="18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        name="User Access Administrator",
        actions=("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"),
    ),
    Role(
        id="f6c7c914-8db3-469d-8ca1-694a8f32e121",
        name="AzureML Data Scientist",
        actions=(f"{_ML}/*/read", f"{_ML}/*/action", f"{_ML}/*/delete", f"{_ML}/*/write"),
        not_actions=(
            *(f"{_ML}/delete", f"{_ML}/write", f"{_ML}/computes/*/write", f"{_ML}/computes/*/delete"),
            *(f"{_ML}/computes/listKeys/action", f"{_ML}/listKeys/action"),
        ),
    ),
    Role(
        id="e503ece1-11d0-4e8e-8e2c-7a6c3bf38815",
        name="AzureML Compute Operator",
        actions=(f"{_ML}/computes/*", f"{_ML}/notebooks/vm/*"),
    ),
)
"""The roles; role assignments that name another one grant nothing."""


def find_role(name_or_id: str) -> Role | None:
    """Find a role by its name, its GUID or the id of its definition."""
    wanted = name_or_id.rpartition("/")[2].lower()
    return next((role for role in BUILT_IN if wanted in {role.id, role.name.lower()}), None)


def _fits_any(patterns: tuple[str, ...], action: str) -> bool:
    return any(_expression(pattern).fullmatch(action) for pattern in patterns)


def _expression(pattern: str) -> re.Pattern[str]:
    text = re.escape(pattern).replace(r"/\*/", "/(.*/)?").replace(r"\*", ".*")
    return re.compile(text, re.IGNORECASE)
