"""From the encryption block to what seals: references resolved, arguments evaluated, key providers made.

What is wrong inside a key provider is told at its header, without lines and values: secrets stand there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mooring.config.declarations.encryption import concealed, unseen
from mooring.config.evaluation import Configuration
from mooring.config.model import Encryption, EncryptionPart, EncryptionTarget
from mooring.config.names import did_you_mean
from mooring.core.codec import Plain
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors, warning
from mooring.core.records import field, record
from mooring.core.spans import Span
from mooring.core.types import NUMBER, ListType
from mooring.schema.model import Attribute, BlockSchema
from mooring.state.encryption.early import EarlyValues, Settings, is_unknown
from mooring.state.encryption.keys import KeySource
from mooring.state.encryption.kinds import ALIAS, KINDS, NOT_BUILT, World
from mooring.state.encryption.methods import KEY_LENGTHS, AesGcm, Method, Unencrypted
from mooring.state.encryption.sealing import NOT_CONFIGURED, PLAN, REMOTE, STATE, Target
from mooring.syntax.body import Names
from mooring.syntax.nodes import AttrStep, Expression, TemplateWrap
from mooring.syntax.static import as_traversal, traversal_in_string

_METHODS: Final = ("aes_gcm", "unencrypted")
_AES_GCM: Final = BlockSchema(attributes={"aad": Attribute(type=ListType(NUMBER), optional=True)})
_NOTHING: Final = BlockSchema()
_KEYS: Final = Names(attributes=frozenset({"keys"}), required=frozenset({"keys"}))
_CHAIN: Final = Names(attributes=frozenset({"chain"}))
_PartKey = tuple[str, str]
_Parts = Mapping[_PartKey, EncryptionPart]


@record(kw_only=True)
class Encrypted:
    """What seals what. `remote` has the targets of single data sources, by the name in the block."""

    state: Target = STATE
    plan: Target = PLAN
    remote_default: Target = REMOTE
    remote: Mapping[str, Target] = field(default_factory=dict)

    def for_remote(self, name: str) -> Target:
        """The target for a `terraform_remote_state`: `NAME` or `MODULE.NAME`, with the key of an instance."""
        return self.remote.get(name) or self.remote.get(name.partition("[")[0]) or self.remote_default


def read_configuration(
    block: Encryption, configuration: Configuration, world: World, *, prospective: bool = False
) -> tuple[Encrypted | None, Diagnostics]:
    """What the block says; None beside an error. `prospective` holds for any values of the variables."""
    reader = _Reader(block, configuration, world, prospective=prospective)
    encrypted = reader.read()
    diags = tuple(unseen(diag) for diag in reader.found)
    return (None if has_errors(diags) else encrypted), diags


class _Reader:
    """Reads one block; collects what it finds. Private to one `read_configuration`."""

    def __init__(
        self, block: Encryption, configuration: Configuration, world: World, *, prospective: bool
    ) -> None:
        self.found: list[Diagnostic] = []
        self._block: Final = block
        self._world: Final = world
        self._early: Final = EarlyValues(configuration, prospective=prospective)
        self._sources: Final[dict[_PartKey, KeySource | None]] = {}
        self._used: Final[set[EncryptionPart]] = set()

    def read(self) -> Encrypted:
        """The whole block."""
        block = self._block
        for part in block.key_providers.values():
            self._source(part, ())
        methods = {key: self._method(part) for key, part in block.methods.items()}
        remote = {
            name: self._target(Target(what="remote state", block=name), each, methods)
            for name, each in block.remote.items()
        }
        encrypted = Encrypted(
            state=self._target(STATE, block.state, methods),
            plan=self._target(PLAN, block.plan, methods),
            remote_default=self._target(REMOTE, block.remote_default, methods),
            remote=remote,
        )
        self.found += (diag.at(block.span) for diag in self._early.problems())
        if not has_errors(self.found):
            self.found += self._unused()
        return encrypted

    # -- key providers ---------------------------------------------------------------------------

    def _source(self, part: EncryptionPart, within: tuple[_PartKey, ...]) -> KeySource | None:
        if part.key in within:
            detail = "It gets its key from a chain of key providers that leads back to it."
            self.found.append(error("Cycle of key providers", detail, part.span))
            return None
        if part.key not in self._sources:
            self._sources[part.key] = self._made(part, (*within, part.key))
        return self._sources[part.key]

    def _made(self, part: EncryptionPart, within: tuple[_PartKey, ...]) -> KeySource | None:
        kind = KINDS.get(part.type)
        if kind is None:
            self.found.append(_unknown_provider(part))
            return None
        content, body, diags = part.body.partial(_CHAIN if kind.can_chain else Names())
        settings, problems = self._early.decode(body, kind.schema)
        self.found += (concealed(diag, part) for diag in (*diags, *problems))
        chain = content.attributes.get("chain")
        before = None if chain is None else self._chained(chain.expression, part, within)
        if settings is None or any(map(is_unknown, settings.values())):
            return None
        provider = kind.make(settings, self._world, chain is not None)
        if isinstance(provider, str):
            self.found.append(error("Invalid key provider", provider, part.span))
            return None
        alias = settings[ALIAS]
        address = f"key_provider.{part.type}.{part.name}"
        return KeySource(
            address=address,
            alias=alias if isinstance(alias, str) else address,
            provider=provider,
            chain=before,
        )

    def _chained(
        self, expression: Expression, part: EncryptionPart, within: tuple[_PartKey, ...]
    ) -> KeySource | None:
        other = self._find(expression, "key_provider", self._block.key_providers, part.span)
        return None if other is None else self._source(other, within)

    # -- methods ---------------------------------------------------------------------------------

    def _method(self, part: EncryptionPart) -> Method | None:
        address = f"method.{part.type}.{part.name}"
        if part.type not in _METHODS:
            detail = f'There is no method "{part.type}".{did_you_mean(part.type, _METHODS)}'
            self.found.append(error("Unknown encryption method", detail, part.span))
            return None
        if part.type == "unencrypted":
            self._decode(part, _NOTHING)
            return Unencrypted(address=address)
        content, _, diags = part.body.partial(_KEYS)
        self.found += diags
        settings = self._decode(part, _AES_GCM)
        keys = content.attributes.get("keys")
        if keys is None:
            return None
        other = self._find(keys.expression, "key_provider", self._block.key_providers, keys.expression.span)
        source = None if other is None else self._sources[other.key]
        self.found += () if source is None else _length_problems(source, part)
        aad = _bytes_of(settings["aad"]) if settings is not None else b""
        if aad is None:
            detail = 'The "aad" is a list of bytes, whole numbers from 0 to 255.'
            self.found.append(error("Invalid encryption method", detail, part.span))
        return None if source is None else AesGcm(address=address, keys=source, aad=aad or b"")

    def _decode(self, part: EncryptionPart, schema: BlockSchema) -> Settings | None:
        _, body, _ = part.body.partial(_KEYS if schema is _AES_GCM else Names())
        settings, diags = self._early.decode(body, schema)
        self.found += (diag.at(part.span) for diag in diags)
        return settings

    # -- what they are used for ------------------------------------------------------------------

    def _target(
        self, target: Target, block: EncryptionTarget | None, methods: Mapping[_PartKey, Method | None]
    ) -> Target:
        """The target with what its block says; as it is, without one."""
        if block is None:
            return target
        found = [self._named(each, methods) for each in _with_fallbacks(block)]
        if found[0] is not None:
            self._check_enforced(target, block, found[0])
        known = tuple(method for method in found if method is not None)
        return Target(what=target.what, block=target.block, methods=known or target.methods)

    def _named(self, block: EncryptionTarget, methods: Mapping[_PartKey, Method | None]) -> Method | None:
        """The method that a block names; None where it is not to be had."""
        if block.method is None:
            return NOT_CONFIGURED
        part = self._find(block.method, "method", self._block.methods, block.method.span)
        return None if part is None else methods[part.key]

    def _check_enforced(self, target: Target, block: EncryptionTarget, method: Method) -> None:
        if block.enforced is None or isinstance(method, AesGcm):
            return
        is_on, diags = self._early.is_on(block.enforced)
        self.found += (diag.at(block.enforced.span) for diag in diags)
        if not is_on:
            return
        with_what = f"{method.address} does not encrypt" if method.address else "no method is given"
        detail = (
            f"The {target.what} must be encrypted (enforced = true), but {with_what}. Name a method in the "
            f'"{target.block}" block, or set TF_ENCRYPTION if that is where the method comes from.'
        )
        self.found.append(error("Encryption is enforced", detail, block.enforced.span))

    # -- references ------------------------------------------------------------------------------

    def _find(self, expression: Expression, root: str, parts: _Parts, span: Span) -> EncryptionPart | None:
        """The declared part that an expression names; None after saying why there is none."""
        key = _reference(expression, root)
        if key is None:
            detail = f"It must be named as {root}.TYPE.NAME."
            self.found.append(error("Invalid reference in encryption configuration", detail, span))
            return None
        part = parts.get(key)
        if part is None:
            names = [".".join((root, *each)) for each in parts]
            name = ".".join((root, *key))
            detail = f"There is no {name} in the encryption block.{did_you_mean(name, names)}"
            self.found.append(error("Invalid reference in encryption configuration", detail, span))
        else:
            self._used.add(part)
        return part

    def _unused(self) -> Iterator[Diagnostic]:
        block = self._block
        for word, parts in (("key provider", block.key_providers), ("method", block.methods)):
            for part in parts.values():
                if part not in self._used:
                    detail = f'The {word} "{part.type}" "{part.name}" is used by nothing; take it away.'
                    yield warning(f"Unused {word}", detail, part.span)


def _with_fallbacks(block: EncryptionTarget) -> Iterator[EncryptionTarget]:
    each: EncryptionTarget | None = block
    while each is not None:
        yield each
        each = each.fallback


def _reference(expression: Expression, root: str) -> _PartKey | None:
    if isinstance(expression, TemplateWrap):  # "${...}" of JSON
        expression = expression.inner
    traversal = as_traversal(expression) or traversal_in_string(expression)
    if traversal is None or traversal.root != root or len(traversal.steps) != 2:
        return None
    type_, name = traversal.steps
    if not isinstance(type_, AttrStep) or not isinstance(name, AttrStep):
        return None
    return type_.name, name.name


def _length_problems(source: KeySource, part: EncryptionPart) -> Iterator[Diagnostic]:
    length = source.provider.key_length
    if length is not None and length not in KEY_LENGTHS:
        detail = f"AES-GCM needs a key of 16, 24 or 32 bytes; {source.address} gives {length}."
        yield error("Invalid encryption method", detail, part.span)


def _bytes_of(numbers: Plain) -> bytes | None:
    if numbers is None or is_unknown(numbers):
        return b""
    assert isinstance(numbers, list)
    is_right = all(type(each) is int and 0 <= each <= 255 for each in numbers)
    return bytes(each for each in numbers if type(each) is int) if is_right else None


def _unknown_provider(part: EncryptionPart) -> Diagnostic:
    if part.type in NOT_BUILT:
        detail = (
            f'OpenTofu has the key provider "{part.type}", Mooring has {", ".join(KINDS)}; a program can '
            'stand for any other with "external".'
        )
    else:
        detail = f'There is no key provider "{part.type}".{did_you_mean(part.type, KINDS)}'
    return error("Unknown key provider", detail, part.span)
