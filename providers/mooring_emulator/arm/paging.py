"""Lists, page by page.

A `nextLink` is the absolute URL of the next page on the request's own origin. The page starts at the number
of items in `$skip` (Microsoft.MachineLearningServices) or `$skiptoken` (everything else); `$top` makes pages
smaller or larger.
"""

import re
from collections.abc import Callable
from typing import TypeAlias

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.errors import ArmError
from mooring_emulator.codec import Json, JsonObject
from mooring_emulator.messages import json_response
from mooring_emulator.store.model import Document

Render: TypeAlias = Callable[[Document], Json]
"""How a list shows a document."""

_LARGEST_PAGE = 1000
_NUMBER = re.compile(r"[0-9]{1,9}")


def list_page(call: Call, prefix: str, types: frozenset[str], *, render: Render) -> Outcome:
    """Answer one page of the documents of some types below a key prefix."""
    start, size = _number(call, "$skip") or _number(call, "$skiptoken"), _page_size(call)
    found = call.view.documents(prefix, types, offset=start, limit=size + 1)
    page: JsonObject = {"value": [render(document) for document in found[:size]]}
    if len(found) > size:
        page["nextLink"] = _next_link(call, start + size)
    return Outcome(response=json_response(200, page))


def list_all(values: list[Json]) -> Outcome:
    """Answer a list that fits into one page."""
    return Outcome(response=json_response(200, {"value": values}))


def _page_size(call: Call) -> int:
    wanted = _number(call, "$top")
    return min(wanted, _LARGEST_PAGE) if wanted else call.world.page_size


def _next_link(call: Call, start: int) -> str:
    is_machine_learning = "microsoft.machinelearningservices" in call.url.path.lower()
    name = "$skip" if is_machine_learning else "$skiptoken"
    return call.url.link(call.url.path, {**call.url.query, name: str(start)})


def _number(call: Call, name: str) -> int:
    text = call.url.query.get(name, "")
    if not text:
        return 0
    if not _NUMBER.fullmatch(text):
        raise ArmError(400, "InvalidQueryParameterValue", f"The value '{text}' of '{name}' is not a number.")
    return int(text)
