"""Events as JSON entries, both ways.

Objects and outputs have the form of the snapshot, so that a journal holds nothing that the state would not.
Must not know the journal's file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mooring.core.addresses import InstanceAddress, parse_instance
from mooring.core.codec import Json
from mooring.state.entries import EntryReader, decode_output, encode_object, encode_output
from mooring.state.events import (
    Abandoned,
    Began,
    ChecksSet,
    Deposed,
    Event,
    Intent,
    Moved,
    Noted,
    OutputsSet,
    Recorded,
    Removed,
)
from mooring.state.fields import Entry, Fields, StoredError, as_fields, as_text, fields_of, text_of

_BEGAN: Final = ("run", "who", "at", "command", "workspace", "version")


def encode_event(event: Event) -> Entry:
    """The entry of an event."""
    match event:
        case Intent():
            return _intent(event)
        case Noted(note=note):
            return {**_subject("noted", event), "note": dict(note)}
        case Recorded(provider=provider, object=of):
            return {
                **_subject("recorded", event),
                "provider": str(provider),
                "object": encode_object(of, {}),
            }
        case Removed():
            return _subject("removed", event)
        case Deposed():
            return _subject("deposed", event)
        case Moved(address=address, previous=previous):
            return {"event": "moved", "address": str(address), "previous": str(previous)}
        case Abandoned():
            return _subject("abandoned", event)
        case OutputsSet(outputs=outputs):
            entries: Json = {name: encode_output(outputs[name]) for name in sorted(outputs)}
            return {"event": "outputs", "outputs": entries}
        case ChecksSet(results=results):
            return {"event": "checks", "results": results}
        case Began():
            return {"event": "began", **{name: getattr(event, name) for name in _BEGAN}}


def _subject(name: str, event: Intent | Noted | Recorded | Removed | Deposed | Abandoned) -> Entry:
    entry: Entry = {"event": name, "address": str(event.address)}
    if event.deposed is not None:
        entry["deposed"] = event.deposed
    return entry


def _intent(event: Intent) -> Entry:
    entry = {**_subject("intent", event), "provider": str(event.provider), "action": event.action}
    if event.object_id is not None:
        entry["object_id"] = event.object_id
    if event.planned is not None:
        entry["planned"] = event.planned
    return entry


# -- reading -------------------------------------------------------------------------------------


def decode_event(fields: Fields, reader: EntryReader) -> Event:
    """The event of an entry. Raises `StoredError`."""
    kind = text_of(fields, "event")
    decode = _DECODERS.get(kind)
    if decode is None:
        raise StoredError(f'there is an event "{kind}" that this version does not know.')
    return decode(fields, reader)


def _decode_intent(fields: Fields, reader: EntryReader) -> Event:
    return Intent(
        address=_address(fields),
        provider=reader.provider(text_of(fields, "provider")),
        action=text_of(fields, "action"),
        deposed=_optional(fields, "deposed"),
        object_id=_optional(fields, "object_id"),
        planned=fields.get("planned"),
    )


def _decode_noted(fields: Fields, _: EntryReader) -> Event:
    note = {name: as_text(text, name) for name, text in fields_of(fields, "note").items()}
    return Noted(address=_address(fields), deposed=_optional(fields, "deposed"), note=note)


def _decode_recorded(fields: Fields, reader: EntryReader) -> Event:
    address = _address(fields)
    return Recorded(
        address=address,
        provider=reader.provider(text_of(fields, "provider")),
        deposed=_optional(fields, "deposed"),
        object=reader.object(fields_of(fields, "object"), address),
    )


def _decode_removed(fields: Fields, _: EntryReader) -> Event:
    return Removed(address=_address(fields), deposed=_optional(fields, "deposed"))


def _decode_deposed(fields: Fields, _: EntryReader) -> Event:
    return Deposed(address=_address(fields), deposed=text_of(fields, "deposed"))


def _decode_moved(fields: Fields, _: EntryReader) -> Event:
    return Moved(address=_address(fields), previous=_address(fields, "previous"))


def _decode_abandoned(fields: Fields, _: EntryReader) -> Event:
    return Abandoned(address=_address(fields), deposed=_optional(fields, "deposed"))


def _decode_outputs(fields: Fields, _: EntryReader) -> Event:
    outputs = fields_of(fields, "outputs")
    return OutputsSet(
        outputs={name: decode_output(name, as_fields(each, "outputs")) for name, each in outputs.items()}
    )


def _decode_checks(fields: Fields, _: EntryReader) -> Event:
    return ChecksSet(results=fields.get("results"))


def _decode_began(fields: Fields, _: EntryReader) -> Event:
    return Began(**{name: text_of(fields, name) for name in _BEGAN})


_DECODERS: Final[Mapping[str, Callable[[Fields, EntryReader], Event]]] = {
    "intent": _decode_intent,
    "noted": _decode_noted,
    "recorded": _decode_recorded,
    "removed": _decode_removed,
    "deposed": _decode_deposed,
    "moved": _decode_moved,
    "abandoned": _decode_abandoned,
    "outputs": _decode_outputs,
    "checks": _decode_checks,
    "began": _decode_began,
}


def _address(fields: Fields, name: str = "address") -> InstanceAddress:
    text = text_of(fields, name)
    address = parse_instance(text)
    if address is None:
        raise StoredError(f"{text!r} is not the address of a resource instance.")
    return address


def _optional(fields: Fields, name: str) -> str | None:
    return text_of(fields, name) if fields.get(name) is not None else None
