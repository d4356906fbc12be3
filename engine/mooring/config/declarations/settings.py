"""Reads `terraform` blocks: what the module needs of its surroundings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mooring.config.declarations.constants import read_text
from mooring.config.declarations.encryption import read_encryption
from mooring.config.declarations.requirements import Known, read_required_providers
from mooring.config.model import Backend, Encryption, RequiredProvider
from mooring.config.versions import check_constraint
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import field, record
from mooring.core.spans import Span
from mooring.syntax.body import Block, Body, Content, Names
from mooring.syntax.nodes import Expression, Literal
from mooring.syntax.static import as_keyword

_NAMES: Final = Names(
    attributes=frozenset({"required_version", "experiments", "language"}),
    blocks={
        "backend": ("type",),
        "cloud": (),
        "encryption": (),
        "required_providers": (),
        "provider_meta": ("provider",),
    },
    verbatim=frozenset({"required_version"}),
)
CLOUD: Final = "cloud"
"""The type that the backend of a `cloud` block has in the model."""


@record(kw_only=True)
class Requirements:
    """One `required_providers` block: where it stands and what it asks for."""

    span: Span
    providers: Mapping[str, RequiredProvider]


@record(kw_only=True)
class RequiredVersion:
    """The `required_version` argument: the constraint, and where the argument stands."""

    constraint: str
    span: Span


@record(kw_only=True)
class Settings:
    """What one `terraform` block says. `backends` has `cloud` blocks too, in the order of the file."""

    required_version: RequiredVersion | None = None
    backends: tuple[Backend, ...] = ()
    encryptions: tuple[Encryption, ...] = ()
    requirements: tuple[Requirements, ...] = ()
    provider_meta: Mapping[str, Body] = field(default_factory=dict)


def read_settings(block: Block, known: Known) -> tuple[Settings, Diagnostics]:
    """One `terraform` block; `known` says what provider names without a source mean."""
    content, diags = block.body.content(_NAMES)
    found: list[Diagnostic] = [*diags, *_check_language(content), *_refuse_experiments(content)]
    required_version, problems = _read_required_version(content)
    found += problems
    requirements: list[Requirements] = []
    for each in content.of_type("required_providers"):
        providers, problems = read_required_providers(each, known)
        found += problems
        requirements.append(Requirements(span=each.header, providers=providers))
    meta: dict[str, Block] = {}
    for each in content.of_type("provider_meta"):
        found += _add_meta(meta, each)
    encryptions: list[Encryption] = []
    for each in content.of_type("encryption"):
        encryption, problems = read_encryption(each.body, each.header)
        found += problems
        encryptions.append(encryption)
    backends = tuple(_backend(each) for each in content.blocks if each.type in ("backend", "cloud"))
    settings = Settings(
        required_version=required_version,
        backends=backends,
        encryptions=tuple(encryptions),
        requirements=tuple(requirements),
        provider_meta={name: each.body for name, each in meta.items()},
    )
    return settings, tuple(found)


def _read_required_version(content: Content) -> tuple[RequiredVersion | None, Diagnostics]:
    attribute = content.attributes.get("required_version")
    if attribute is None or _is_null(attribute.expression):
        return None, ()
    text, diags = read_text(content, "required_version")
    if text is None:
        return None, diags[:1]
    wrong = check_constraint(text, attribute.expression.span)
    if wrong:
        return None, (*diags, *wrong)
    return RequiredVersion(constraint=text, span=attribute.span), diags


def _is_null(expression: Expression) -> bool:
    return isinstance(expression, Literal) and expression.value.is_null


def _backend(block: Block) -> Backend:
    kind = block.labels[0] if block.type == "backend" else CLOUD
    return Backend(type=kind, body=block.body, span=block.header)


def _check_language(content: Content) -> Iterator[Diagnostic]:
    attribute = content.attributes.get("language")
    if attribute is not None and as_keyword(attribute.expression) != "TF2021":
        detail = "There is one edition of the language: TF2021. It need not be named."
        yield error("Invalid language edition", detail, attribute.expression.span)


def _refuse_experiments(content: Content) -> Iterator[Diagnostic]:
    attribute = content.attributes.get("experiments")
    if attribute is not None:
        detail = "Experiments of the language exist in alpha releases only. Take this argument away."
        yield error("Module uses experimental features", detail, attribute.name_span)


def _add_meta(meta: dict[str, Block], block: Block) -> Iterator[Diagnostic]:
    name = block.labels[0]
    first = meta.setdefault(name, block)
    if first is not block:
        detail = f'A provider_meta block for "{name}" was declared at {first.header} already.'
        yield error("Duplicate provider_meta block", detail, block.header)
