"""Objects and outputs as JSON entries, in the form of Terraform's state; the journal uses the same.

Must not know where the entries stand.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final, TypeVar

from mooring.core.addresses import ConfigAddress, ModuleInstance, ProviderConfigAddress, parse_module
from mooring.core.codec import CodecError, decode_type, encode_type
from mooring.state.fields import (
    UNSUPPORTED,
    Entry,
    Fields,
    StoredError,
    as_text,
    count_of,
    fields_of,
    list_of,
    refuse_unknown,
    text_of,
)
from mooring.state.model import ObjectState, OutputState, Status
from mooring.state.notation import (
    NotationError,
    decode_path,
    encode_path,
    parse_dependency,
    parse_provider,
)

_OBJECT_FIELDS: Final = frozenset(
    {
        "index_key",
        "status",
        "deposed",
        "schema_version",
        "attributes",
        "sensitive_attributes",
        "private",
        "dependencies",
        "create_before_destroy",
    }
)
_OUTPUT_FIELDS: Final = frozenset({"value", "type", "sensitive"})

_METADATA: Final = "Invalid resource instance metadata in state"
_FLAT: Final = (
    "{} was last written by Terraform before 0.12, in a form only its provider knows. Run "
    '"terraform apply -refresh-only" with Terraform 1.x once.'
)

S = TypeVar("S")
T = TypeVar("T")


# -- writing -------------------------------------------------------------------------------------


def encode_object(of: ObjectState, into: Entry, deposed: str | None = None) -> Entry:
    """Adds the fields of an object to `into`, in Terraform's order."""
    if of.status is Status.TAINTED:
        into["status"] = "tainted"
    if deposed is not None:
        into["deposed"] = deposed
    into["schema_version"] = of.schema_version
    into["attributes"] = of.attributes
    into["sensitive_attributes"] = [encode_path(path) for path in of.sensitive]
    if of.private:
        into["private"] = base64.b64encode(of.private).decode("ascii")
    if of.dependencies:
        into["dependencies"] = [str(dependency) for dependency in of.dependencies]
    if of.create_before_destroy:
        into["create_before_destroy"] = True
    if of.extra:
        into |= of.extra
    return into


def encode_output(output: OutputState) -> Entry:
    """The entry of a root output."""
    entry: Entry = {"value": output.value, "type": encode_type(output.type)}
    if output.sensitive:
        entry["sensitive"] = True
    return entry


# -- reading -------------------------------------------------------------------------------------


class EntryReader:
    """Reads entries; texts that repeat by the thousand are parsed once. Private to the reading of a file."""

    __slots__ = ("_dependencies", "_modules", "_providers")

    def __init__(self) -> None:
        self._modules: dict[str, ModuleInstance] = {}
        self._providers: dict[str, ProviderConfigAddress] = {}
        self._dependencies: dict[str, ConfigAddress] = {}

    def module(self, text: str) -> ModuleInstance:
        """The module instance of an address. Raises `StoredError`, as all methods do."""
        return _once(self._modules, text, _parse_module)

    def provider(self, text: str) -> ProviderConfigAddress:
        """The provider configuration of an address."""
        return _once(self._providers, text, parse_provider)

    def object(self, fields: Fields, of: object) -> ObjectState:
        """An object; `of` names it in errors."""
        status = fields.get("status") or ""
        if status not in ("", "tainted"):
            raise StoredError(f"{of} has the unknown status {status!r}.", summary=_METADATA)
        if fields.get("attributes_flat") is not None:
            raise StoredError(_FLAT.format(of), summary=UNSUPPORTED)
        sensitive = list_of(fields, "sensitive_attributes")
        extra = fields.keys() - _OBJECT_FIELDS
        return ObjectState(
            attributes=fields_of(fields, "attributes"),
            schema_version=count_of(fields, "schema_version"),
            sensitive=tuple([_checked(decode_path, path) for path in sensitive]) if sensitive else (),
            private=_private(fields, of),
            dependencies=self._depends_on(fields),
            status=Status.TAINTED if status else Status.READY,
            create_before_destroy=fields.get("create_before_destroy") is True,
            extra={name: fields[name] for name in sorted(extra)} if extra else {},
        )

    def _depends_on(self, fields: Fields) -> tuple[ConfigAddress, ...]:
        texts = list_of(fields, "dependencies")
        if not texts:
            return ()
        known = self._dependencies
        return tuple([_once(known, as_text(each, "dependencies"), parse_dependency) for each in texts])


def decode_output(name: str, fields: Fields) -> OutputState:
    """The root output of an entry. Raises `StoredError`."""
    refuse_unknown(fields, _OUTPUT_FIELDS, f'the output "{name}"')
    try:
        of = decode_type(fields.get("type"))
    except CodecError as problem:
        detail = f'the output "{name}" has no valid type: {problem}.'
        raise StoredError(detail, summary="Invalid output value type in state") from problem
    return OutputState(value=fields.get("value"), type=of, sensitive=fields.get("sensitive") is True)


def _parse_module(text: str) -> ModuleInstance:
    module = parse_module(text)
    if module is None:
        raise NotationError(f"{text!r} does not name a module instance")
    return module


def _private(fields: Fields, of: object) -> bytes:
    text = text_of(fields, "private")
    if not text:
        return b""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as problem:
        raise StoredError(f"the private data of {of} is not base64.") from problem


def _once(known: dict[str, T], text: str, read: Callable[[str], T]) -> T:
    found = known.get(text)
    if found is None:
        found = known[text] = _checked(read, text)
    return found


def _checked(read: Callable[[S], T], of: S) -> T:
    try:
        return read(of)
    except NotationError as problem:
        raise StoredError(f"{problem}.") from problem
