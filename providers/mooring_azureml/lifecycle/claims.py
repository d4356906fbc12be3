"""What can belong to one object only, within one run: for what reality cannot show yet.

Mutable on purpose, named in ARCHITECTURE.md, and private to a connection: two objects of one plan that want
the same thing are both still to be created, so no request can find out.
"""

from __future__ import annotations

from threading import Lock
from typing import Final

from mooring_azureml.ids import normal_id


class Claims:
    """Who was first to claim what; both are resource ids."""

    def __init__(self) -> None:
        self._lock: Final = Lock()
        self._holders: Final[dict[str, str]] = {}

    def claim(self, what: str, holder: str) -> str | None:
        """Claim for `holder`; the id of another that came first, if there is one."""
        with self._lock:
            first = self._holders.setdefault(normal_id(what), holder)
        return None if normal_id(first) == normal_id(holder) else first
