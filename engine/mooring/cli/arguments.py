"""The command line's syntax: Terraform's flags, with one dash or two, `-name=value` or `-name value`.

Knows flags in general, none in particular; each command declares its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final, NamedTuple


class Kind(Enum):
    """What a flag takes. A switch takes a value only after an equals sign: `-input=false`."""

    SWITCH = "boolean"
    TEXT = "string"
    NUMBER = "int"
    DURATION = "duration"


class Flag(NamedTuple):
    """A flag that a command understands."""

    name: str
    kind: Kind = Kind.SWITCH


class UsageError(Exception):
    """The command line cannot be understood; the text says why. Ends in `cli.main`.

    `others` are more of them, so that all are told at once.
    """

    def __init__(self, summary: str, detail: str, others: Iterable[UsageError] = ()) -> None:
        super().__init__(summary)
        self.summary: Final = summary
        self.detail: Final = detail
        self.others: Final = tuple(others)


_TRUE: Final = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_FALSE: Final = frozenset({"0", "f", "F", "false", "FALSE", "False"})
_BAD_FLAGS: Final = "Failed to parse command-line flags"


class Arguments(NamedTuple):
    """What was given: flags with their values in order, and the rest."""

    given: tuple[tuple[str, str], ...] = ()
    rest: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        """Whether the flag was given at all."""
        return any(each == name for each, _ in self.given)

    def is_on(self, name: str, *, default: bool = False) -> bool:
        """A switch."""
        value = self.text(name)
        return default if value is None else value in _TRUE

    def text(self, name: str) -> str | None:
        """The last value given; None if there is none."""
        values = self.texts(name)
        return values[-1] if values else None

    def texts(self, name: str) -> tuple[str, ...]:
        """All values given, in order."""
        return tuple(value for each, value in self.given if each == name)

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        value = self.text(name)
        return default if value is None else int(value)

    def seconds(self, name: str, default: float = 0.0) -> float:
        """A duration."""
        value = self.text(name)
        return default if value is None else _seconds(value) or 0.0


def parse_arguments(words: Sequence[str], flags: Iterable[Flag]) -> Arguments:
    """Reads the words after a command. Raises `UsageError`."""
    known = {flag.name: flag for flag in flags}
    given: list[tuple[str, str]] = []
    rest: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--":
            rest.extend(left)
        elif not word.startswith("-") or word == "-":
            rest.append(word)
        else:
            name, has_value, value = word.lstrip("-").partition("=")
            flag = known.get(name)
            if flag is None:
                raise UsageError(_BAD_FLAGS, f"flag provided but not defined: -{name}")
            given.append((name, _value(flag, value if has_value else None, left)))
    return Arguments(tuple(given), tuple(rest))


def _value(flag: Flag, value: str | None, left: Iterable[str]) -> str:
    if flag.kind is Kind.SWITCH:
        text = "true" if value is None else value
        if text not in _TRUE | _FALSE:
            raise UsageError(_BAD_FLAGS, f'invalid boolean value "{text}" for -{flag.name}: parse error')
        return text
    if value is None:
        value = next(iter(left), None)
    if value is None:
        raise UsageError(_BAD_FLAGS, f"flag needs an argument: -{flag.name}")
    if not _is_valid(flag.kind, value):
        raise UsageError(_BAD_FLAGS, f'invalid value "{value}" for flag -{flag.name}: parse error')
    return value


def _is_valid(kind: Kind, value: str) -> bool:
    if kind is Kind.NUMBER:
        return value.removeprefix("-").isdecimal()
    return kind is not Kind.DURATION or _seconds(value) is not None


def _seconds(text: str) -> float | None:
    from mooring.core.durations import parse_duration

    found = parse_duration(text)
    return None if found is None else float(found)
