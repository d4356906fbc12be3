"""The tree of differences as text, the way Terraform prints it.

Level n is indented by 4 n columns; the four columns after that hold the symbol. A rendered value is a list
of lines: the first one follows `name = `, the others are whole lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final, assert_never

from mooring.core.numbers import format_number
from mooring.core.types import BOOL, NUMBER, STRING
from mooring.core.values import SENSITIVE, Value
from mooring.reporting.diff.model import (
    BlockDiff,
    BodyDiff,
    Change,
    Diff,
    Encoded,
    Exchanged,
    Items,
    Members,
    Secret,
    TextLines,
    Unresolved,
    Whole,
)
from mooring.reporting.diff.values import decoded_json, text_lines
from mooring.reporting.style import Style, printable
from mooring.reporting.values_text import SENSITIVE_TEXT, UNKNOWN_TEXT

ALWAYS_SHOWN: Final = frozenset({"id", "name", "tags"})
_BARE_KEY: Final = re.compile(r"[^\W\d][\w-]*")
_GAINS: Final = (
    "# Warning: this value becomes sensitive; once applied, it is hidden",
    "# wherever it is shown.",
)
_LOSES: Final = (
    "# Warning: this value stops being sensitive; once applied, it is shown",
    "# in clear.",
)
_SECRET_BLOCK: Final = (
    "# The block has, or had, something sensitive in it,",
    "# and is hidden as a whole.",
)
Lines = list[str]


class Renderer:
    """How to print differences: emphasis, with or without symbols, everything or only what changes."""

    def __init__(self, style: Style, *, symbols: bool = True, everything: bool = False) -> None:
        self._style: Final = style
        self._everything: Final = everything
        blank = "    " if symbols else ""
        self._symbols: Final = {
            Change.NO_OP: blank,
            Change.CREATE: f"  {style.green('+')} ",
            Change.DELETE: f"  {style.red('-')} ",
            Change.UPDATE: f"  {style.yellow('~')} ",
        }
        self._arrow: Final = style.yellow("->")
        self._to_null: Final = style.dim(" -> null")
        self._forces: Final = style.red(" # forces replacement")

    # -- bodies ----------------------------------------------------------------------------------

    def body(self, body: BodyDiff, level: int) -> Lines:
        """What stands between the braces of a resource or block whose content is at `level`."""
        lines = self._attributes(body.attributes, level)
        hidden = 0
        for name, group in body.blocks:
            shown = [block for block in group if self._everything or block.change is not Change.NO_OP]
            hidden += len(group) - len(shown)
            if shown:
                lines.append("")
                for block in shown:
                    lines += self._block(name, block, level)
        if hidden:
            lines += ["", self._hidden(hidden, "block", level)]
        return lines

    def _attributes(self, attributes: Sequence[tuple[str, Diff]], level: int) -> Lines:
        lines: Lines = []
        width = max((len(name) for name, _ in attributes), default=0)
        hidden = 0
        for name, diff in attributes:
            if diff.change is Change.NO_OP and not self._everything and name not in ALWAYS_SHOWN:
                hidden += 1
                continue
            lines += self._entry(name.ljust(width), diff, level, ends=True)
        if hidden:
            lines.append(self._hidden(hidden, "attribute", level))
        return lines

    def _block(self, name: str, block: BlockDiff, level: int) -> Lines:
        label = "" if block.key is None else f" {_quoted(block.key)}"
        if block.body is None and not block.is_sensitive:
            return [self._line(level, block.change, f"{name}{label} {UNKNOWN_TEXT}")]
        forces = self._forces if block.replaces and block.change is not Change.NO_OP else ""
        lines = [self._line(level, block.change, f"{name}{label} {{{forces}")]
        if block.body is None:
            lines += [f"{'    ' * (level + 1)}  {text}" for text in _SECRET_BLOCK]
        else:
            lines += self.body(block.body, level + 1)
        return [*lines, self._line(level, Change.NO_OP, "}")]

    def _entry(self, label: str, diff: Diff, level: int, *, ends: bool) -> Lines:
        """`label = value`; `ends` puts `-> null` after what disappears."""
        first, *rest = self.value(diff, level)
        lines = [*self._notes(diff, level), self._line(level, diff.change, f"{label} = {first}"), *rest]
        if ends and diff.change is Change.DELETE:
            lines[-1] += self._to_null
        return lines

    # -- values ----------------------------------------------------------------------------------

    def value(self, diff: Diff, level: int) -> Lines:
        """A difference that stands at `level`, without its symbol."""
        forces = self._forces if diff.replaces and diff.change is not Change.NO_OP else ""
        match diff:
            case Whole():
                return self._suffixed(self.whole(diff.value, diff.change, level, strict=diff.strict), forces)
            case Secret():
                return [SENSITIVE_TEXT + forces]
            case Unresolved():
                return self._unresolved(diff, level, forces)
            case Exchanged():
                return self._exchanged(diff, level, forces)
            case TextLines():
                return self._text_lines(diff, level, forces)
            case Members():
                return [f"{{{forces}", *self._members(diff, level + 1), self._line(level, Change.NO_OP, "}")]
            case Items():
                return [f"[{forces}", *self._items(diff, level + 1), self._line(level, Change.NO_OP, "]")]
            case Encoded():
                return self._encoded(diff, level, forces)
            case _:
                assert_never(diff)

    def _suffixed(self, lines: Lines, suffix: str) -> Lines:
        return [lines[0] + suffix, *lines[1:]] if suffix else lines

    def _unresolved(self, diff: Unresolved, level: int, forces: str) -> Lines:
        if diff.before is None:
            return [UNKNOWN_TEXT + forces]
        lines = self.whole(diff.before, Change.DELETE, level, strict=diff.strict)
        lines[-1] += f" -> {UNKNOWN_TEXT}{forces}"
        return lines

    def _exchanged(self, diff: Exchanged, level: int, forces: str) -> Lines:
        lines = self.whole(diff.before, Change.DELETE, level, strict=diff.strict)
        first, *rest = self.whole(diff.after, Change.CREATE, level, strict=diff.strict)
        lines[-1] += f" {self._arrow} {first}"
        lines += rest
        lines[-1] += forces
        return lines

    def _text_lines(self, diff: TextLines, level: int, forces: str) -> Lines:
        only_blanks = all(change is Change.NO_OP for change, _ in diff.lines)
        note = self._style.dim(" # whitespace changes") if only_blanks else ""
        lines = [self._line(level + 1, change, printable(text)) for change, text in diff.lines]
        return [f"<<-EOT{note}{forces}", *lines, self._line(level, Change.NO_OP, "EOT")]

    def _members(self, diff: Members, level: int) -> Lines:
        labels = [(_key(name), name, entry) for name, entry in diff.entries]
        width = max((len(label) for label, _, _ in labels), default=0)
        lines: Lines = []
        hidden = 0
        for label, name, entry in labels:
            is_shown = self._everything or (name in ALWAYS_SHOWN and not diff.is_map)
            if entry.change is Change.NO_OP and not is_shown:
                hidden += 1
                continue
            lines += self._entry(label.ljust(width), entry, level, ends=False)
        if hidden:
            lines.append(self._hidden(hidden, "element" if diff.is_map else "attribute", level))
        return lines

    def _items(self, diff: Items, level: int) -> Lines:
        lines: Lines = []
        hidden = 0
        entries = diff.entries
        for at, entry in enumerate(entries):
            if entry.change is Change.NO_OP and not self._is_context(entries, at, diff.is_set):
                hidden += 1
                continue
            if hidden and not diff.is_set:
                lines.append(self._hidden(hidden, "element", level))
                hidden = 0
            first, *rest = self.value(entry, level)
            item = [*self._notes(entry, level), self._line(level, entry.change, first), *rest]
            item[-1] += ","
            lines += item
        if hidden:
            lines.append(self._hidden(hidden, "element", level))
        return lines

    def _is_context(self, entries: Sequence[Diff], at: int, is_set: bool) -> bool:  # noqa: FBT001
        """Whether an element that stays is shown: beside a change, in a sequence."""
        if self._everything:
            return True
        around = entries[max(0, at - 1) : at + 2]
        return not is_set and any(entry.change is not Change.NO_OP for entry in around)

    def _encoded(self, diff: Encoded, level: int, forces: str) -> Lines:
        only_blanks = diff.inner.change is Change.NO_OP
        note = self._style.dim(" # whitespace changes") if only_blanks else ""
        return self._in_jsonencode(self.value(diff.inner, level + 1), diff.inner.change, level, note + forces)

    def _in_jsonencode(self, inner: Lines, change: Change, level: int, note: str = "") -> Lines:
        first, *rest = inner
        if not rest:
            return [f"jsonencode({first}){note}"]
        return [
            f"jsonencode({note}",
            self._line(level + 1, change, first),
            *rest,
            self._line(level, Change.NO_OP, ")"),
        ]

    # -- whole values ----------------------------------------------------------------------------

    def whole(self, value: Value, change: Change, level: int, *, strict: bool = False) -> Lines:
        """A value all of which appears, disappears or stays."""
        raw = value.raw
        if SENSITIVE in value.marks:
            return [SENSITIVE_TEXT]
        if raw is None:
            return ["null"]
        if type(raw) is str:
            return self._whole_text(raw, change, level)
        if type(raw) is bool or value.type is BOOL:
            return ["true" if raw is True else "false" if raw is False else UNKNOWN_TEXT]
        if not value.is_known or value.type is STRING:
            return [UNKNOWN_TEXT]
        if value.type is NUMBER:
            return [format_number(value.number)]
        if type(raw) is tuple:
            return self._whole_items(raw, change, level, strict=strict)
        return self._whole_members(value, change, level, strict=strict)

    def _whole_text(self, text: str, change: Change, level: int) -> Lines:
        decoded = decoded_json(text)
        if decoded is not None:
            return self._in_jsonencode(self.whole(decoded, change, level + 1), Change.NO_OP, level)
        if "\n" not in text:
            return [_quoted(text)]
        lines = [self._line(level + 1, Change.NO_OP, printable(line)) for line in text_lines(text)]
        return ["<<-EOT", *lines, self._line(level, Change.NO_OP, "EOT")]

    def _whole_items(self, items: Sequence[Value], change: Change, level: int, *, strict: bool) -> Lines:
        if not items:
            return ["[]"]
        lines = ["["]
        for item in items:
            first, *rest = self.whole(item, change, level + 1, strict=strict)
            lines += [self._line(level + 1, change, first), *rest]
            lines[-1] += ","
        return [*lines, self._line(level, Change.NO_OP, "]")]

    def _whole_members(self, value: Value, change: Change, level: int, *, strict: bool) -> Lines:
        members = {
            _key(name): member
            for name, member in value.attributes.items()
            if not (strict and member.raw is None)
        }
        if not members:
            return ["{}"]
        width = max(len(label) for label in members)
        lines = ["{"]
        for label, member in members.items():
            first, *rest = self.whole(member, change, level + 1, strict=strict)
            lines += [self._line(level + 1, change, f"{label:{width}} = {first}"), *rest]
        return [*lines, self._line(level, Change.NO_OP, "}")]

    # -- lines -----------------------------------------------------------------------------------

    def _line(self, level: int, change: Change, text: str) -> str:
        return f"{'    ' * level}{self._symbols[change]}{text}"

    def _hidden(self, count: int, noun: str, level: int) -> str:
        plural = "" if count == 1 else "s"
        return self._line(
            level, Change.NO_OP, self._style.dim(f"# ({count} unchanged {noun}{plural} hidden)")
        )

    def _notes(self, diff: Diff, level: int) -> Iterable[str]:
        if not isinstance(diff, Secret) or not diff.note:
            return ()
        texts = _GAINS if diff.note == "gains" else _LOSES
        end = " The value is unchanged." if diff.is_unchanged else ""
        return (f"{'    ' * level}  {texts[0]}", f"{'    ' * level}  {texts[1]}{end}")


def _quoted(text: str) -> str:
    return printable(json.dumps(text, ensure_ascii=False))


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _quoted(name)
