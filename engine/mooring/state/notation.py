"""How addresses and paths are written in a stored state: Terraform's notation, in snapshot and journal alike.

Must not know files or events.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from mooring.core.addresses import (
    BUILTIN_PROVIDER,
    DEFAULT_HOST,
    ConfigAddress,
    ProviderAddress,
    ProviderConfigAddress,
    module_path,
    parse_instance,
    parse_module,
)
from mooring.core.codec import Json
from mooring.core.paths import Attr, Index, Path, Step
from mooring.core.values import Value

_PROVIDER: Final = re.compile(
    r'(?P<module>(?:module\.[^."]+\.)*)provider'
    r'(?:\["(?P<source>[^"]+)"\]|\.(?P<legacy>[\w-]+))'
    r"(?:\.(?P<alias>[\w-]+))?"
)
_LEGACY_NAMESPACE: Final = "-"


class NotationError(ValueError):
    """Stored text is not what it should be; the message says what was found."""


def parse_provider(text: str) -> ProviderConfigAddress:
    """Reads `module.a.provider["host/namespace/type"].alias`, or `provider.type` of old states.

    Raises `NotationError`.
    """
    match = _PROVIDER.fullmatch(text)
    if match is None:
        raise NotationError(f"{text!r} does not name a provider configuration")
    module = parse_module(match["module"].removesuffix("."))
    if module is None:
        raise NotationError(f"{text!r} does not name a provider configuration")
    provider = _parse_source(match["source"]) if match["source"] else _legacy(match["legacy"])
    return ProviderConfigAddress(module_path(module), provider, match["alias"])


def _parse_source(text: str) -> ProviderAddress:
    parts = text.split("/")
    if len(parts) != 3 or not all(parts):
        raise NotationError(f"{text!r} is not the address of a provider")
    return ProviderAddress(*parts)


def _legacy(name: str) -> ProviderAddress:
    if name == BUILTIN_PROVIDER.type:
        return BUILTIN_PROVIDER
    return ProviderAddress(DEFAULT_HOST, _LEGACY_NAMESPACE, name)


def parse_dependency(text: str) -> ConfigAddress:
    """Reads `module.a.data.type.name`. Raises `NotationError`."""
    address = parse_instance(text)
    if address is None:
        raise NotationError(f"{text!r} does not name a resource")
    return address.resource.in_config


# -- paths ---------------------------------------------------------------------------------------


def encode_path(path: Path) -> Json:
    """A path as a list of steps; one into a set leads to the set, whose elements have no names."""
    steps: list[Json] = []
    for step in path:
        if isinstance(step, Attr):
            steps.append({"type": "get_attr", "value": step.name})
        elif isinstance(step.key, Value):
            break
        else:
            kind = "string" if isinstance(step.key, str) else "number"
            steps.append({"type": "index", "value": {"value": step.key, "type": kind}})
    return steps


def decode_path(steps: Json) -> Path:
    """The path of a list of steps. Raises `NotationError`."""
    if not isinstance(steps, Sequence) or isinstance(steps, str):
        raise NotationError("a path must be a list of steps")
    return tuple([_decode_step(step) for step in steps])


def _decode_step(step: Json) -> Step:
    if isinstance(step, Mapping):
        kind, value = step.get("type"), step.get("value")
        if kind == "get_attr" and isinstance(value, str):
            return Attr(value)
        if kind == "index" and isinstance(value, Mapping):
            key = value.get("value")
            if isinstance(key, str) or (isinstance(key, int) and not isinstance(key, bool)):
                return Index(key)
    raise NotationError("a step of a path is neither an attribute name nor an index")
