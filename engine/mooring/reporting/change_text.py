"""One planned change, or one drift, as Terraform prints it: headline, why, the object's differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from mooring.core.addresses import InstanceAddress, ProviderConfigAddress, ResourceAddress, format_key
from mooring.core.values import Value
from mooring.planning.model import Action, Drift, PlannedChange, Reason
from mooring.reporting.diff.bodies import compare_bodies
from mooring.reporting.diff.model import BodyDiff
from mooring.reporting.diff.render import Renderer
from mooring.reporting.product import PRODUCT
from mooring.reporting.style import Style
from mooring.reporting.verbs import replaced_word, words_of
from mooring.schema.model import BlockSchema

if TYPE_CHECKING:
    from mooring.planning.explanation import Explanation

SchemaLookup = Callable[[ProviderConfigAddress, ResourceAddress], BlockSchema | None]
"""The schema of a resource's block; None where the provider is not there to ask."""


class ChangeRenderer:
    """Prints changes, with the schemas and the style it is given."""

    def __init__(self, schemas: SchemaLookup, style: Style) -> None:
        self._schemas: Final = schemas
        self._style: Final = style
        self._renderer: Final = Renderer(style)
        self._complete: Final = Renderer(style, everything=True)
        plus, minus = style.green("+"), style.red("-")
        self._symbols: Final = {
            Action.NO_OP: "   ",
            Action.CREATE: f"  {plus}",
            Action.READ: f" {style.cyan('<=')}",
            Action.UPDATE: f"  {style.yellow('~')}",
            Action.DELETE: f"  {minus}",
            Action.FORGET: f" {style.red('.')}",
        }
        self._replace: Final = (f"{minus}/{plus}", f"{plus}/{minus}")

    def change(self, change: PlannedChange, explanation: Explanation | None = None) -> str:
        """One planned change, an empty line before it."""
        is_forgotten = change.action is Action.FORGET
        after = change.before if is_forgotten else change.after
        is_import = change.action is Action.NO_OP and change.import_id is not None
        body = self._body(change.provider, change.address, change.before, after, change)
        renderer = self._complete if is_import else self._renderer
        if change.action is Action.REPLACE:
            symbol = self._replace[change.create_before_destroy]
        else:
            symbol = self._symbols[change.action]
        margin = " " if is_forgotten else "  "
        lines = self._headline(change)
        if explanation is not None and change.action is Action.REPLACE:
            lines += _forced_by(explanation)
        told = "".join(f"{margin}{line}\n" for line in lines)
        return f"\n{told}{self._object(symbol, change.address, body, renderer)}"

    def drift(self, drift: Drift) -> str:
        """One object that changed outside."""
        body = self._body(drift.provider, drift.address, drift.recorded, drift.actual, None)
        is_gone = drift.actual is None
        action, said = (Action.DELETE, "has been deleted") if is_gone else (Action.UPDATE, "has changed")
        deposed = f" (deposed object {drift.deposed})" if drift.deposed else ""
        title = self._style.bold(f"  # {drift.address}{deposed}")
        return f"{title} {said}\n{self._object(self._symbols[action], drift.address, body, self._renderer)}"

    def _body(
        self,
        provider: ProviderConfigAddress,
        address: InstanceAddress,
        before: Value | None,
        after: Value | None,
        change: PlannedChange | None,
    ) -> BodyDiff:
        schema = self._schemas(provider, address.resource)
        return compare_bodies(before, after, schema, change.replace_paths if change else ())

    def _object(self, symbol: str, address: InstanceAddress, body: BodyDiff, renderer: Renderer) -> str:
        mode = "resource" if address.resource.mode == "managed" else address.resource.mode
        header = f'{symbol} {mode} "{address.resource.type}" "{address.resource.name}" {{'
        return "\n".join([header, *renderer.body(body, 1), "    }", ""])

    # -- headlines -------------------------------------------------------------------------------

    def _headline(self, change: PlannedChange) -> list[str]:
        bold = self._style.bold
        if change.action is Action.NO_OP and change.previous_address is not None:
            moved = f"{bold(f'# {change.previous_address}')} has moved to {bold(str(change.address))}"
            return [moved, *_imported(change)]
        deposed = f" (deposed object {change.deposed})" if change.deposed else ""
        lines = [f"{bold(f'# {change.address}{deposed}')} {self._will(change)}"]
        reason = _reason(change)
        if reason:
            lines.append(f"# ({reason})")
        if change.previous_address is not None:
            lines.append(f"# (moved from {change.previous_address})")
        if change.action is not Action.NO_OP:
            lines += _imported(change)
        return lines

    def _will(self, change: PlannedChange) -> str:
        created = words_of(change.verbs.create).participle
        deleted = self._style.danger(words_of(change.verbs.delete).participle)
        match change.action:
            case Action.CREATE:
                return f"will be {created}"
            case Action.UPDATE:
                return "will be updated in-place"
            case Action.DELETE:
                return f"will be {deleted}"
            case Action.READ:
                return "will be read during apply"
            case Action.REPLACE:
                return self._will_be_replaced(change)
            case Action.FORGET:
                kept = self._style.danger("will not be destroyed")
                return f"will no longer be managed by {PRODUCT}, but {kept}"
            case Action.NO_OP:
                return "will be imported"

    def _will_be_replaced(self, change: PlannedChange) -> str:
        replaced = self._style.danger(replaced_word(change.verbs.create))
        match change.reason:
            case Reason.REPLACE_TAINTED:
                return f"is tainted, so must be {replaced}"
            case Reason.REPLACE_BY_REQUEST:
                return f"will be {replaced}, as requested"
            case Reason.REPLACE_BY_TRIGGERS:
                return f"will be {replaced} due to changes in replace_triggered_by"
            case _:
                return f"must be {replaced}"


def _forced_by(explanation: Explanation) -> list[str]:
    """What forces a replacement, where it is an argument."""
    from mooring.reporting.explanation_text import headline

    forced = headline(explanation)
    return [f"# ({forced})"] if forced else []


def _imported(change: PlannedChange) -> list[str]:
    return [] if change.import_id is None else [f'# (imported from "{change.import_id}")']


def _reason(change: PlannedChange) -> str:
    """Why this is the action, where the headline does not say so; empty where there is nothing to say."""
    if change.action is Action.FORGET:
        return "the configuration says destroy = false"
    if change.deposed is not None:
        return "its replacement failed halfway, and it was left behind"
    address = change.address
    match change.reason:
        case Reason.DELETE_NO_RESOURCE_CONFIG:
            return f"because {_without_module(address)} is not in configuration"
        case Reason.DELETE_NO_MOVE_TARGET:
            return f"because {address} was moved to {change.previous_address}, which is not in configuration"
        case Reason.DELETE_NO_MODULE:
            return f"because {'.'.join(map(str, address.resource.module))} is not in configuration"
        case Reason.DELETE_WRONG_REPETITION:
            return _wrong_repetition(address)
        case Reason.DELETE_COUNT_INDEX:
            return f"because index {format_key(address.key)} is out of range for count"
        case Reason.DELETE_EACH_KEY:
            return f"because key {format_key(address.key)} is not in for_each map"
        case Reason.READ_CONFIG_UNKNOWN:
            return "what it is asked for is known after apply"
        case Reason.READ_DEPENDENCY_PENDING:
            return "what it depends on is changed first"
        case Reason.READ_CHECK_NESTED:
            return "it is read again for a check block"
        case _:
            return ""


def _without_module(address: InstanceAddress) -> str:
    return str(address.resource._replace(module=()))


def _wrong_repetition(address: InstanceAddress) -> str:
    if address.key is None:
        return "because resource uses count or for_each"
    return f"because resource does not use {'count' if isinstance(address.key, int) else 'for_each'}"
