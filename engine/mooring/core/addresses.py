"""Names of things: modules, resources, instances, providers; tuples, to be dictionary keys by the thousand.

A *module path* (`tuple[str, ...]`) names a module call in the configuration; a *module instance*
(`tuple[ModuleStep, ...]`) names one of its instances. The root module is `()` in both.
"""

from __future__ import annotations

import json
import re
from typing import Final, Literal, NamedTuple

InstanceKey = None | int | str
Mode = Literal["managed", "data", "ephemeral"]
ModulePath = tuple[str, ...]


class ModuleStep(NamedTuple):
    """One module call on the way down, and which instance of it."""

    name: str
    key: InstanceKey = None

    def __str__(self) -> str:
        return f"module.{self.name}{format_key(self.key)}"


ModuleInstance = tuple[ModuleStep, ...]
ROOT: Final[ModuleInstance] = ()


class ResourceAddress(NamedTuple):
    """A resource of one module instance, all its instances together."""

    module: ModuleInstance
    mode: Mode
    type: str
    name: str

    def __str__(self) -> str:
        prefix = "" if self.mode == "managed" else f"{self.mode}."
        return f"{format_module(self.module, '.')}{prefix}{self.type}.{self.name}"

    def instance(self, key: InstanceKey = None) -> InstanceAddress:
        """The instance with this key."""
        return InstanceAddress(self, key)

    @property
    def in_config(self) -> ConfigAddress:
        """The resource as the configuration names it, whatever the module instance."""
        return ConfigAddress(module_path(self.module), self.mode, self.type, self.name)


class InstanceAddress(NamedTuple):
    """One instance of a resource: what is planned, applied and stored."""

    resource: ResourceAddress
    key: InstanceKey = None

    def __str__(self) -> str:
        return f"{self.resource}{format_key(self.key)}"


class ConfigAddress(NamedTuple):
    """A resource block in the configuration; `module` is the path of calls that leads to it."""

    module: ModulePath
    mode: Mode
    type: str
    name: str

    def __str__(self) -> str:
        prefix = "" if self.mode == "managed" else f"{self.mode}."
        where = "".join(f"module.{name}." for name in self.module)
        return f"{where}{prefix}{self.type}.{self.name}"


class ProviderAddress(NamedTuple):
    """Where a provider comes from: `registry.terraform.io/mooring/azureml`."""

    host: str
    namespace: str
    type: str

    def __str__(self) -> str:
        return f"{self.host}/{self.namespace}/{self.type}"


BUILTIN_PROVIDER: Final = ProviderAddress("terraform.io", "builtin", "terraform")
DEFAULT_HOST: Final = "registry.terraform.io"


class ProviderConfigAddress(NamedTuple):
    """A provider block: in which module (by path) and under which alias."""

    module: ModulePath
    provider: ProviderAddress
    alias: str | None = None

    def __str__(self) -> str:
        where = "".join(f"module.{name}." for name in self.module)
        alias = f".{self.alias}" if self.alias else ""
        return f'{where}provider["{self.provider}"]{alias}'


def module_path(instance: ModuleInstance) -> ModulePath:
    """The calls that lead to a module instance, without their keys."""
    return tuple([step.name for step in instance]) if instance else ()


def format_key(key: InstanceKey) -> str:
    """`[0]`, `["name"]`, or nothing."""
    if key is None:
        return ""
    return f"[{key}]" if isinstance(key, int) else f"[{quote(key)}]"


def format_module(instance: ModuleInstance, suffix: str = "") -> str:
    """`module.a["x"].module.b`, with `suffix` after it unless it is the root."""
    return ".".join(map(str, instance)) + suffix if instance else ""


def quote(text: str) -> str:
    """A string as a literal of the language: `$${` for template markers, escapes for what cannot be seen."""
    if text.isprintable():
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    else:
        text = "".join(map(_escape, text))
    return f'"{text}"'.replace("${", "$${").replace("%{", "%%{")


_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escape(character: str) -> str:
    if character in _ESCAPES or character.isprintable():
        return _ESCAPES.get(character, character)
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def key_order(key: InstanceKey) -> tuple[int, int, str]:
    """Sort key: none, then numbers by value, then strings."""
    if key is None:
        return 0, 0, ""
    return (1, key, "") if isinstance(key, int) else (2, 0, key)


def instance_order(address: InstanceAddress) -> tuple[object, ...]:
    """Sort key: by module, data before managed, type, name, key."""
    module, mode, type_, name = address.resource
    steps = tuple((step.name, key_order(step.key)) for step in module)
    return len(module), steps, mode != "data", mode, type_, name, key_order(address.key)


_STEP: Final = re.compile(
    r"""(?P<name>[^\W\d][\w-]*)(?:\[(?:(?P<number>\d+)|(?P<text>"(?:[^"\\]|\\.)*"))\])?(?:\.|$)"""
)


def parse_instance(text: str) -> InstanceAddress | None:
    """Reads `module.a["x"].data.type.name[0]`; None if it is not the address of a resource (instance)."""
    steps = _parse_steps(text)
    if steps is None:
        return None
    module, rest = _take_modules(steps)
    mode: Mode = "managed"
    if len(rest) == 3 and rest[0] in (("data", None), ("ephemeral", None)):
        mode = "data" if rest[0][0] == "data" else "ephemeral"
        rest = rest[1:]
    if len(rest) != 2 or rest[0][1] is not None:
        return None
    return InstanceAddress(ResourceAddress(module, mode, rest[0][0], rest[1][0]), rest[1][1])


def parse_module(text: str) -> ModuleInstance | None:
    """Reads `module.a["x"].module.b`; None if it is not the address of a module (instance)."""
    steps = _parse_steps(text)
    if steps is None:
        return None
    module, rest = _take_modules(steps)
    return module if not rest else None


_Steps = list[tuple[str, InstanceKey]]


def _parse_steps(text: str) -> _Steps | None:
    steps: _Steps = []
    at = 0
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None or (match.end() == len(text) and text.endswith(".")):
            return None
        number, quoted = match["number"], match["text"]
        key = int(number) if number else unquote(quoted) if quoted else None
        steps.append((match["name"], key))
        at = match.end()
    return steps


_LONG_ESCAPE: Final = re.compile(r"\\(?:U([0-9A-Fa-f]{8})|.)")


def unquote(literal: str) -> str:
    """The string that `quote` made a literal of. Raises `ValueError` if it is no literal."""
    short = _LONG_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[0], literal)
    text: str = json.loads(short, strict=False)
    return text.replace("$${", "${").replace("%%{", "%{")


def _take_modules(steps: _Steps) -> tuple[ModuleInstance, _Steps]:
    module: list[ModuleStep] = []
    at = 0
    while at + 1 < len(steps) and steps[at] == ("module", None):
        module.append(ModuleStep(*steps[at + 1]))
        at += 2
    return tuple(module), steps[at:]
