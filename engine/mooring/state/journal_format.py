"""The bytes of a journal: lines of JSON, each with a number and a checksum, and what they say when read back.

    {"n":0,"journal":1,"lineage":"...","serial":7,"digest":"...","sum":"1c291ca3"}
    {"n":1,"event":"intent","address":"azureml_workspace.a", ... ,"sum":"8bd69e52"}
    {"n":2,"sealed":{"serial":8,"digest":"..."},"sum":"0d3b1f00"}

The first line names the snapshot that the events extend. `sum` is the CRC-32 of the line without it, started
with the sum of the line before, so that a line that was changed, lost, doubled or moved is found. A line is
written by one call and ends with a newline: a crash can only leave the beginning of a line at the end of the
file, and that alone is forgiven. A seal names the snapshot that the journal is about to be compacted into; a
seal that is followed by anything is void, since that compaction failed. Must not know files.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from mooring.core.codec import Json, dumps, loads
from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record
from mooring.state.entries import EntryReader
from mooring.state.event_codec import decode_event, encode_event
from mooring.state.events import Event
from mooring.state.fields import Entry, Fields, StoredError, as_fields, count_of, text_of
from mooring.state.sealing import PLAIN, Sealing

FORMAT: Final = 1
_SUM: Final = re.compile(rb',"sum":"([0-9a-f]{8})"}')
_SUM_LENGTH: Final = 18
_CORRUPT: Final = "State journal is corrupted"


@record(kw_only=True)
class Base:
    """The snapshot that a journal extends, or was compacted into.

    `digest` is the SHA-256 of its bytes, "" for a state that does not exist yet.
    """

    lineage: str
    serial: int
    digest: str


@record(kw_only=True)
class Replayed:
    """A journal read back. Writing goes on at `position`, after the first `end` bytes."""

    base: Base
    events: tuple[Event, ...]
    seal: Base | None
    end: int
    position: Position


@record
class Position:
    """How many lines there are, and the sum of the last of them."""

    lines: int = 0
    sum: int = 0

    def line(self, entry: Mapping[str, Json]) -> tuple[bytes, Position]:
        """The next line, and the position after it."""
        body = dumps({"n": self.lines, **entry})
        checksum = zlib.crc32(body, self.sum)
        return b'%s,"sum":"%08x"}\n' % (body[:-1], checksum), Position(self.lines + 1, checksum)


def first_lines(base: Base, events: Iterable[Event] = (), sealing: Sealing = PLAIN) -> tuple[bytes, Position]:
    """The beginning of a journal: its first line, and events that are carried over."""
    entries = ({"journal": FORMAT, **_base_entry(base)}, *map(encode_event, events))
    lines, position = list[bytes](), Position()
    for entry in entries:
        line, position = position.line(entry)
        lines.append(sealed_line(line, sealing))
    return b"".join(lines), position


def sealed_line(line: bytes, sealing: Sealing) -> bytes:
    """A line in the form in which it is kept; both end with a newline."""
    return line if sealing is PLAIN else sealing.seal_line(line[:-1]) + b"\n"


def seal(into: Base) -> Entry:
    """The entry of the last line of a compacted journal."""
    return {"sealed": _base_entry(into)}


def _base_entry(base: Base) -> Entry:
    return {"lineage": base.lineage, "serial": base.serial, "digest": base.digest}


# -- reading -------------------------------------------------------------------------------------


def replay(content: bytes, shown_as: str, sealing: Sealing = PLAIN) -> tuple[Replayed | None, Diagnostics]:
    """What a journal says.

    None without a diagnostic means that not even the first line was written to its end, so that nothing has
    happened; None with one, that the journal is corrupted.
    """
    try:
        return _replay(content, sealing), ()
    except StoredError as problem:
        return None, (problem.diagnostic(shown_as),)
    except _SealedError as problem:
        return None, problem.diagnostics


class _SealedError(Exception):
    """A line cannot be opened."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        super().__init__()
        self.diagnostics = diagnostics


def _replay(content: bytes, sealing: Sealing) -> Replayed | None:
    lines = _sound_lines(content, sealing)
    first = next(lines, None)
    if first is None:
        return None
    fields, position, end = first
    base = _read_header(fields)
    reader, events = EntryReader(), list[Event]()
    into: Base | None = None
    for fields, position, end in lines:  # noqa: B007  (the last ones are the result)
        if "sealed" in fields:
            into = _read_base(as_fields(fields["sealed"], "sealed"))
        else:
            into = None
            events.append(decode_event(fields, reader))
    return Replayed(base=base, events=tuple(events), seal=into, end=end, position=position)


def _sound_lines(content: bytes, sealing: Sealing) -> Iterator[tuple[Fields, Position, int]]:
    """Each line's fields, the position after it, and the offset where it ends."""
    position, start = Position(), 0
    while (end := content.find(b"\n", start)) >= 0:
        fields, position = _read_line(_opened(content[start:end], sealing), position)
        start = end + 1
        yield fields, position, start
    _check_torn(content[start:], position, sealing)


def _opened(line: bytes, sealing: Sealing) -> bytes:
    opened = sealing.open_line(line)
    if isinstance(opened, bytes):
        return opened
    raise _SealedError(opened)


def _read_line(line: bytes, position: Position) -> tuple[Fields, Position]:
    number = position.lines
    found = _SUM.fullmatch(line[-_SUM_LENGTH:])
    if found is None:
        raise StoredError(f"line {number + 1} is damaged.", summary=_CORRUPT)
    body = line[:-_SUM_LENGTH] + b"}"
    checksum = zlib.crc32(body, position.sum)
    if checksum != int(found[1], 16):
        raise StoredError(f"the checksum of line {number + 1} does not match.", summary=_CORRUPT)
    fields = as_fields(loads(body), "line")
    if fields.get("n") != number:
        raise StoredError(f"line {number + 1} is out of order.", summary=_CORRUPT)
    return fields, Position(number + 1, checksum)


def _check_torn(rest: bytes, position: Position, sealing: Sealing) -> None:
    """Refuses a last line whose newline was changed into something else: it is whole, so it was not torn."""
    try:
        _read_line(_opened(rest[:-1], sealing), position)
    except (StoredError, _SealedError):
        return
    raise StoredError("its last line is followed by something else than a newline.", summary=_CORRUPT)


def _read_header(fields: Fields) -> Base:
    if fields.get("journal") != FORMAT:
        raise StoredError("it was written by another version of Mooring; use that one.")
    return _read_base(fields)


def _read_base(fields: Fields) -> Base:
    return Base(
        lineage=text_of(fields, "lineage"),
        serial=count_of(fields, "serial"),
        digest=text_of(fields, "digest"),
    )
