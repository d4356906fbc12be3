"""Which of a list's items a query asks for: active or archived ones, the default, the newest first.

Source: specs operations-2025-12-01 for the names (listViewType, isDefault, orderBy, top).
"""

from collections.abc import Sequence

from mooring_emulator.arm.call import Call
from mooring_emulator.store.model import Document


def select(call: Call, found: Sequence[Document]) -> Sequence[Document] | None:
    """Filter and order; None when the query does neither."""
    query = call.url.query
    view = query.get("listviewtype", "").lower()
    order = (query.get("$orderby") or query.get("orderby") or "").lower()
    default = query.get("isdefault", "").lower()
    if not (view or order or default):
        return None
    chosen = [document for document in found if _is_wanted(document, view, default)]
    if order.endswith("desc"):
        chosen = sorted(chosen, key=_created, reverse=True)
    top = query.get("$top", "")
    return chosen[: int(top)] if top.isdecimal() and len(top) < 9 and int(top) else chosen


def _is_wanted(document: Document, view: str, default: str) -> bool:
    is_archived = document.properties.get("isArchived") is True
    if view and view != "all" and is_archived != (view == "archivedonly"):
        return False
    return not default or bool(document.properties.get("isDefault")) == (default == "true")


def _created(document: Document) -> tuple[str, str]:
    return (document.body.get("systemData") or {}).get("createdAt", ""), document.key
