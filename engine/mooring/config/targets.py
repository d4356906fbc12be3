"""Addresses written in configuration: what `moved`, `removed` and `import` blocks name.

An address is a path of module calls, then a resource or nothing: `module.a["x"].data.type.name[0]`. Unlike a
reference it leads into no value.
"""

from __future__ import annotations

from typing import Final

from mooring.config.references import instance_key
from mooring.core.addresses import (
    ConfigAddress,
    InstanceAddress,
    InstanceKey,
    Mode,
    ModuleInstance,
    ModulePath,
    ModuleStep,
    ResourceAddress,
    format_module,
    module_path,
)
from mooring.core.diagnostics import Diagnostic, error
from mooring.core.records import record
from mooring.core.spans import Span
from mooring.syntax.nodes import AttrStep, IndexStep, Traversal, TraversalStep

RESERVED: Final = frozenset(
    {"var", "local", "path", "each", "count", "self", "terraform", "template", "lazy", "arg"}
)
"""Words that are no types of resources, unless "resource." stands before them."""
_MODES: Final[dict[str, Mode]] = {"resource": "managed", "data": "data", "ephemeral": "ephemeral"}


@record(kw_only=True)
class Target:
    """What an address names: a module (`type` and `name` are empty), a resource or an instance.

    `module_key_span` is the key of the innermost module, `key_span` the resource's, where they have one.
    """

    module: ModuleInstance
    mode: Mode = "managed"
    type: str = ""
    name: str = ""
    key: InstanceKey = None
    span: Span
    key_span: Span | None = None
    module_key_span: Span | None = None

    def __str__(self) -> str:
        return format_module(self.module) if self.is_module else str(self.instance)

    @property
    def is_module(self) -> bool:
        """Whether it names a module."""
        return not self.type

    @property
    def path(self) -> ModulePath:
        """The calls that lead to the module, or to the module of the resource."""
        return module_path(self.module)

    @property
    def last_key(self) -> InstanceKey:
        """The key of what it names: of a module its innermost call's, else the resource's."""
        return self.module[-1].key if self.is_module else self.key

    @property
    def instance(self) -> InstanceAddress:
        """The instance it names; without a key that is the resource's only one."""
        return ResourceAddress(self.module, self.mode, self.type, self.name).instance(self.key)

    @property
    def in_config(self) -> ConfigAddress:
        """The resource as the configuration names it."""
        return ConfigAddress(self.path, self.mode, self.type, self.name)


class _InvalidAddress(Exception):  # noqa: N818 - control flow, never seen outside
    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic


def parse_target(traversal: Traversal) -> Target | Diagnostic:
    """What an address names, or why it names nothing."""
    try:
        return _AddressReader(traversal).read()
    except _InvalidAddress as invalid:
        return invalid.diagnostic


class _AddressReader:
    """The place in an address while it is read."""

    def __init__(self, traversal: Traversal) -> None:
        self._traversal = traversal
        root: TraversalStep = AttrStep(traversal.root, traversal.root_span)
        self._steps: list[TraversalStep] = [root, *traversal.steps]
        self._at = 0

    def read(self) -> Target:
        module, module_key_span = self._read_modules()
        if self._at == len(self._steps):
            return Target(module=module, span=self._traversal.span, module_key_span=module_key_span)
        mode = self._read_mode()
        start = self._here
        type_ = self._read_name("The address of a resource has a type and a name: TYPE.NAME.", start)
        if type_ in RESERVED and mode == "managed" and self._at == 1:
            self._refuse(
                f'"{type_}" is a word of the language. Before the type of a resource write "resource.".',
                self._traversal.span,
            )
        if self._at == len(self._steps):
            self._refuse("The address of a resource has a type and a name: TYPE.NAME.", start)
        name = self._read_name("The type must be followed by the name of a resource.", self._here)
        key, key_span = self._read_key()
        if self._at < len(self._steps):
            self._refuse_rest(has_key=key_span is not None)
        return Target(
            module=module,
            mode=mode,
            type=type_,
            name=name,
            key=key,
            span=self._traversal.span,
            key_span=key_span,
            module_key_span=module_key_span,
        )

    @property
    def _here(self) -> Span:
        return self._steps[min(self._at, len(self._steps) - 1)].span

    def _read_modules(self) -> tuple[ModuleInstance, Span | None]:
        module: list[ModuleStep] = []
        key_span: Span | None = None
        while self._at < len(self._steps) and _named(self._steps[self._at]) == "module":
            keyword = self._here
            self._at += 1
            name = _named(self._steps[self._at]) if self._at < len(self._steps) else None
            if name is None:
                detail = '"module." must be followed by the name of a module.'
                raise _InvalidAddress(error("Invalid address operator", detail, keyword))
            self._at += 1
            key, key_span = self._read_key()
            module.append(ModuleStep(name, key))
        return tuple(module), key_span

    def _read_mode(self) -> Mode:
        mode = _MODES.get(_named(self._steps[self._at]) or "")
        if mode is None:
            return "managed"
        self._at += 1
        return mode

    def _read_name(self, otherwise: str, span: Span) -> str:
        name = _named(self._steps[self._at]) if self._at < len(self._steps) else None
        if name is None:
            self._refuse(otherwise, span)
        self._at += 1
        return name or ""

    def _read_key(self) -> tuple[InstanceKey, Span | None]:
        if self._at == len(self._steps):
            return None, None
        step = self._steps[self._at]
        if not isinstance(step, IndexStep):
            return None, None
        key = instance_key(step)
        if isinstance(key, Diagnostic):
            self._refuse(key.detail, step.span)
            return None, None
        self._at += 1
        return key, step.span

    def _refuse_rest(self, *, has_key: bool) -> None:
        last = self._steps[-1]
        if len(self._steps) - self._at == 1 and not has_key:
            self._refuse("The key of an instance stands in square brackets.", last.span)
        self._refuse("Nothing can follow the address.", last.span)

    def _refuse(self, detail: str, span: Span) -> None:
        raise _InvalidAddress(error("Invalid address", detail, span))


def _named(step: TraversalStep) -> str | None:
    return step.name if isinstance(step, AttrStep) else None
