"""The proposed object: what an object would be if the provider had nothing to add.

It is the first half of a plan; the second is the provider's. The rules, after Terraform's published contract
for providers ("Resource instance change lifecycle"):

1. An attribute that the configuration sets has that value, known or not.
2. One that it does not set keeps its prior value if the provider may decide it (computed), else it is null.
3. Where there is no prior counterpart (a create, a new nested block), 2 gives unknown instead: the provider
   will decide.
4. Nested blocks, and the objects of nested attributes, exist as the configuration says, and each is merged by
   these rules with its prior counterpart: in a list the one at the same position, in a map the one with the
   same key, in a set one that differs in nothing but what the provider decided.
5. Write-only attributes are null: only the configuration ever holds them.

All values are without marks. Must not know providers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mooring.core.values import Value, null, unknown
from mooring.schema.changes import is_same
from mooring.schema.model import Attribute, BlockSchema, NestedBlock, Nesting
from mooring.schema.parts import is_present, with_attributes, with_elements

_NO_BLOCKS: Mapping[str, NestedBlock] = {}

Merge = Callable[[Value | None, Value], Value]


def proposed_object(block: BlockSchema, prior: Value | None, config: Value) -> Value:
    """The merge of the prior object (None if there is none) with the configuration."""
    return _merge_object(block.attributes, block.blocks, prior, config)


def planned_create(block: BlockSchema, config: Value) -> Value:
    """The proposed object of a create: what the provider will decide is not known yet."""
    return _merge_object(block.attributes, block.blocks, None, config)


def _merge_object(
    attributes: Mapping[str, Attribute],
    blocks: Mapping[str, NestedBlock],
    prior: Value | None,
    config: Value,
) -> Value:
    if not is_present(config):
        return config
    before = prior.attributes if prior is not None and is_present(prior) else None
    parts: dict[str, Value] = {}
    for name, wanted in config.attributes.items():
        was = None if before is None else before.get(name)
        attribute = attributes.get(name)
        if attribute is not None:
            parts[name] = _merge_attribute(attribute, was, wanted)
        else:
            parts[name] = _merge_blocks(blocks[name], was, wanted)
    return with_attributes(config, parts)


def _merge_attribute(attribute: Attribute, prior: Value | None, config: Value) -> Value:
    if attribute.write_only:
        return config if config.raw is None else null(attribute.type)
    if config.raw is None:
        if not attribute.computed:
            return config
        return prior if prior is not None else unknown(attribute.type)
    nested = attribute.nested
    if nested is None:
        return config

    def merge(was: Value | None, wanted: Value) -> Value:
        return _merge_object(nested.attributes, _NO_BLOCKS, was, wanted)

    return _merge_collection(nested.nesting, prior, config, merge)


def _merge_blocks(nested: NestedBlock, prior: Value | None, config: Value) -> Value:
    def merge(was: Value | None, wanted: Value) -> Value:
        return _merge_object(nested.block.attributes, nested.block.blocks, was, wanted)

    return _merge_collection(nested.nesting, prior, config, merge)


# -- counterparts --------------------------------------------------------------------------------


def _merge_collection(nesting: Nesting, prior: Value | None, config: Value, merge: Merge) -> Value:
    if prior is not None and not is_present(prior):
        prior = None
    if nesting in (Nesting.SINGLE, Nesting.GROUP):
        return merge(prior, config)
    if not is_present(config):
        return config
    if nesting is Nesting.MAP:
        before = {} if prior is None else prior.attributes
        items = config.attributes.items()
        return with_attributes(config, {key: merge(before.get(key), wanted) for key, wanted in items})
    elements = () if prior is None else prior.elements
    if nesting is Nesting.LIST:
        return with_elements(config, _merge_by_position(elements, config.elements, merge))
    return with_elements(config, _merge_correlated(elements, config.elements, merge))


def _merge_by_position(prior: Sequence[Value], config: Sequence[Value], merge: Merge) -> tuple[Value, ...]:
    return tuple(
        [
            merge(prior[position] if position < len(prior) else None, wanted)
            for position, wanted in enumerate(config)
        ]
    )


def _merge_correlated(prior: Sequence[Value], config: Sequence[Value], merge: Merge) -> tuple[Value, ...]:
    """Each element with the first unused prior one that the merge turns into that very prior one again."""
    unused = list(prior)
    merged: list[Value] = []
    for wanted in config:
        match = next((each for each in unused if is_same(merge(each, wanted), each)), None)
        if match is not None:
            unused.remove(match)
        merged.append(merge(match, wanted))
    return tuple(merged)
