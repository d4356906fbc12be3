"""Rules about arguments that go together: exactly one of some, or those that a word asks for.

The service answers these mistakes with a 400 on the whole document, naming the first one at best.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr, Path
from mooring.core.records import replace
from mooring.core.values import Unknown
from mooring_azureml.lifecycle.definition import Rule
from mooring_azureml.table.model import Fields
from mooring_azureml.table.notation import members


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The members that one word has: those it needs, and those it may have beside them."""

    needed: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()


def members_by(
    word: str, table: Mapping[str, Members], *, block: str = "", default: str | None = None, code: str
) -> Rule:
    """What the value of `word` asks for; with `block`, the members are those of that block.

    Members that no word of the table has are of no concern here. `word` is looked for in the block first;
    `default` is what it means that it is nowhere.
    """
    governed = {name for one in table.values() for name in (*one.needed, *one.possible)}
    folded = {key.lower(): (key, one) for key, one in table.items()}

    def rule(config: Fields) -> Diagnostics:
        holder = members(config.get(block)) if block else config
        path: Path = (Attr(block),) if block and config.get(block) is not None else ()
        chosen = holder.get(word) if word in holder else config.get(word)
        if chosen is None and (not block or config.get(block) is not None):
            chosen = default
        found = folded.get(chosen.lower()) if isinstance(chosen, str) else None
        if found is None:
            return ()
        key, wanted = found
        problems = (
            *_missing(holder, wanted, f'{word} = "{key}"', path),
            *_meaningless(holder, wanted, governed, f'{word} = "{key}"', path),
        )
        return tuple(replace(one, code=code) for one in problems)

    return rule


def _missing(holder: Fields, wanted: Members, why: str, path: Path) -> Iterator[Diagnostic]:
    for name in wanted.needed:
        if holder.get(name) is None:
            detail = f'"{name}" is required with {why}.'
            yield Diagnostic(summary="Missing required argument", detail=detail, path=path)


def _meaningless(
    holder: Fields, wanted: Members, governed: set[str], why: str, path: Path
) -> Iterator[Diagnostic]:
    for name in sorted(governed - {*wanted.needed, *wanted.possible}):
        if holder.get(name) is not None:
            detail = f'"{name}" has no meaning with {why}. Remove it.'
            yield Diagnostic(
                summary="Invalid combination of arguments", detail=detail, path=(*path, Attr(name))
            )


def exactly_one(code: str, *names: str) -> Rule:
    """Exactly one of these arguments is given."""

    def rule(config: Fields) -> Diagnostics:
        given = [name for name in names if config.get(name) is not None]
        if any(isinstance(config.get(name), Unknown) for name in given) or len(given) == 1:
            return ()
        problem = "more than one is given" if given else "none is given"
        quoted = " and ".join(f'"{name}"' for name in names)
        return (
            Diagnostic(
                summary="Invalid combination of arguments",
                detail=f"Exactly one of {quoted} must be given; {problem}.",
                path=(Attr(given[-1]),) if given else (),
                code=code,
            ),
        )

    return rule
