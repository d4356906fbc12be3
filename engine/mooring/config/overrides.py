"""Override files: what `override.tf` and `*_override.tf` say of declarations made elsewhere.

An override is merged into the block that it names and the result is read again, so that every rule of the
block holds for it. The rules are those of
https://developer.hashicorp.com/terraform/language/files/override.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from mooring.config.assembly import Assembly, check_backends, check_encryptions, misplaced_requirements
from mooring.config.bodies import overlaid
from mooring.config.declarations.calls import read_call
from mooring.config.declarations.constants import read_text
from mooring.config.declarations.encryption import merged
from mooring.config.declarations.providers import read_provider
from mooring.config.declarations.resources import read_resource
from mooring.config.declarations.settings import read_settings
from mooring.config.declarations.values import read_locals, read_output
from mooring.config.declarations.variables import INVALID_DEFAULT, read_variable
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import replace
from mooring.syntax.body import Block, Body, Names
from mooring.syntax.static import as_tuple

_MISSING_BASE: Final = {
    "variable": "Missing base variable declaration to override",
    "output": "Missing base output definition to override",
    "resource": "Missing resource to override",
    "data": "Missing data resource to override",
    "ephemeral": "Missing ephemeral resource to override",
    "module": "Missing module call to override",
    "provider": "Missing base provider configuration for override",
}
_NOT_HERE: Final = {
    "check": "Can't override check blocks",
    "moved": "Cannot override 'moved' blocks",
    "removed": "Cannot override 'removed' blocks",
    "import": "Cannot override 'import' blocks",
}
_CONDITIONS: Final = ("validation", "precondition", "postcondition")
_REFUSED: Final = Names(
    attributes=frozenset({"depends_on", "type", "default"}),
    blocks={**dict.fromkeys(_CONDITIONS, ()), "lifecycle": ()},
)
_BaseKey = tuple[str | None, ...]


class Overriding:
    """Applies override files to an assembly, one after the other. Private to one `load_configuration`."""

    def __init__(self, assembly: Assembly, blocks: Iterable[Block]) -> None:
        self._assembly: Final = assembly
        self._bases: Final[dict[_BaseKey, Block]] = {}
        for block in blocks:
            self._bases.setdefault(_key(block), block)

    def apply(self, blocks: Iterable[Block]) -> None:
        """Applies the blocks of one override file."""
        for block in blocks:
            match block.type:
                case "locals":
                    self._override_locals(block)
                case "terraform":
                    self._override_settings(block)
                case "required_providers":
                    self._report(misplaced_requirements(block))
                case "moved" | "removed" | "import" | "check":
                    detail = f'A "{block.type}" block cannot stand in an override file.'
                    self._report(error(_NOT_HERE[block.type], detail, block.header))
                case _:
                    self._override_block(block)

    def _report(self, *diags: Diagnostic) -> None:
        self._assembly.found.extend(diags)

    # -- named blocks ------------------------------------------------------------------------------

    def _override_block(self, block: Block) -> None:
        key = _key(block)
        base = self._bases.get(key)
        if base is None and block.type == "provider" and key[-1] is None:
            self._bases[key] = block
            self._assembly.add((block,))
            return
        if base is None:
            named = " ".join(f'"{label}"' for label in block.labels)
            detail = f"No other file declares {block.type} {named}. An override only changes what is there."
            self._report(error(_MISSING_BASE[block.type], detail, block.header))
            return
        self._report(*_refusals(block))
        merged = replace(base, body=overlaid(base.body, block.body))
        self._bases[key] = merged
        self._report(*_relocate(self._read_again(merged), block))

    def _read_again(self, block: Block) -> Diagnostics:
        """Reads a merged block in place of what was read before; says what is wrong with it."""
        assembly, name = self._assembly, block.labels[0]
        match block.type:
            case "variable":
                variable, diags = read_variable(block)
                assembly.variables.update({name: variable})
            case "output":
                output, diags = read_output(block)
                assembly.outputs.update({name: output} if output is not None else {})
            case "module":
                call, diags = read_call(block)
                assembly.calls.update({name: call} if call is not None else {})
            case "provider":
                config, diags = read_provider(block)
                if config is not None:
                    assembly.provider_configs[config.local_name, config.alias] = config
            case _:
                resource, diags = read_resource(block)
                assembly.resources[resource.key] = resource
        return diags

    # -- what has no labels ------------------------------------------------------------------------

    def _override_locals(self, block: Block) -> None:
        read, diags = read_locals(block)
        self._report(*diags)
        for local in read:
            if local.name in self._assembly.locals:
                self._assembly.locals[local.name] = local
            else:
                detail = f"No other file declares local.{local.name}. An override only changes what is there."
                self._report(error("Missing base local value definition to override", detail, local.span))

    def _override_settings(self, block: Block) -> None:
        settings, diags = read_settings(block, self._assembly.known)
        self._report(*diags, *check_backends(list(settings.backends)))
        self._report(*check_encryptions(list(settings.encryptions)))
        self._assembly.add_version(settings.required_version)
        for requirements in settings.requirements:
            self._assembly.required_providers.update(requirements.providers)
        if settings.backends:
            self._assembly.backends[:] = settings.backends[:1]
        if settings.encryptions:
            base = self._assembly.encryptions[0] if self._assembly.encryptions else None
            self._assembly.encryptions[:] = [merged(base, settings.encryptions[0])]


def _key(block: Block) -> _BaseKey:
    """What an override names its base by."""
    if block.type != "provider":
        return block.type, *block.labels
    content, _, _ = block.body.partial(Names(attributes=frozenset({"alias"})))
    alias, _ = read_text(content, "alias")
    return block.type, *block.labels, alias


def _refusals(block: Block) -> Iterator[Diagnostic]:
    """What an override cannot say of a block."""
    content, _, _ = block.body.partial(_REFUSED)
    depends_on = content.attributes.get("depends_on")
    if depends_on is not None and block.type != "provider":
        elements = as_tuple(depends_on.expression) or (depends_on.expression,)
        yield error("Unsupported override", "An override cannot set depends_on.", elements[0].span)
    nested = [each for lifecycle in content.of_type("lifecycle") for each in _conditions_of(lifecycle.body)]
    for condition in (*_conditions_of(block.body), *nested):
        detail = f'A "{condition.type}" block cannot stand in an override file.'
        yield error(f"Can't override {condition.type} blocks", detail, condition.header)


def _conditions_of(body: Body) -> tuple[Block, ...]:
    content, _, _ = body.partial(_REFUSED)
    return tuple(block for block in content.blocks if block.type in _CONDITIONS)


def _relocate(diags: Diagnostics, override: Block) -> Iterator[Diagnostic]:
    """A default that only the override's type makes wrong is the override's mistake."""
    content, _, _ = override.body.partial(_REFUSED)
    is_type_alone = "type" in content.attributes and "default" not in content.attributes
    for diag in diags:
        is_new = diag.summary == INVALID_DEFAULT and is_type_alone
        yield replace(diag, subject=override.header) if is_new else diag
