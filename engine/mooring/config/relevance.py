"""Which attributes of resources something is made of: references followed back to the files' first causes.

A reference to a resource counts itself, and is followed through the argument that it names. What Terraform
does not follow is not followed here: `depends_on`, `lifecycle`, provisioners, and what a module call says
with `each` and `count`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from mooring.config.model import Module, Resource
from mooring.config.references import (
    CountRef,
    EachRef,
    LocalRef,
    ModuleRef,
    Reference,
    ResourceRef,
    VariableRef,
    parse_reference,
    path_of,
    references_in_body,
)
from mooring.core.addresses import (
    InstanceAddress,
    ModuleInstance,
    ModuleStep,
    ResourceAddress,
    instance_order,
    module_path,
)
from mooring.core.diagnostics import Diagnostic
from mooring.core.paths import Attr, Path, format_path
from mooring.syntax.body import Names
from mooring.syntax.nodes import Expression, Traversal
from mooring.syntax.static import traversals


class ResourceAttribute(NamedTuple):
    """A part of an object, as a reference names it: without a key it stands for every instance."""

    instance: InstanceAddress
    path: Path


class _Lead(NamedTuple):
    """A reference to follow, in a module, and the resource whose block says it."""

    instance: ModuleInstance
    traversal: Traversal
    owner: Resource | None = None


def contributing_attributes(
    root: Module,
    instances: Iterable[InstanceAddress],
    outputs: Iterable[tuple[ModuleInstance, str]],
) -> tuple[ResourceAttribute, ...]:
    """The attributes that the blocks of these instances and these outputs are made of, sorted."""
    trace = _Trace(root)
    for address in instances:
        trace.add_block(address)
    for instance, name in outputs:
        trace.add_output(instance, name)
    return tuple(sorted(trace.follow(), key=lambda each: (instance_order(each[0]), format_path(each[1]))))


class _Trace:
    """The references of one question. Mutable, private to `contributing_attributes`."""

    def __init__(self, root: Module) -> None:
        self._root: Final = root
        self._todo: Final[list[_Lead]] = []

    def add_block(self, address: InstanceAddress) -> None:
        """Everything that the block of an instance refers to, if there is one."""
        module_instance, mode, type_, name = address.resource
        module = self._root.descendant(module_path(module_instance))
        resource = module.resources.get((mode, type_, name)) if module is not None else None
        if resource is not None:
            self._add(module_instance, references_in_body(resource.body), resource)

    def add_output(self, instance: ModuleInstance, name: str) -> None:
        """Everything that the value of an output refers to."""
        module = self._root.descendant(module_path(instance))
        if module is not None and name in module.outputs:
            self._add_expression(instance, module.outputs[name].expression)

    def follow(self) -> set[ResourceAttribute]:
        """Every attribute that the references lead to."""
        found: set[ResourceAttribute] = set()
        seen: set[tuple[ModuleInstance, Reference, Path, int]] = set()
        while self._todo:
            instance, traversal, owner = self._todo.pop()
            parsed = parse_reference(traversal)
            if isinstance(parsed, Diagnostic):
                continue
            reference, consumed = parsed
            path = path_of(traversal.steps[consumed:]) if isinstance(reference, ResourceRef) else ()
            key = instance, reference, path, id(owner)
            if key not in seen:
                seen.add(key)
                found.update(self._step(instance, reference, path, owner))
        return found

    # -- one step --------------------------------------------------------------------------------

    def _step(
        self, instance: ModuleInstance, reference: Reference, path: Path, owner: Resource | None
    ) -> Iterator[ResourceAttribute]:
        module = self._root.descendant(module_path(instance))
        assert module is not None
        match reference:
            case ResourceRef(mode, type_, name, key) if (mode, type_, name) in module.resources:
                resource = module.resources[mode, type_, name]
                self._add(instance, _sources(resource, path), resource)
                yield ResourceAttribute(ResourceAddress(instance, *resource.key).instance(key), path)
            case VariableRef(name) if instance:
                self._add_argument(instance, name)
            case LocalRef(name) if name in module.locals:
                self._add_expression(instance, module.locals[name].expression)
            case ModuleRef(name, key, output) if (child := module.children.get(name)) is not None:
                for each in child.outputs if output is None else (output,):
                    self.add_output((*instance, ModuleStep(name, key)), each)
            case EachRef() if owner is not None:
                self._add_expression(instance, owner.for_each)
            case CountRef() if owner is not None:
                self._add_expression(instance, owner.count)
            case _:
                pass

    def _add_argument(self, instance: ModuleInstance, name: str) -> None:
        """What the call of a module says for one of its variables."""
        caller = self._root.descendant(module_path(instance[:-1]))
        if caller is not None:
            self._add_expression(instance[:-1], caller.calls[instance[-1].name].arguments.get(name))

    def _add_expression(self, instance: ModuleInstance, expression: Expression | None) -> None:
        if expression is not None:
            self._add(instance, traversals(expression), None)

    def _add(self, instance: ModuleInstance, found: Iterable[Traversal], owner: Resource | None) -> None:
        self._todo.extend(_Lead(instance, traversal, owner) for traversal in found)


def _sources(resource: Resource, path: Path) -> Iterable[Traversal]:
    """What the block says for a part of its objects: an argument, nested blocks, or everything."""
    if not path:
        return references_in_body(resource.body)
    name = path[0].name if isinstance(path[0], Attr) else ""
    content, _, _ = resource.body.partial(Names(attributes=frozenset({name})))
    if name in content.attributes:
        return traversals(content.attributes[name].expression)
    content, _, _ = resource.body.partial(Names(blocks={name: ()}))
    return [found for block in content.blocks for found in references_in_body(block.body)]
