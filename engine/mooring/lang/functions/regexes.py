"""Regular expressions, with RE2's syntax and meaning as Terraform's have: linear time, no look-around."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from mooring.core.text import composed
from mooring.core.types import DYNAMIC, STRING, ListType, ObjectType, TupleType, Type
from mooring.core.values import Value, list_value, null, object_value, string, tuple_value
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter

if TYPE_CHECKING:
    import re2

_NAMED_GROUP: Final = re.compile(
    r"\\.|\(\?P?<(?P<name>\w+)>|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]", re.DOTALL | re.ASCII
)
_REFERENCE: Final = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))", re.ASCII)


class Pattern:
    """A compiled pattern. `names` are the names of its groups in order, None for those without.

    RE2 refuses a name that is used twice, Terraform does not: such groups are compiled under other names.
    """

    __slots__ = ("compiled", "names")

    def __init__(self, text: str) -> None:
        import re2

        used: list[str] = []

        def rename(match: re.Match[str]) -> str:
            if match[0] == r"\C":
                raise re2.error(r"invalid escape sequence: \C")
            if match["name"] is None:
                return match[0]
            used.append(match["name"])
            return f"(?P<g{len(used)}>"

        options = re2.Options()
        options.log_errors = False
        options.never_nl = False
        self.compiled: Final = re2.compile(_NAMED_GROUP.sub(rename, text), options)
        numbers = {number: int(name[1:]) for name, number in self.compiled.groupindex.items()}
        self.names: Final[tuple[str | None, ...]] = tuple(
            used[numbers[number] - 1] if number in numbers else None
            for number in range(1, self.compiled.groups + 1)
        )

    @property
    def result_type(self) -> Type:
        """What a match gives: a string, a tuple of groups, or an object of named groups."""
        named = {name for name in self.names if name is not None}
        if not self.names:
            return STRING
        if named:
            return ObjectType(dict.fromkeys(sorted(named), STRING))
        return TupleType((STRING,) * len(self.names))

    def matches(self, text: str) -> Iterator[re2._Match]:
        """All matches from left to right; an empty one right after another match does not count."""
        last_end = -1
        for match in self.compiled.finditer(text):
            if match.start() == match.end() == last_end:
                continue
            last_end = match.end()
            yield match

    def result(self, match: re2._Match) -> Value:
        """A match as a value of the result type; a group that took no part is null."""
        if not self.names:
            return string(composed(match.group(0)))
        groups = [null(STRING) if each is None else string(composed(each)) for each in match.groups()]
        if self.names[0] is None:
            return tuple_value(groups)
        return object_value({name or "": group for name, group in zip(self.names, groups, strict=True)})


def compile_pattern(text: str, position: int = 0) -> Pattern:
    """The pattern of an argument. Raises `ArgumentError`."""
    import re2

    try:
        pattern = Pattern(text)
    except re2.error as problem:
        raise ArgumentError(
            position, f"it is not a valid regular expression: {_reason(problem)}"
        ) from problem
    if len({name is None for name in pattern.names}) > 1:
        raise ArgumentError(position, "named and unnamed capture groups cannot be mixed")
    return pattern


def _reason(problem: Exception) -> str:
    reason = problem.args[0] if problem.args else "it cannot be compiled"
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


# -- regex, regexall -----------------------------------------------------------------------------


def _match_type(call: Call) -> Type:
    pattern = call[0].raw
    return compile_pattern(pattern).result_type if isinstance(pattern, str) else DYNAMIC


def _all_matches_type(call: Call) -> Type:
    kind = _match_type(call)
    return ListType(kind)


def _regex(call: Call) -> Value:
    pattern = compile_pattern(call[0].text)
    match = pattern.compiled.search(call[1].text)
    if match is None:
        raise CallError(
            "the pattern matches no part of the string; use regexall() or can() if that is allowed"
        )
    return pattern.result(match)


def _regex_all(call: Call) -> Value:
    pattern = compile_pattern(call[0].text)
    found = [pattern.result(match) for match in pattern.matches(call[1].text)]
    return list_value(pattern.result_type, found)


# -- replace -------------------------------------------------------------------------------------


def replace_matches(pattern_text: str, text: str, replacement: str) -> str:
    """The text with each match replaced; `$1` and `${name}` stand for groups, `$$` for a dollar sign."""
    import re2

    try:
        pattern = Pattern(pattern_text)
    except re2.error as problem:
        raise CallError(f"the pattern between slashes is not valid: {_reason(problem)}") from problem
    pieces: list[str] = []
    last = 0
    for match in pattern.matches(text):
        pieces.append(text[last : match.start()])
        pieces.append(_expand(replacement, pattern.names, match))
        last = match.end()
    return "".join(pieces) + text[last:]


def _expand(template: str, names: Sequence[str | None], match: re2._Match) -> str:
    def group(reference: re.Match[str]) -> str:
        if reference[1]:
            return "$"
        name = reference[2] or reference[3]
        if name.isdecimal():
            number = int(name)
            return (match.group(number) or "") if number <= len(names) else ""
        found = [match.group(at) or "" for at, each in enumerate(names, 1) if each == name]
        return next((each for each in found if each), "")

    return _REFERENCE.sub(group, template)


_PARAMETERS: Final = (
    Parameter(name="pattern", description="A regular expression in the syntax of RE2.", type=STRING),
    Parameter(name="string", description="The text to search.", type=STRING),
)

FUNCTIONS: Final = (
    Function(
        name="regex",
        description="The first match of a pattern: its text, or what its groups matched.",
        parameters=_PARAMETERS,
        returns=_match_type,
        body=_regex,
    ),
    Function(
        name="regexall",
        description="All matches of a pattern that do not overlap.",
        parameters=_PARAMETERS,
        returns=_all_matches_type,
        declared=ListType(DYNAMIC),
        body=_regex_all,
    ),
)
