"""Records: frozen values with named fields, what every value that crosses a module is.

Written like a frozen, slotted dataclass, and made by msgspec in C. The engine has about 200 of them and makes
millions of instances: a class costs 0.02 ms at import instead of 0.8 ms, an instance 0.11 us instead of
0.61 us. That is half of the time a small plan takes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar, cast, dataclass_transform, overload

import msgspec
from msgspec import field

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["field", "record", "replace"]

T = TypeVar("T")
_NOT_COPIED: Final = frozenset({"__dict__", "__weakref__"})


@overload
def record(cls: type[T], /) -> type[T]: ...
@overload
def record(*, kw_only: bool = False, eq: bool = True) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(
    cls: type[T] | None = None, /, *, kw_only: bool = False, eq: bool = True
) -> type[T] | Callable[[type[T]], type[T]]:
    """Makes a class with annotated fields a record.

    Records compare and hash by their fields, or by identity without `eq`; `kw_only` forbids positions.
    """
    if cls is None:
        return lambda each: _make(each, kw_only=kw_only, eq=eq)
    return _make(cls, kw_only=kw_only, eq=eq)


def _make(cls: type[T], *, kw_only: bool, eq: bool) -> type[T]:
    namespace = {name: each for name, each in vars(cls).items() if name not in _NOT_COPIED}
    made = msgspec.StructMeta(cls.__name__, (msgspec.Struct,), namespace, frozen=True, kw_only=kw_only, eq=eq)
    return cast("type[T]", made)


def replace(of: T, /, **changes: object) -> T:
    """A copy of a record, or of a dataclass, with some fields changed."""
    if isinstance(of, msgspec.Struct):
        return cast("T", msgspec.structs.replace(of, **changes))
    return cast("T", dataclasses.replace(cast("DataclassInstance", of), **changes))
