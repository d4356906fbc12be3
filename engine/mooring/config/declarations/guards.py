"""Reads `guard` blocks: which changes nobody is to make, and to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from mooring.config.declarations.constants import expect_list, read_text, text_of
from mooring.config.model import Guard
from mooring.config.names import check_name, did_you_mean
from mooring.config.targets import Target, parse_target
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.spans import Span
from mooring.syntax.body import Block, Content, Names
from mooring.syntax.static import traversal_in_string

_NAMES: Final = Names(
    attributes=frozenset({"forbid", "types", "addresses", "reason"}), required=frozenset({"forbid"})
)
FORBIDDEN_WORDS: Final = ("create", "update", "replace", "delete", "destroy", "detach", "forget")
"""What can be forbidden. `delete` is both `destroy` and `detach`; replacing an object ends it too."""


def read_guard(block: Block) -> tuple[Guard, Diagnostics]:
    """One guard. Beside an error it is only good to be looked at: half a guard is none."""
    content, diags = block.body.content(_NAMES)
    found: list[Diagnostic] = [
        *diags,
        *check_name(block.labels[0], block.label_spans[0], "Invalid guard name"),
    ]
    words, problems = _read_texts(content, "forbid", check_word)
    found += problems
    types, problems = _read_texts(content, "types", lambda _text, _span: ())
    found += problems
    addresses, problems = _read_addresses(content)
    found += problems
    reason, problems = read_text(content, "reason")
    found += problems
    guard = Guard(
        name=block.labels[0],
        forbid=frozenset(text for text, _ in words),
        types=tuple(types) if "types" in content.attributes else None,
        addresses=addresses if "addresses" in content.attributes else None,
        reason=reason or "",
        span=block.header,
    )
    return guard, tuple(found)


def check_word(word: str, span: Span | None) -> Diagnostics:
    """Whether a word is one of those that can be forbidden."""
    if word in FORBIDDEN_WORDS:
        return ()
    detail = (
        f'"{word}" is no kind of change. What can be forbidden: {", ".join(FORBIDDEN_WORDS)}.'
        f"{did_you_mean(word, FORBIDDEN_WORDS)}"
    )
    return (error("Unknown kind of change", detail, span),)


def _read_texts(
    content: Content, name: str, check: Callable[[str, Span], Diagnostics]
) -> tuple[list[tuple[str, Span]], Diagnostics]:
    attribute = content.attributes.get(name)
    if attribute is None:
        return [], ()
    elements, diags = expect_list(attribute.expression)
    found: list[Diagnostic] = [*diags]
    texts: list[tuple[str, Span]] = []
    for element in elements:
        text = text_of(element)
        if text is None:
            found.append(error("Invalid expression", "A string is required here.", element.span))
        else:
            found += check(text, element.span)
            texts.append((text, element.span))
    if not elements and not found:
        detail = f'"{name}" is empty, so this guard would never hold. Name something, or take it away.'
        found.append(error("Guard without effect", detail, attribute.span))
    return texts, tuple(found)


def _read_addresses(content: Content) -> tuple[tuple[Target, ...], Diagnostics]:
    attribute = content.attributes.get("addresses")
    if attribute is None:
        return (), ()
    _, diags = _read_texts(content, "addresses", lambda _text, _span: ())
    found: list[Diagnostic] = [*diags]
    targets: list[Target] = []
    for element in expect_list(attribute.expression)[0]:
        traversal = traversal_in_string(element)
        target = parse_target(traversal) if traversal is not None else None
        if isinstance(target, Target):
            targets.append(target)
        elif text_of(element) is not None:
            detail = f'"{text_of(element)}" is the address of neither a module nor a resource.'
            found.append(error("Invalid address", target.detail if target else detail, element.span))
    return tuple(targets), tuple(found)


def unknown_types(guards: Iterable[Guard], known: Iterable[str]) -> Diagnostics:
    """What to say of guards for types that no provider of the configuration has."""
    names = sorted(known)
    found: list[Diagnostic] = []
    for guard in guards:
        for type_, span in guard.types or ():
            if type_ not in names:
                detail = (
                    f'No provider of this configuration has a resource type "{type_}".'
                    f"{did_you_mean(type_, names)}"
                )
                found.append(error("Invalid resource type", detail, span))
    return tuple(found)
