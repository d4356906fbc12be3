"""The functions of the language, by family. Families are imported when one of their functions is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final, final

from mooring.lang.functions.model import Function, Outside

__all__ = ["FAMILIES", "Library", "Outside"]

FAMILIES: Final[Mapping[str, str]] = {
    name: family
    for family, names in {
        "strings": (
            "chomp endswith indent join lower replace split startswith strcontains strrev substr title trim "
            "trimprefix trimspace trimsuffix upper urlencode"
        ),
        "formats": "format formatlist",
        "regexes": "regex regexall",
        "numeric": "abs ceil floor log max min parseint pow range signum sum",
        "choices": "alltrue anytrue coalesce coalescelist contains element index matchkeys one",
        "lists": "chunklist compact concat distinct flatten length reverse slice sort",
        "sets": "setintersection setproduct setsubtract setunion",
        "maps": "keys lookup merge transpose values zipmap",
        "types": (
            "can ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset "
            "tostring try"
        ),
        "encoding": (
            "base64decode base64encode base64gzip csvdecode jsondecode jsonencode textdecodebase64 "
            "textencodebase64 yamldecode yamlencode"
        ),
        "hashing": ("base64sha256 base64sha512 bcrypt md5 rsadecrypt sha1 sha256 sha512 uuid uuidv5"),
        "network": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
        "moments": "formatdate plantimestamp timeadd timecmp timestamp",
        "filesystem": (
            "abspath basename dirname file filebase64 filebase64sha256 filebase64sha512 fileexists filemd5 "
            "fileset filesha1 filesha256 filesha512 pathexpand"
        ),
        "templating": "templatefile templatestring",
        "removed": "list map",
    }.items()
    for name in names.split()
}
"""Which module of this package each function is in."""


@final
class Library(Mapping[str, Function]):
    """Every function under both of its names (`upper`, `core::upper`), bound to a world outside.

    Functions are made when they are first looked up; a library is used by one thread.
    """

    def __init__(self, outside: Outside, *, without: frozenset[str] = frozenset()) -> None:
        self.outside: Final = outside
        self._without = without
        self._made: dict[str, Function] = {}

    def __getitem__(self, name: str) -> Function:
        made = self._made.get(name)
        if made is not None:
            return made
        plain_name = name.removeprefix("core::")
        family = FAMILIES[plain_name]
        if plain_name in self._without:
            raise KeyError(name)
        for function in import_module(f"{__name__}.{family}").FUNCTIONS:
            bound = function.bound(self.outside, self)
            self._made.setdefault(function.name, bound)
            self._made.setdefault(f"core::{function.name}", bound)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        for name in FAMILIES:
            if name not in self._without:
                yield name
                yield f"core::{name}"

    def __len__(self) -> int:
        return 2 * len(FAMILIES.keys() - self._without)
