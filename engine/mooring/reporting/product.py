"""The names and versions that stand in the product's texts, in one place."""

from __future__ import annotations

from typing import Final

PRODUCT: Final = "Mooring"
COMMAND: Final = "moor"
TERRAFORM_VERSION: Final = "1.11.4"
"""The version of the language and formats spoken: what `terraform_version` is in every JSON form."""
UI_VERSION: Final = "1.2"
PLAN_FORMAT: Final = "1.2"
STATE_FORMAT: Final = "1.0"
