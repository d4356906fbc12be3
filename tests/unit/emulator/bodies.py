"""Bodies made from the specification: complete ones, minimal ones, and ones with a damage."""

from collections.abc import Iterator
from typing import Any

from mooring_emulator.arm.shapes import (
    Field,
    Flag,
    ListOf,
    Number,
    OneOf,
    Record,
    Shape,
    Text,
    Whole,
    conform,
)
from mooring_emulator.arm.specs import Bodies
from mooring_emulator.tables import child_types

BODIES = Bodies("children-2025-12-01.json")
PATHS = [child.path for child in child_types() if BODIES.record(child.path) is not None]
TEXTS = ("1", "10.0.0.1", "10.0.0.0/16", "5m", "1.0", "00000000-0000-4000-8000-000000000000")


def writable(record: Record) -> list[Field]:
    return [field for field in record.fields.values() if not field.is_read_only]


def sample(shape: Shape, *, is_complete: bool) -> Any:
    match shape:
        case Record():
            fields = [field for field in writable(shape) if is_complete or field.is_required]
            return {field.name: sample(field.shape, is_complete=is_complete) for field in fields}
        case OneOf(variants=variants):
            return sample(next(iter(variants.values())), is_complete=is_complete)
        case ListOf(item=item):
            return [sample(item, is_complete=is_complete)]
        case Text(choices=choices):
            fitting = (text for text in TEXTS if not conform(shape, text, "")[1])
            return next(iter(choices.values())) if choices else next(fitting)
        case Whole(minimum=minimum):
            return max(minimum, 1)
        case Number():
            return 0.5
        case Flag():
            return True
        case _:
            return {}


def damages(shape: Shape) -> Iterator[Any]:
    """Values with one thing wrong, everywhere in a complete value of a shape."""
    match shape:
        case Record():
            yield from ([], "text")
            whole = sample(shape, is_complete=True)
            for field in writable(shape):
                yield from ({**whole, field.name: wrong} for wrong in damages(field.shape))
                if field.is_required:
                    yield {name: value for name, value in whole.items() if name != field.name}
        case OneOf(discriminator=name, variants=variants):
            yield from ({}, {name: "no-such"}, {name: 1})
            for variant in variants.values():
                yield from damages(variant)
        case ListOf(item=item):
            yield from ({}, 1)
            yield from ([wrong] for wrong in damages(item))
        case Text():
            yield from (1, {}, [])
            if shape.choices:
                yield "no-such"
            if shape.pattern:
                yield "?"
        case Whole() | Number():
            yield from ("1", True, [])
        case Flag():
            yield from (1, "perhaps", {})
        case _:
            pass


def shape_of(path: str) -> Record:
    record = BODIES.record(path)
    assert record is not None
    return record
