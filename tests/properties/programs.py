"""Strategies: small random configurations over `terraform_data`, and their text."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from mooring.core.records import replace

KEYS = ("a", "b", "c")
LITERALS = ('"x"', '"y"', r'"quoted \"${1 + 1}\" \n"', "12.50", "[true, null]", "{ a = {} }")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One resource. `uses` are the numbers of the blocks its input refers to, `trigger_uses` its trigger's.

    `repetition` is None for a single instance, a number for `count`, keys for `for_each`.
    """

    number: int
    value: str
    trigger: str | None
    repetition: int | tuple[str, ...] | None
    uses: tuple[int, ...]
    trigger_uses: tuple[int, ...]
    depends_on: tuple[int, ...]
    creates_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A configuration. Its blocks stand in an order of their own; references form no cycle."""

    blocks: tuple[Block, ...]

    @property
    def instance_count(self) -> int:
        """How many objects it asks for."""
        return sum(_instance_count(block) for block in self.blocks)

    def text(self) -> str:
        """The files' text: blocks, and an output of everything."""
        by_number = {block.number: block for block in self.blocks}
        parts = [_render(block, by_number) for block in self.blocks]
        everything = ", ".join(_reference(block) for block in self.blocks)
        return "\n".join([*parts, f'output "everything" {{\n  value = [{everything}]\n}}\n'])


@st.composite
def programs(draw: st.DrawFn, *, most: int = 5) -> Program:
    """Up to `most` blocks named r0, r1 ...; two programs drawn share names, so one can follow the other."""
    numbers = draw(st.lists(st.integers(0, most - 1), unique=True, max_size=most))
    blocks = [draw(_blocks(number, tuple(numbers[:at]))) for at, number in enumerate(numbers)]
    return Program(blocks=tuple(draw(st.permutations(blocks))))


@st.composite
def transitions(draw: st.DrawFn) -> tuple[Program, Program]:
    """A program and one that follows it: the same with some blocks changed or dropped, or any other."""
    first = draw(programs())
    if not first.blocks or draw(st.integers(0, 3)) == 0:
        return first, draw(programs())
    dropped = draw(st.frozensets(st.sampled_from([block.number for block in first.blocks]), max_size=1))
    kept = [block for block in first.blocks if block.number not in dropped]
    return first, Program(blocks=tuple(draw(_successors(block, dropped)) for block in kept))


@st.composite
def _successors(draw: st.DrawFn, block: Block, dropped: frozenset[int]) -> Block:
    """The block with one thing changed, or nothing; it no longer refers to what is dropped."""
    changes: list[dict[str, object]] = [
        {},
        {"value": draw(st.sampled_from(LITERALS))},
        {"trigger": draw(st.sampled_from([None, "t", "u"]))},
        {"repetition": draw(st.none() | st.integers(0, 3))},
        {"creates_first": not block.creates_first},
    ]
    names = ("uses", "trigger_uses", "depends_on")
    left = {name: tuple(each for each in getattr(block, name) if each not in dropped) for name in names}
    return replace(block, **left, **draw(st.sampled_from(changes)))


@st.composite
def _blocks(draw: st.DrawFn, number: int, earlier: tuple[int, ...]) -> Block:
    some_earlier = st.lists(st.sampled_from(earlier), unique=True, max_size=2) if earlier else st.just([])
    keys = st.lists(st.sampled_from(KEYS), unique=True).map(tuple)
    return Block(
        number=number,
        value=draw(st.sampled_from(LITERALS)),
        trigger=draw(st.sampled_from([None, "t", "u"])),
        repetition=draw(st.none() | st.integers(0, 3) | keys),
        uses=tuple(draw(some_earlier)),
        trigger_uses=tuple(draw(some_earlier)),
        depends_on=tuple(draw(some_earlier)),
        creates_first=draw(st.booleans()),
    )


def _instance_count(block: Block) -> int:
    match block.repetition:
        case None:
            return 1
        case int(count):
            return count
        case keys:
            return len(keys)


def _address(block: Block) -> str:
    return f"terraform_data.r{block.number}"


def _reference(block: Block) -> str:
    """An expression over all instances of a block."""
    match block.repetition:
        case None:
            return f"{_address(block)}.output"
        case int():
            return f"{_address(block)}[*].id"
        case _:
            return f"{{ for key, item in {_address(block)} : upper(key) => item.output }}"


def _render(block: Block, by_number: dict[int, Block]) -> str:
    uses, trigger_uses = (
        ", ".join(_reference(by_number[number]) for number in numbers)
        for numbers in (block.uses, block.trigger_uses)
    )
    lines = [f"  input = {{ value = {block.value}, uses = [{uses}] }}"]
    if block.trigger is not None or trigger_uses:
        lines.append(f'  triggers_replace = ["{block.trigger}", {trigger_uses}]')
    if block.depends_on:
        lines.append(f"  depends_on = [{', '.join(_address(by_number[each]) for each in block.depends_on)}]")
    if block.creates_first:
        lines.append("  lifecycle {\n    create_before_destroy = true\n  }")
    header = f'resource "terraform_data" "r{block.number}" {{'
    return "\n".join([header, *_repetition(block), *lines, "}", ""])


def _repetition(block: Block) -> list[str]:
    match block.repetition:
        case None:
            return []
        case int(count):
            return [f"  count = {count}"]
        case keys:
            listed = ", ".join(f'"{key}"' for key in keys)
            return [f"  for_each = toset([{listed}])"]
