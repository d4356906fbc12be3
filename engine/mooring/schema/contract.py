"""What a provider's answers must satisfy, checked after every call.

A planned object, after Terraform's published contract for providers:

1. An attribute that the configuration sets has exactly that value, or exactly its prior value (when the
   difference means nothing to the service).
2. One that it does not set and that the provider may not decide is null.
3. One that it does not set and that the provider may decide can be anything.
4. Nested blocks are those of the configuration: as many, under the same keys, each following these rules.
5. Write-only attributes are null.

An object after apply:

6. Nothing of it is unknown.
7. What was known in the plan is exactly as planned; what was unknown can be anything of its planned type, but
   null only if the plan did not rule that out.
8. Nested blocks are those of the plan.
9. Write-only attributes are null.

An object that is planned once more while applying, when more is known:

10. What was known in the first plan is exactly so in the second.

Values are without marks. A violation names a path and a rule, never a value: it may be secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from mooring.core.paths import Attr, Index, Path
from mooring.core.types import ObjectType, SetType
from mooring.core.values import NULL, Unknown, Value
from mooring.schema.changes import changed_paths, is_same
from mooring.schema.form import Violation, check_form
from mooring.schema.model import Attribute, BlockSchema, NestedBlock, Nesting
from mooring.schema.parts import attributes_of, is_present, parts_by_key
from mooring.schema.types import has_flag, is_write_only, without_write_only

_NO_BLOCKS: Mapping[str, NestedBlock] = {}


# -- after planning ------------------------------------------------------------------------------


class _Case(NamedTuple):
    """The same part of the prior object, the configuration and the planned object."""

    prior: Value
    config: Value
    planned: Value
    path: Path


def check_planned(
    block: BlockSchema, prior: Value | None, config: Value, planned: Value
) -> tuple[Violation, ...]:
    """What is wrong with a planned object (rules 1 to 5)."""
    case = _Case(prior or NULL, config, planned, ())
    return tuple(_check_object(block.attributes, block.blocks, case))


def _check_object(
    attributes: Mapping[str, Attribute], blocks: Mapping[str, NestedBlock], case: _Case
) -> Iterator[Violation]:
    prior, config, planned, path = case
    if not is_present(config):
        if config.is_null and not planned.is_null:
            yield Violation(path=path, message="planned although it is not configured")
        return
    if not is_present(planned) or planned.attributes.keys() != config.attributes.keys():
        yield Violation(path=path, message="not an object of the schema's type")
        return
    was, plans = attributes_of(prior), planned.attributes
    for name, wanted in config.attributes.items():
        inner = _Case(was.get(name, NULL), wanted, plans[name], (*path, Attr(name)))
        attribute = attributes.get(name)
        if attribute is not None:
            yield from _check_attribute(attribute, inner)
        else:
            nested = blocks[name]
            rules = partial(_check_object, nested.block.attributes, nested.block.blocks)
            yield from _check_nested(nested.nesting, rules, inner)


def _check_attribute(attribute: Attribute, case: _Case) -> Iterator[Violation]:
    prior, config, planned, path = case
    if attribute.write_only:
        if not planned.is_null:
            yield Violation(path=path, message="planned a value for a write-only attribute")
    elif config.is_null and attribute.computed:
        return
    elif is_same(planned, config) or (not config.is_null and not prior.is_null and is_same(planned, prior)):
        return
    elif attribute.nested is not None and is_present(config):
        rules = partial(_check_object, attribute.nested.attributes, _NO_BLOCKS)
        yield from _check_nested(attribute.nested.nesting, rules, case)
    elif config.is_null:
        yield Violation(path=path, message="planned a value although it is neither configured nor computed")
    else:
        yield Violation(path=path, message="planned a value other than the configured or the prior one")


_Rules = Callable[[_Case], Iterator[Violation]]


def _check_nested(nesting: Nesting, rules: _Rules, case: _Case) -> Iterator[Violation]:
    """Rule 4, for blocks and for objects of nested attributes alike."""
    prior, config, planned, path = case
    if nesting in (Nesting.SINGLE, Nesting.GROUP):
        yield from rules(case)
    elif not is_present(config):
        if config.is_null and not planned.is_null:
            yield Violation(path=path, message="planned although it is not configured")
    elif len(parts_by_key(planned)) != len(parts_by_key(config)):
        yield Violation(path=path, message="planned another number of blocks than configured")
    elif nesting is Nesting.SET:
        yield from _check_set(rules, case)
    else:
        was, plans = parts_by_key(prior), parts_by_key(planned)
        for key, wanted in parts_by_key(config).items():
            inner = (*path, Index(key))
            if key in plans:
                yield from rules(_Case(was.get(key, NULL), wanted, plans[key], inner))
            else:
                yield Violation(path=inner, message="configured but not planned")


def _check_set(rules: _Rules, case: _Case) -> Iterator[Violation]:
    """Each planned element must be a good plan for a configured one of its own."""
    unmatched = list(case.config.elements)
    candidates = [NULL, *parts_by_key(case.prior).values()]

    def is_planned_by(element: Value, wanted: Value) -> bool:
        cases = (_Case(was, wanted, element, case.path) for was in candidates)
        return any(next(rules(each), None) is None for each in cases)

    for element in case.planned.elements:
        for position, wanted in enumerate(unmatched):
            if is_planned_by(element, wanted):
                del unmatched[position]
                break
        else:
            yield Violation(path=case.path, message="planned an element that is not configured")


# -- after apply ---------------------------------------------------------------------------------


def check_applied(block: BlockSchema, planned: Value, applied: Value) -> tuple[Violation, ...]:
    """What is wrong with an object after apply (rules 6 to 9)."""
    found = tuple(_check_applied(planned, applied, ()))
    if not has_flag(block, is_write_only):
        return found
    kept = changed_paths(applied, without_write_only(applied, block))
    return found + tuple(
        [Violation(path=path, message="a value for a write-only attribute") for path in kept]
    )


def _check_applied(planned: Value, applied: Value, path: Path) -> Iterator[Violation]:
    if planned is applied and applied.is_wholly_known:
        return
    if not applied.is_known:
        yield Violation(path=path, message="still unknown after apply")
    elif not planned.is_known:
        yield from _check_settled(planned, applied, path)
    elif not (is_present(planned) and type(planned.raw) in (dict, tuple)):
        if not is_same(planned, applied):
            yield Violation(path=path, message="not as planned")
    elif not is_present(applied) or type(applied.raw) is not type(planned.raw):
        yield Violation(path=path, message="planned, but absent after apply")
    elif isinstance(planned.type, SetType):
        yield from _check_applied_set(planned, applied, path)
    else:
        yield from _check_applied_parts(planned, applied, path)


def _check_settled(planned: Value, applied: Value, path: Path) -> Iterator[Violation]:
    """What was unknown has got a value."""
    assert isinstance(planned.raw, Unknown)
    if not applied.is_wholly_known:
        yield Violation(path=path, message="still unknown after apply")
    elif applied.is_null and planned.raw.not_null:
        yield Violation(path=path, message="null after apply, although the plan ruled that out")
    elif check_form(applied, planned.type):
        yield Violation(path=path, message="of another type than planned")


def _check_applied_parts(planned: Value, applied: Value, path: Path) -> Iterator[Violation]:
    plans, found = parts_by_key(planned), parts_by_key(applied)
    is_object = isinstance(planned.type, ObjectType)
    for key in dict.fromkeys((*plans, *found)):
        plan, part = plans.get(key), found.get(key)
        if plan is not None and part is not None and _is_settled(plan, part):
            continue
        inner = (*path, Attr(str(key)) if is_object else Index(key))
        if part is None:
            yield Violation(path=inner, message="planned, but absent after apply")
        elif plan is None:
            yield Violation(path=inner, message="not planned, but there after apply")
        else:
            yield from _check_applied(plan, part, inner)


def _is_settled(planned: Value, applied: Value) -> bool:
    """Whether a primitive is obviously as planned: most parts are, and this makes the check fast."""
    raw = applied.raw
    if raw is None or type(raw) is tuple or type(raw) is dict or type(raw) is Unknown:
        return False
    return planned is applied or (type(planned.raw) is Unknown and planned.type == applied.type)


def _check_applied_set(planned: Value, applied: Value, path: Path) -> Iterator[Violation]:
    """Each planned element must have become one of its own; unknown ones may have become the same."""
    unmatched = list(applied.elements)
    if not applied.is_wholly_known:
        yield Violation(path=path, message="still unknown after apply")
        return
    for element in sorted(planned.elements, key=lambda each: not each.is_wholly_known):
        for position, found in enumerate(unmatched):
            if not any(_check_applied(element, found, path)):
                del unmatched[position]
                break
        else:
            if element.is_wholly_known:
                yield Violation(path=path, message="an element that was planned is absent after apply")
    if unmatched:
        yield Violation(path=path, message="an element that was not planned is there after apply")


# -- planned again before apply ------------------------------------------------------------------


def check_replanned(planned: Value, final: Value) -> tuple[Violation, ...]:
    """What is wrong with an object that was planned again, with more known (rule 10)."""
    return tuple(_check_replanned(planned, final, ()))


def _check_replanned(planned: Value, final: Value, path: Path) -> Iterator[Violation]:
    if planned is final or not planned.is_known:
        return
    if not final.is_known:
        yield Violation(path=path, message="known in the plan, unknown now")
    elif isinstance(planned.type, SetType) or not (
        is_present(planned) and type(planned.raw) in (dict, tuple)
    ):
        if planned.is_wholly_known and not is_same(planned, final):
            yield Violation(path=path, message="not as planned")
    elif not is_present(final) or parts_by_key(planned).keys() != parts_by_key(final).keys():
        yield Violation(path=path, message="not as planned")
    else:
        is_object = isinstance(planned.type, ObjectType)
        later = parts_by_key(final)
        for key, part in parts_by_key(planned).items():
            inner = (*path, Attr(str(key)) if is_object else Index(key))
            yield from _check_replanned(part, later[key], inner)
