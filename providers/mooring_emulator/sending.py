"""Requests by hand: short paths and a default api-version.

Behind `moor emulator request METHOD PATH [JSON]`. A path that starts with dots is the end of an id that
exists: `.../computes/cpu-cluster`, `.../computes/ci/stop`, `.../workspaces/ws/computes`, and for a PUT one
that is to be created beside what exists. Nothing else of the request is filled in.
"""

from collections.abc import Sequence

from mooring_emulator.arm.catalog import Catalog
from mooring_emulator.arm.errors import ArmError, error_object
from mooring_emulator.arm.urls import parse_url
from mooring_emulator.arm.versions import MACHINE_LEARNING, RESOURCES
from mooring_emulator.codec import Json, encode
from mooring_emulator.emulator import Emulator
from mooring_emulator.messages import Request, Response, json_response

_DOTS = "..."
_CANDIDATES_SHOWN = 20


def send(emulator: Emulator, method: str, path: str, json_body: Json = None) -> Response:
    """Send a request to the emulator and give its response.

    `path` is a path with or without a query, or an abbreviated one. An abbreviation that fits no id or
    several is answered, without a request, by 404 NoMatchingResource or 400 AmbiguousPath whose details name
    the candidates.
    """
    try:
        full_path = _expand(emulator, method.upper(), path) if path.startswith(_DOTS) else path
    except ArmError as error:
        return json_response(error.status, error.body())
    url = _with_api_version(emulator.world.catalog, full_path)
    body = b"" if json_body is None else encode(json_body)
    headers = {"Content-Type": "application/json"} if body else {}
    return emulator.handle(Request(method=method, url=url, headers=headers, body=body))


def _expand(emulator: Emulator, method: str, path: str) -> str:
    """Find the id whose end the path is.

    For an action, a list or a new resource the end of the id is the path without its last segments.
    """
    suffix, question_mark, query = path.lstrip(".").partition("?")
    segments = [segment for segment in suffix.split("/") if segment]
    ids = emulator.resource_ids()
    for rest in range(3 if method == "PUT" else 2):
        end = "/" + "/".join(segments[: len(segments) - rest]).lower()
        found = (
            [resource_id for resource_id in ids if resource_id.lower().endswith(end)] if end != "/" else []
        )
        if len(found) > 1:
            raise _ambiguous(path, found)
        if found:
            return "/".join((found[0], *segments[len(segments) - rest :])) + question_mark + query
    raise _no_match(method, path, segments[-1] if segments else "", ids)


def _ambiguous(path: str, found: list[str]) -> ArmError:
    details = [error_object("Candidate", resource_id) for resource_id in found[:_CANDIDATES_SHOWN]]
    message = f"The path '{path}' is the end of {len(found)} resource ids. Write more of it."
    return ArmError(400, "AmbiguousPath", message, details=details)


def _no_match(method: str, path: str, name: str, ids: Sequence[str]) -> ArmError:
    similar = [resource_id for resource_id in ids if name and name.lower() in resource_id.lower()]
    message = f"The path '{path}' is the end of no resource id."
    if method == "PUT":
        message += (
            " A PUT of something new needs its whole resource id (/subscriptions/...), or the end of it from"
            " a parent that exists (.../workspaces/NAME/computes/NEW)."
        )
    shown = similar if method == "PUT" else similar or ids
    if shown:
        message += " Candidates are in the details."
    details = [error_object("Candidate", resource_id) for resource_id in shown[:_CANDIDATES_SHOWN]]
    return ArmError(404, "NoMatchingResource", message, details=details)


def _with_api_version(catalog: Catalog, path: str) -> str:
    url = parse_url(path)
    if url.api_version:
        return path
    version = _default_api_version(catalog, url.segments)
    return f"{path}{'&' if '?' in path else '?'}api-version={version}"


def _default_api_version(catalog: Catalog, segments: tuple[str, ...]) -> str:
    """Give the newest stable version of the longest type the path names."""
    lowered = [segment.lower() for segment in segments]
    if "providers" not in lowered:
        return _newest(RESOURCES)
    namespace, *rest = lowered[lowered.index("providers") + 1 :] or [""]
    types = rest[0::2]
    for length in range(len(types), 0, -1):
        kind = catalog.kind("/".join((namespace, *types[:length])))
        if kind is not None:
            return kind.default_api_version
    kinds = catalog.namespaces.get(namespace, ())
    return kinds[0].default_api_version if kinds else _newest(MACHINE_LEARNING)


def _newest(versions: tuple[str, ...]) -> str:
    return next(version for version in reversed(versions) if not version.endswith("preview"))
