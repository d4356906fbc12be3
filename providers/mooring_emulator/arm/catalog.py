"""Which resource types and routes exist.

Owns `Catalog`, an index over the kinds and routes it is built from, and `Route`. Must not name any type: the
one table that does is `mooring_emulator.tables`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mooring_emulator.arm.call import Handler
    from mooring_emulator.arm.kinds import ResourceKind

ANY = "*"
"""A route for every method."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A path template for one method, or `ANY`.

    `{name}` matches one segment, a last `{name*}` the rest. `api_versions` are those the path supports; empty
    when the handler decides, because they depend on the resource type. Paths outside ARM need none.
    """

    method: str
    template: str
    handler: Handler
    api_versions: tuple[str, ...] = ()
    needs_api_version: bool = True

    @property
    def parts(self) -> tuple[str, ...]:
        """Give the template's segments."""
        return tuple(part for part in self.template.split("/") if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRoute:
    """A route with its template taken apart: literal segments in lower case, placeholders by position."""

    route: Route
    literals: tuple[tuple[int, str], ...]
    placeholders: tuple[tuple[int, str], ...]
    length: int
    rest: str

    def match(self, segments: Sequence[str], lowered: Sequence[str]) -> dict[str, str] | None:
        """Give the values of the placeholders when a path matches; the rest keeps its slashes."""
        if len(segments) < self.length or (not self.rest and len(segments) > self.length):
            return None
        if any(lowered[position] != literal for position, literal in self.literals):
            return None
        values = {name: segments[position] for position, name in self.placeholders}
        return values | ({self.rest: "/".join(segments[self.length :])} if self.rest else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """The resource types by lower-case name and by namespace, and the routes in order of precedence."""

    kinds: Mapping[str, ResourceKind]
    namespaces: Mapping[str, tuple[ResourceKind, ...]]
    routes: tuple[CompiledRoute, ...]

    def kind(self, type_name: str) -> ResourceKind | None:
        """Find a type by its name in any case, `microsoft.storage/storageaccounts`."""
        return self.kinds.get(type_name.lower())

    @property
    def all_types(self) -> frozenset[str]:
        """Give the names of all types."""
        return frozenset(kind.type for kind in self.kinds.values())

    @property
    def tracked_types(self) -> frozenset[str]:
        """Give the types that the generic lists show."""
        return frozenset(kind.type for kind in self.kinds.values() if kind.is_tracked)


def build_catalog(kinds: Sequence[ResourceKind], routes: Sequence[Route]) -> Catalog:
    """Index the tables."""
    namespaces: dict[str, tuple[ResourceKind, ...]] = {}
    for kind in kinds:
        folded = kind.namespace.lower()
        namespaces[folded] = (*namespaces.get(folded, ()), kind)
    return Catalog(
        kinds={kind.type.lower(): kind for kind in kinds},
        namespaces=namespaces,
        routes=tuple(_compile(route) for route in routes),
    )


def _compile(route: Route) -> CompiledRoute:
    parts = route.parts
    rest = parts[-1][1:-2] if parts[-1].endswith("*}") else ""
    fixed = parts[:-1] if rest else parts
    return CompiledRoute(
        route=route,
        literals=tuple((i, part.lower()) for i, part in enumerate(fixed) if not part.startswith("{")),
        placeholders=tuple((i, part[1:-1]) for i, part in enumerate(fixed) if part.startswith("{")),
        length=len(fixed),
        rest=rest,
    )
