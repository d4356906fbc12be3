"""Strategies: small random configurations over `terraform_data`, and their files.

A resource tells its provider who it is: `name` in its input is its address.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from mooring.core.records import replace

KEYS = ("a", "b", "c")
SECRET = "hunter2"
LITERALS = (
    '"x"',
    '"y"',
    r'"quoted \"${1 + 1}\" \n"',
    "12.50",
    "[true, null]",
    "{ a = {} }",
)
TRIGGERS = (None, '"t"', '"u"', f'sensitive("{SECRET}")')
Repetition = int | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One resource. `uses` are the numbers of the blocks its input refers to, `trigger_uses` its trigger's.

    `repetition` is None for a single instance, a number for `count`, keys for `for_each`. `replaced_with` are
    the blocks of its `replace_triggered_by`. `is_inside` are those in the module `m`.
    """

    number: int
    value: str
    trigger: str | None
    repetition: Repetition
    uses: tuple[int, ...]
    trigger_uses: tuple[int, ...]
    depends_on: tuple[int, ...]
    replaced_with: tuple[int, ...]
    creates_first: bool
    is_inside: bool

    @property
    def address(self) -> str:
        """The address of the resource in its module."""
        return f"terraform_data.r{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A configuration. Its blocks stand in an order of their own; references form no cycle.

    `module` is the repetition of the module `m`. `moves` are pairs of old and new number, `forgotten` the
    blocks that are gone, but not destroyed.
    """

    blocks: tuple[Block, ...]
    module: Repetition = None
    moves: tuple[tuple[int, int], ...] = ()
    forgotten: tuple[Block, ...] = ()

    @property
    def instance_count(self) -> int:
        """How many objects it asks for."""
        inside = _count(self.module)
        return sum(_count(block.repetition) * (inside if block.is_inside else 1) for block in self.blocks)

    @property
    def names(self) -> list[str]:
        """The addresses of all instances."""
        return [
            f"{path}{block.address}{key}"
            for block in self.blocks
            for path in ([f"module.m{key}." for key in _keys(self.module)] if block.is_inside else [""])
            for key in _keys(block.repetition)
        ]


Fields = dict[str, object]
_REFERRING = ("uses", "trigger_uses", "depends_on", "replaced_with")


@st.composite
def programs(draw: st.DrawFn, *, most: int = 5) -> Program:
    """Up to `most` blocks named r0, r1 ...; two programs drawn share names, so one can follow the other."""
    numbers = draw(st.lists(st.integers(0, most - 1), unique=True, max_size=most))
    blocks: list[Block] = []
    for number in numbers:
        blocks.append(draw(_blocks(number, tuple(blocks))))
    return Program(blocks=tuple(draw(st.permutations(blocks))), module=draw(REPETITIONS))


@st.composite
def transitions(draw: st.DrawFn) -> tuple[Program, Program]:
    """A program and one that follows it: some blocks changed, renamed or dropped, or any other program."""
    first = draw(programs())
    if not first.blocks or draw(st.integers(0, 3)) == 0:
        return first, draw(programs())
    dropped = draw(st.frozensets(st.sampled_from([block.number for block in first.blocks]), max_size=1))
    kept = tuple(draw(_successors(block, dropped)) for block in first.blocks if block.number not in dropped)
    forgets = draw(st.booleans())
    forgotten = tuple(block for block in first.blocks if block.number in dropped and forgets)
    module = draw(st.sampled_from([first.module, first.module, 2]))
    second = Program(blocks=kept, module=module, forgotten=forgotten)
    renamed = (
        draw(st.frozensets(st.sampled_from([block.number for block in kept]), max_size=1)) if kept else ()
    )
    return first, _renamed(second, {number: number + 10 for number in renamed})


def _renamed(program: Program, names: dict[int, int]) -> Program:
    blocks = []
    for block in program.blocks:
        referring = {name: tuple(names.get(n, n) for n in getattr(block, name)) for name in _REFERRING}
        blocks.append(replace(block, number=names.get(block.number, block.number), **referring))
    return replace(program, blocks=tuple(blocks), moves=tuple(names.items()))


@st.composite
def _successors(draw: st.DrawFn, block: Block, dropped: frozenset[int]) -> Block:
    """The block with one thing changed, or nothing; it no longer refers to what is dropped."""
    changes: list[Fields] = [
        {},
        {"value": draw(st.sampled_from(LITERALS))},
        {"trigger": draw(st.sampled_from(TRIGGERS))},
        {"repetition": draw(st.none() | st.integers(0, 3))},
        {"creates_first": not block.creates_first},
    ]
    left = {name: tuple(n for n in getattr(block, name) if n not in dropped) for name in _REFERRING}
    return replace(block, **left, **draw(st.sampled_from(changes)))


_KEYS = st.lists(st.sampled_from(KEYS), unique=True).map(tuple)
REPETITIONS: st.SearchStrategy[Repetition] = st.none() | st.integers(0, 2) | _KEYS


@st.composite
def _blocks(draw: st.DrawFn, number: int, earlier: tuple[Block, ...]) -> Block:
    is_inside = draw(st.integers(0, 3)) == 0
    beside = [block.number for block in earlier if block.is_inside == is_inside]
    return Block(
        number=number,
        value=draw(st.sampled_from(LITERALS)),
        trigger=draw(st.sampled_from(TRIGGERS)),
        repetition=draw(st.none() | st.integers(0, 3) | _KEYS),
        uses=draw(_some([block.number for block in earlier])),
        trigger_uses=draw(_some([block.number for block in earlier])),
        depends_on=draw(_some(beside)),
        replaced_with=draw(_some(beside)) if draw(st.integers(0, 3)) == 0 else (),
        creates_first=draw(st.booleans()),
        is_inside=is_inside,
    )


def _some(numbers: list[int]) -> st.SearchStrategy[tuple[int, ...]]:
    if not numbers:
        return st.just(())
    return st.lists(st.sampled_from(numbers), unique=True, max_size=2).map(tuple)


def _count(repetition: Repetition) -> int:
    return len(_keys(repetition))


def _keys(repetition: Repetition) -> list[str]:
    """The keys of instances as they stand in addresses."""
    match repetition:
        case None:
            return [""]
        case int(count):
            return [f"[{index}]" for index in range(count)]
        case keys:
            return [f'["{key}"]' for key in keys]
