"""Templates: text with values and directives in it, and what of it is known before all of its parts are.

Owns how values become text; which text a file holds is the business of whoever read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from mooring.core.conversion import Mismatch, convert
from mooring.core.spans import Span
from mooring.core.text import composed
from mooring.core.types import STRING
from mooring.core.values import NO_MARKS, Marks, Unknown, Value, string, unknown
from mooring.lang.conditions import truth_of
from mooring.lang.frames import Frame
from mooring.lang.loops import turns
from mooring.syntax.nodes import (
    Template,
    TemplateFor,
    TemplateIf,
    TemplatePart,
    TemplateText,
    TemplateWrap,
)

_ENDS_CLUSTER: Final = frozenset("-_:;/\\,.(){}|?!~ \t@#$%^&*+\"'[]<>=")
"""After one of these a known prefix is sure to stay as it is, whatever follows."""


def evaluate_template(expr: Template, frame: Frame) -> Value:
    """A template with text or more than one part: a string."""
    text = _Text()
    _append_parts(expr.parts, expr.span, text, frame)
    return text.value()


def evaluate_wrap(expr: TemplateWrap, frame: Frame) -> Value:
    """`"${x}"` alone: the value of `x`, whatever its type."""
    return frame.value(expr.inner)


@final
class _Text:
    """The text of a template so far. Mutable, private to one evaluation.

    After the first part that is unknown only marks are still collected.
    """

    __slots__ = ("is_known", "marks", "pieces")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.marks: Marks = NO_MARKS
        self.is_known = True

    def append(self, text: str) -> None:
        if self.is_known:
            self.pieces.append(text)

    def append_unknown(self, prefix: str = "") -> None:
        self.append(prefix)
        self.is_known = False

    def value(self) -> Value:
        text = composed("".join(self.pieces))
        if self.is_known:
            return string(text).marked(self.marks)
        return unknown(STRING, Unknown(not_null=True, prefix=safe_prefix(text))).marked(self.marks)


def safe_prefix(text: str) -> str:
    """The beginning of a text that no continuation changes: a last letter may still get an accent."""
    return text if not text or text[-1] in _ENDS_CLUSTER else text[:-1]


def _append_parts(parts: Sequence[TemplatePart], whole: Span, text: _Text, frame: Frame) -> None:
    for part in parts:
        if type(part) is TemplateText:
            text.append(part.text)
        elif type(part) is TemplateIf:
            _append_if(part, whole, text, frame)
        elif type(part) is TemplateFor:
            _append_for(part, whole, text, frame)
        else:
            _append_value(part, whole, text, frame)


def _append_value(part: TemplatePart, whole: Span, text: _Text, frame: Frame) -> None:
    assert not isinstance(part, TemplateText | TemplateIf | TemplateFor)
    value = frame.value(part)
    text.marks |= value.marks
    if value.raw is None:
        detail = (
            "The value is null, and null has no text. Use coalesce() or a conditional to give another one."
        )
        frame.fail(_SUMMARY, detail, part.span, context=whole, about=part)
        text.append_unknown()
        return
    converted = convert(value, STRING)
    if isinstance(converted, Mismatch):
        detail = f"Only text, numbers and bools can stand in a template: {converted}. {_ADVICE}"
        frame.fail(_SUMMARY, detail, part.span, context=whole, about=part)
        text.append_unknown()
        return
    raw = converted.raw
    if type(raw) is str:
        text.append(raw)
    elif type(raw) is Unknown:
        text.append_unknown(raw.prefix)


_SUMMARY: Final = "Invalid template interpolation value"
_ADVICE: Final = "To write a collection as text, use join() or jsonencode()."


def _append_if(part: TemplateIf, whole: Span, text: _Text, frame: Frame) -> None:
    condition = frame.value(part.condition)
    truth = truth_of(condition, part.condition, part.span, frame)
    text.marks |= condition.marks
    chosen, other = (part.if_true, part.if_false) if truth else (part.if_false, part.if_true)
    text.marks |= _marks_of(other, whole, frame)
    if truth is None:
        text.marks |= _marks_of(chosen, whole, frame)
        text.append_unknown()
    else:
        _append_parts(chosen, whole, text, frame)


def _marks_of(parts: Sequence[TemplatePart], whole: Span, frame: Frame) -> Marks:
    """The marks of a branch that is not taken: which one is taken would tell something of it."""
    text = _Text()
    _append_parts(parts, whole, text, frame.apart(is_trial=True))
    return text.marks


def _append_for(part: TemplateFor, whole: Span, text: _Text, frame: Frame) -> None:
    collection = frame.value(part.collection)
    text.marks |= collection.marks
    names = part.key_name, part.value_name
    inner_frames = turns(collection, names, part.collection, part.span, frame)
    if inner_frames is None:
        text.append_unknown()
        return
    for inner in inner_frames:
        _append_parts(part.body, whole, text, inner)
