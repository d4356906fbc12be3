"""What a traversal refers to: `var.x`, `azureml_compute.a["k"].id`, `module.net.vpc`, `each.key`.

Owns the grammar of references, and nothing of what exists: whether `var.x` is declared is the business of
checks.py, what it is worth the evaluation's. A reference takes the first steps of its traversal; what
follows leads into its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from mooring.core.addresses import InstanceKey, Mode
from mooring.core.diagnostics import Diagnostic, error
from mooring.core.paths import Attr, Index, Path
from mooring.core.records import record
from mooring.core.spans import Span
from mooring.core.types import NUMBER, STRING
from mooring.core.values import Value
from mooring.syntax.body import Block, Body, Names
from mooring.syntax.nodes import AttrStep, IndexStep, Traversal, TraversalStep
from mooring.syntax.static import as_keyword, traversals


@record
class VariableRef:
    """`var.name`."""

    name: str


@record
class LocalRef:
    """`local.name`."""

    name: str


@record
class ResourceRef:
    """`type.name`, `data.type.name`, `ephemeral.type.name`, and an instance of it when `key` is not None."""

    mode: Mode
    type: str
    name: str
    key: InstanceKey = None


@record
class ModuleRef:
    """`module.name`, `module.name[key]`, and one of its outputs when `output` is not None."""

    name: str
    key: InstanceKey = None
    output: str | None = None


@record
class PathRef:
    """`path.name`."""

    name: str


@record
class TerraformRef:
    """`terraform.name`."""

    name: str


@record
class EachRef:
    """`each.name`."""

    name: str


@record
class CountRef:
    """`count.name`."""

    name: str


@record
class SelfRef:
    """`self`: the instance that the block belongs to."""


@record
class RunRef:
    """`run.name`, in test files only: an earlier run."""

    name: str


@record
class OutputRef:
    """`output.name`, in test files only: an output of the module under test."""

    name: str


Reference = (
    VariableRef
    | LocalRef
    | ResourceRef
    | ModuleRef
    | PathRef
    | TerraformRef
    | EachRef
    | CountRef
    | SelfRef
    | RunRef
    | OutputRef
)
ParsedReference = tuple[Reference, int] | Diagnostic


def parse_reference(traversal: Traversal, *, in_test: bool = False) -> ParsedReference:
    """What a traversal refers to, and how many of its steps that took; or why it refers to nothing.

    `in_test` adds the names that exist in test files only.
    """
    parser = _PARSERS.get(traversal.root)
    if parser is None and in_test:
        parser = _TEST_PARSERS.get(traversal.root)
    return parser(traversal) if parser is not None else _parse_resource(traversal, "managed", 0)


def reference_span(traversal: Traversal, consumed: int) -> Span:
    """Where the reference itself stands: the root and the steps that it took."""
    if not consumed:
        return traversal.root_span
    return traversal.root_span.to(traversal.steps[consumed - 1].span)


# -- names with one attribute --------------------------------------------------------------------

_OneName = Callable[[str], Reference]
_Parser = Callable[[Traversal], ParsedReference]


def _one_name(make: _OneName) -> _Parser:
    def parse(traversal: Traversal) -> ParsedReference:
        steps = traversal.steps
        if steps and type(steps[0]) is AttrStep:
            return make(steps[0].name), 1
        return _needs_attribute(traversal)

    return parse


def _needs_attribute(traversal: Traversal) -> Diagnostic:
    root = traversal.root
    if not traversal.steps:
        detail = f'The object "{root}" has no value as a whole. Name one of its attributes: {root}.NAME.'
        return error("Invalid reference", detail, traversal.root_span)
    detail = f'The object "{root}" can only be followed by an attribute name: {root}.NAME.'
    return error("Invalid reference", detail, traversal.steps[0].span)


# -- resources -----------------------------------------------------------------------------------


def _parse_managed(traversal: Traversal) -> ParsedReference:
    return _prefixed(traversal, "managed", "resource type")


def _parse_data(traversal: Traversal) -> ParsedReference:
    return _prefixed(traversal, "data", "data source type")


def _parse_ephemeral(traversal: Traversal) -> ParsedReference:
    return _prefixed(traversal, "ephemeral", "ephemeral resource type")


def _prefixed(traversal: Traversal, mode: Mode, kind: str) -> ParsedReference:
    steps = traversal.steps
    if len(steps) < 2 or type(steps[0]) is not AttrStep:
        detail = f'"{traversal.root}" must be followed by two names: the {kind} and the name of the block.'
        return error("Invalid reference", detail, traversal.span)
    return _parse_resource(traversal, mode, 1)


def _parse_resource(traversal: Traversal, mode: Mode, at: int) -> ParsedReference:
    """`at` is where the name of the resource is expected among the steps."""
    steps = traversal.steps
    named = steps[at] if at < len(steps) else None
    if type(named) is not AttrStep:
        detail = (
            "This reads as the type of a resource, and the name of the resource is missing: TYPE.NAME. "
            'If this is meant as text, put it in quotation marks; an input variable is "var.NAME".'
        )
        return error("Invalid reference", detail, named.span if named else traversal.root_span)
    before = steps[at - 1] if at else None
    type_name = before.name if type(before) is AttrStep else traversal.root
    key = instance_key(steps[at + 1]) if at + 1 < len(steps) else None
    if isinstance(key, Diagnostic):
        return key
    return ResourceRef(mode, type_name, named.name, key), at + 1 + (key is not None)


def instance_key(step: AttrStep | IndexStep) -> InstanceKey | Diagnostic:
    """The key that an index step gives; None for an attribute."""
    if type(step) is not IndexStep:
        return None
    key = step.key
    if key.type is STRING and not key.is_null:
        return key.text
    if key.type is NUMBER and isinstance(key.number, int):
        return key.number
    wanted = "a whole number" if key.type is NUMBER and not key.is_null else "a string or a whole number"
    return error("Invalid index key", f"The key of an instance must be {wanted}.", step.span)


# -- modules -------------------------------------------------------------------------------------


def _parse_module(traversal: Traversal) -> ParsedReference:
    steps = traversal.steps
    if not steps or type(steps[0]) is not AttrStep:
        return _needs_attribute(traversal)
    name, at = steps[0].name, 1
    key = instance_key(steps[at]) if at < len(steps) else None
    if isinstance(key, Diagnostic):
        return key
    at += key is not None
    if at == len(steps):
        return ModuleRef(name, key), at
    output = steps[at]
    if type(output) is not AttrStep:
        detail = f'An instance of module "{name}" can only be followed by the name of one of its outputs.'
        return error("Invalid reference", detail, output.span)
    return ModuleRef(name, key, output.name), at + 1


# -- the rest ------------------------------------------------------------------------------------


def _parse_self(_: Traversal) -> ParsedReference:
    return SelfRef(), 0


def _parse_reserved(traversal: Traversal) -> ParsedReference:
    root = traversal.root
    use = f"resource.{root}"
    detail = f'The language keeps "{root}" for later use. If it is the type of a resource, write "{use}".'
    return error("Reserved symbol name", detail, traversal.root_span)


_PARSERS: Final[dict[str, _Parser]] = {
    "var": _one_name(VariableRef),
    "local": _one_name(LocalRef),
    "path": _one_name(PathRef),
    "terraform": _one_name(TerraformRef),
    "each": _one_name(EachRef),
    "count": _one_name(CountRef),
    "self": _parse_self,
    "resource": _parse_managed,
    "data": _parse_data,
    "ephemeral": _parse_ephemeral,
    "module": _parse_module,
    "template": _parse_reserved,
    "lazy": _parse_reserved,
    "arg": _parse_reserved,
}
_TEST_PARSERS: Final[dict[str, _Parser]] = {
    "run": _one_name(RunRef),
    "output": _one_name(OutputRef),
}


# -- whole bodies ----------------------------------------------------------------------------------


def path_of(steps: Iterable[TraversalStep]) -> Path:
    """The way into a value that constant steps stand for. A key that nothing has leads nowhere."""
    return tuple([Attr(step.name) if isinstance(step, AttrStep) else _index(step.key) for step in steps])


def _index(key: Value) -> Index:
    raw = key.raw
    return Index(raw if isinstance(raw, int | str) else str(raw))


def references_in_body(body: Body) -> Iterator[Traversal]:
    """Every reference of a body, its nested blocks included, whatever its schema.

    Names of the elements of `dynamic` blocks are not references.
    """
    attributes, has_blocks = body.just_attributes()
    for attribute in attributes.values():
        yield from traversals(attribute.expression)
    if not has_blocks:
        return
    for labels in _LABELS:
        content, _, _ = body.partial(Names(blocks=_AnyType(labels)))
        for block in content.blocks:
            iterator = _iterator(block)
            for traversal in references_in_body(block.body):
                if traversal.root != iterator:
                    yield traversal


def _iterator(block: Block) -> str | None:
    """The name of the current element inside a `dynamic` block."""
    if block.type != "dynamic":
        return None
    content, _, _ = block.body.partial(_ITERATOR)
    named = content.attributes.get("iterator")
    return (as_keyword(named.expression) if named is not None else None) or block.labels[0]


class _AnyType(Mapping[str, tuple[str, ...]]):
    """Block types of any name, all with the same labels: for reading a body without a schema."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self._labels = labels

    def __getitem__(self, block_type: str) -> tuple[str, ...]:
        return self._labels

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


_LABELS: Final = ((), ("label",), ("label", "label"))
_ITERATOR: Final = Names(attributes=frozenset({"iterator"}))
