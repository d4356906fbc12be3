"""Reads `encryption` blocks: key providers, methods, and what they are used for. OpenTofu's block.

https://opentofu.org/docs/language/state/encryption says what it means. What stands inside key providers and
methods is a body here: it is evaluated before the state is read (state/encryption). Source lines of key
providers are never shown, because passphrases stand there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mooring.config.bodies import overlaid
from mooring.config.model import Encryption, EncryptionPart, EncryptionTarget
from mooring.config.names import check_name, duplicate
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.records import replace
from mooring.core.spans import Source, Span
from mooring.syntax import parse_file
from mooring.syntax.body import Block, Body, Content, Names

VARIABLE: Final = "TF_ENCRYPTION"
_OF_CALLS: Final = frozenset({"Error in function call", "Invalid function argument"})
_REMOTE: Final = "remote_state_data_sources"
_NAMES: Final = Names(
    blocks={
        "key_provider": ("type", "name"),
        "method": ("type", "name"),
        "state": (),
        "plan": (),
        _REMOTE: (),
    }
)
_REMOTE_NAMES: Final = Names(blocks={"default": (), "remote_state_data_source": ("name",)})
_FALLBACK: Final = Names(
    attributes=frozenset({"method"}), required=frozenset({"method"}), blocks={"fallback": ()}
)
_READING: Final = Names(attributes=frozenset({"method"}), blocks={"fallback": ()})
_WRITING: Final = Names(attributes=frozenset({"method", "enforced"}), blocks={"fallback": ()})
_Parts = dict[tuple[str, str], EncryptionPart]


def read_encryption(body: Body, span: Span) -> tuple[Encryption, Diagnostics]:
    """What an `encryption` block says, or the text of TF_ENCRYPTION."""
    content, diags = body.content(_NAMES)
    found = list(diags)
    key_providers = _read_parts(content.of_type("key_provider"), found)
    methods = _read_parts(content.of_type("method"), found)
    state, plan = (_only_target(content, kind, found) for kind in ("state", "plan"))
    default, remote = _read_remote(content, found)
    encryption = Encryption(
        key_providers=key_providers,
        methods=methods,
        state=state,
        plan=plan,
        remote_default=default,
        remote=remote,
        span=span,
    )
    return encryption, tuple(unseen(diag) for diag in found)


def _read_parts(blocks: Iterable[Block], found: list[Diagnostic]) -> _Parts:
    parts: _Parts = {}
    for block in blocks:
        kind, name = block.labels
        part = EncryptionPart(type=kind, name=name, body=block.body, span=hidden(block.header))
        found += check_name(name, part.span, f"Invalid {block.type} name")
        first = parts.setdefault(part.key, part)
        if first is not part:
            what = f'The {block.type} "{kind}" "{name}"'
            found.append(duplicate(f"Duplicate {block.type}", what, part.span, first.span))
    return parts


def _only_target(content: Content, kind: str, found: list[Diagnostic]) -> EncryptionTarget | None:
    first: EncryptionTarget | None = None
    for block in content.of_type(kind):
        target = _read_target(block, _WRITING, found)
        if first is None:
            first = target
        else:
            what = f"What encrypts the {kind}"
            found.append(duplicate(f"Duplicate {kind} block", what, target.span, first.span))
    return first


def _read_target(block: Block, names: Names, found: list[Diagnostic]) -> EncryptionTarget:
    content, diags = block.body.content(names)
    found += diags
    method, enforced = (content.attributes.get(name) for name in ("method", "enforced"))
    fallbacks = [_read_target(each, _FALLBACK, found) for each in content.of_type("fallback")]
    found += (
        duplicate("Duplicate fallback block", "The fallback", each.span, fallbacks[0].span)
        for each in fallbacks[1:]
    )
    return EncryptionTarget(
        method=method.expression if method is not None else None,
        enforced=enforced.expression if enforced is not None else None,
        fallback=fallbacks[0] if fallbacks else None,
        span=block.header,
    )


def _read_remote(
    content: Content, found: list[Diagnostic]
) -> tuple[EncryptionTarget | None, Mapping[str, EncryptionTarget]]:
    default: EncryptionTarget | None = None
    named: dict[str, EncryptionTarget] = {}
    for block in content.of_type(_REMOTE):
        inner, diags = block.body.content(_REMOTE_NAMES)
        found += diags
        default = _only_target(inner, "default", found) or default
        for each in inner.of_type("remote_state_data_source"):
            target = _read_target(each, _READING, found)
            first = named.setdefault(each.labels[0], target)
            if first is not target:
                what = f'The remote state "{each.labels[0]}"'
                found.append(duplicate("Duplicate remote_state_data_source", what, target.span, first.span))
    return default, named


# -- two blocks ----------------------------------------------------------------------------------


def merged(base: Encryption | None, override: Encryption) -> Encryption:
    """`base` with what `override` says instead, as an override file or TF_ENCRYPTION has it."""
    if base is None:
        return override
    return replace(
        base,
        key_providers=_merged_parts(base.key_providers, override.key_providers),
        methods=_merged_parts(base.methods, override.methods),
        state=_merged_target(base.state, override.state),
        plan=_merged_target(base.plan, override.plan),
        remote_default=_merged_target(base.remote_default, override.remote_default),
        remote={
            **base.remote,
            **{name: _over(base.remote.get(name), each) for name, each in override.remote.items()},
        },
    )


def _merged_parts(
    base: Mapping[tuple[str, str], EncryptionPart], override: Mapping[tuple[str, str], EncryptionPart]
) -> _Parts:
    parts = dict(base)
    for key, part in override.items():
        before = parts.get(key)
        parts[key] = part if before is None else replace(part, body=overlaid(before.body, part.body))
    return parts


def _merged_target(
    base: EncryptionTarget | None, override: EncryptionTarget | None
) -> EncryptionTarget | None:
    return base if override is None else _over(base, override)


def _over(base: EncryptionTarget | None, override: EncryptionTarget) -> EncryptionTarget:
    if base is None:
        return override
    return EncryptionTarget(
        method=override.method or base.method,
        fallback=override.fallback or base.fallback,
        enforced=override.enforced or base.enforced,
        span=override.span,
    )


# -- TF_ENCRYPTION -------------------------------------------------------------------------------


def read_variable(text: str) -> tuple[Encryption | None, Diagnostics]:
    """What TF_ENCRYPTION says: the inside of an `encryption` block, in native syntax or JSON."""
    path = f"{VARIABLE}.json" if text.lstrip().startswith("{") else VARIABLE
    body, diags = parse_file(path, text.encode())
    if has_errors(diags):
        return None, tuple(_placed_nowhere(diag) for diag in diags)
    return read_encryption(body, body.missing_item)


def _placed_nowhere(diag: Diagnostic) -> Diagnostic:
    """The problem without the text, of which nobody knows what it is, and where secrets stand."""
    place = "" if diag.subject is None else f" (line {diag.subject.first.line})"
    return error(diag.summary, f"{VARIABLE} cannot be read{place}. Its text is not shown.")


# -- places whose lines are not shown ------------------------------------------------------------


def hidden(span: Span) -> Span:
    """The same place in a text of which nothing but that place can be read."""
    source, start, end = span
    before, after = (_blank(part) for part in (source.text[:start], source.text[end:]))
    return Span(Source(source.path, before + source.text[start:end] + after), start, end)


def unseen(diag: Diagnostic) -> Diagnostic:
    """A problem whose place is shown without the rest of its lines, where secrets may stand."""
    if diag.subject is None:
        return diag
    return replace(diag, subject=hidden(diag.subject), context=None)


def concealed(diag: Diagnostic, part: EncryptionPart) -> Diagnostic:
    """A problem inside a key provider, told at its header, without what a function was called with."""
    line = "" if diag.subject is None else f" (line {diag.subject.first.line})"
    detail = "What it was called with is not shown." if diag.summary in _OF_CALLS else diag.detail
    return error(diag.summary, detail + line, part.span)


def _blank(text: str) -> str:
    return "\n".join(" " * len(line) for line in text.split("\n"))
