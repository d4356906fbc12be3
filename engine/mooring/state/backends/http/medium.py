"""One state at an address; journal, documents and heartbeat in a folder of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record, replace
from mooring.state.backends.http.client import Answer, Client, content_digest, shown
from mooring.state.backends.model import BackendError
from mooring.state.backends.names import remote_names
from mooring.state.backends.remote_lock import (
    Keeping,
    Refused,
    RemoteLock,
    acquire,
    heartbeat_of,
    is_dead,
    new_info,
    not_unlocked,
    status,
)
from mooring.state.files import read_file, remove, write_atomically
from mooring.state.host import Host
from mooring.state.local import LocalMedium
from mooring.state.lock_record import (
    Heartbeat,
    LockStatus,
    decode_heartbeat,
    decode_info,
    encode_heartbeat,
    encode_info,
    lives_here,
)
from mooring.state.medium import Appending, Contents, Names
from mooring.state.store import Lock, LockInfo

_ABSENT: Final = frozenset({204, 404})
_WRITTEN: Final = frozenset({200, 201, 204})
_TAKEN: Final = frozenset({409, 423})
_REFUSED: Final = frozenset({401, 403})


@record(kw_only=True)
class Addresses:
    """Where a state and its lock are, and the methods of requests; "" for an address there is not."""

    state: str
    update_method: str
    lock: str
    lock_method: str
    unlock: str
    unlock_method: str


class HttpMedium:
    """A `Medium` at an address. Mutable: it knows the lock that it holds."""

    def __init__(self, client: Client, addresses: Addresses, folder: Path, host: Host) -> None:
        self._client: Final = client
        self._addresses: Final = addresses
        self._folder: Final = folder
        self._host: Final = host
        self._beside: Final = LocalMedium(folder / "state", host)
        self._lock: RemoteLock | None = None
        self._shown: Final = shown(addresses.state)

    @property
    def names(self) -> Names:
        """The address, and files of this machine."""
        beside = self._beside.names
        return replace(
            remote_names(self._shown, str(self._folder)), journal=beside.journal, backup=beside.backup
        )

    # -- bytes -----------------------------------------------------------------------------------

    def read(self) -> Contents:
        """What the server has, and the journal of this machine."""
        return Contents(snapshot=self.read_replaced(), journal=self._beside.read().journal)

    def read_replaced(self) -> bytes | None:
        """What the server has."""
        answer = self._client.ask("GET", self._addresses.state)
        if answer.status in _ABSENT:
            return None
        if answer.status != 200:
            raise self._refused(self._addresses.state, answer)
        expected = answer.headers.get("content-md5")
        if expected is not None and expected != content_digest(answer.content):
            raise BackendError("what the server has sent does not match the digest that it has sent with it")
        return answer.content or None

    def replace_snapshot(self, content: bytes) -> None:
        """Sends the snapshot, with the ID of the lock."""
        address = self._addresses.state
        if self._lock is not None and self._lock.is_held:
            address = _with_id(address, self._lock.info.id)
        answer = self._client.ask(self._addresses.update_method, address, content)
        if answer.status not in _WRITTEN:
            raise self._refused(address, answer)

    def _refused(self, address: str, answer: Answer) -> OSError:
        if answer.status in _REFUSED:
            return BackendError(
                f"{shown(address)} refuses the credentials ({answer.status}); tried: {self._client.tried}"
            )
        return BackendError(f"{shown(address)} has answered with status {answer.status}")

    def begin_journal(self, content: bytes) -> Appending:
        """A new journal on this machine."""
        self._make_folder()
        return self._beside.begin_journal(content)

    def continue_journal(self, end: int) -> Appending:
        """The journal on this machine."""
        return self._beside.continue_journal(end)

    def remove_journal(self) -> None:
        """Removes the journal."""
        self._beside.remove_journal()

    def _make_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    # -- documents -------------------------------------------------------------------------------

    def document_names(self) -> tuple[str, ...]:
        """The documents on this machine."""
        return self._beside.document_names()

    def read_document(self, name: str) -> bytes | None:
        """A document on this machine."""
        return self._beside.read_document(name)

    def write_document(self, name: str, content: bytes) -> None:
        """Writes a document on this machine."""
        self._make_folder()
        self._beside.write_document(name, content)

    def append_document(self, name: str, content: bytes) -> None:
        """Adds to a document on this machine."""
        self._make_folder()
        self._beside.append_document(name, content)

    def remove_document(self, name: str) -> None:
        """Removes a document on this machine."""
        self._beside.remove_document(name)

    # -- locking ---------------------------------------------------------------------------------

    def lock(self, operation: str, *, timeout: float = 0.0) -> Lock | Diagnostics:
        """The server's lock; without `lock_address` one that only this machine sees."""
        if not self._addresses.lock:
            return self._beside.lock(operation, timeout=timeout)
        info = replace(
            new_info(self._host, operation, self._shown),
            info=f"the journal of this run is on {self._host.name}: {self._beside.names.journal}",
        )
        found = acquire(self._attempt, info, self._host, timeout)
        if isinstance(found, RemoteLock):
            self._lock = found
        return found

    def _attempt(self, info: LockInfo) -> Lock | Refused:
        holder = self._ask_for(info)
        left = None
        if holder is not None and is_dead(holder, self._heartbeat(holder), self._host):
            self._give_back(holder)
            left, holder = holder, self._ask_for(info)
        if holder is not None:
            return Refused(holder=None if holder.id == "" else holder)
        self._make_folder()
        write_atomically(self._record, encode_info(info))
        return RemoteLock(info, self._keeping(info), self._host, left)

    def _ask_for(self, info: LockInfo) -> LockInfo | None:
        """None when the lock is ours now, or who has it.

        An answer that is lost may have given it to us, so the sign of life comes before the question.
        """
        self._show_life(info)
        answer = self._client.ask(self._addresses.lock_method, self._addresses.lock, encode_info(info))
        if answer.status in _WRITTEN:
            return None
        if answer.status not in _TAKEN:
            raise self._refused(self._addresses.lock, answer)
        holder = decode_info(answer.content)
        if holder is not None and holder.id == info.id:
            return None
        remove(self._life(info.id))
        return holder or _nobody()

    @property
    def _record(self) -> Path:
        return self._folder / "lock.info"

    def _life(self, lock_id: str) -> Path:
        """The heartbeat of a lock; its ID may come from anybody."""
        return self._folder / f"lock.{quote(lock_id, safe='')}.heartbeat"

    def _show_life(self, info: LockInfo) -> None:
        self._make_folder()
        write_atomically(self._life(info.id), encode_heartbeat(heartbeat_of(info, self._host)))

    def _heartbeat(self, info: LockInfo) -> Heartbeat | None:
        path = self._life(info.id)
        content = read_file(path)
        return None if content is None else decode_heartbeat(content, path.stat().st_mtime)

    def _keeping(self, info: LockInfo) -> Keeping:
        def beat() -> bool:
            self._show_life(info)
            return True

        return Keeping(beat=beat, let_go=lambda: self._give_back(info))

    def _give_back(self, info: LockInfo) -> None:
        if self._addresses.unlock:
            answer = self._client.ask(
                self._addresses.unlock_method, self._addresses.unlock, encode_info(info)
            )
            if answer.status not in _WRITTEN:
                raise self._refused(self._addresses.unlock, answer)
        remove(self._life(info.id))
        remove(self._record)

    def holder(self) -> LockInfo | None:
        """Who holds the lock, if it was taken on this machine: a server tells those alone whom it refuses."""
        if not self._addresses.lock:
            return self._beside.holder()
        content = read_file(self._record)
        return None if content is None else decode_info(content)

    def lock_status(self) -> LockStatus | None:
        """The lock that was taken on this machine."""
        if not self._addresses.lock:
            return self._beside.lock_status()
        holder = self.holder()
        return status(holder, None if holder is None else self._heartbeat(holder), self._host)

    def force_unlock(self, lock_id: str) -> Diagnostics:
        """Asks the server to unlock, unless the holder is a process of this machine that lives."""
        if not self._addresses.lock:
            return self._beside.force_unlock(lock_id)
        known = self.holder()
        info = known if known is not None and known.id == lock_id else _nobody(lock_id)
        if lives_here(self._heartbeat(info), self._host):
            return not_unlocked("Its holder is a process of this machine that still runs; end that one.")
        try:
            self._give_back(info)
        except OSError as problem:
            return not_unlocked(f"{problem}.")
        return ()


def _nobody(lock_id: str = "") -> LockInfo:
    """The record of a holder that nothing is known of."""
    return LockInfo(id=lock_id, operation="", who="", version="", created="", path="")


def _with_id(address: str, lock_id: str) -> str:
    parts = urlsplit(address)
    query = "&".join(filter(None, (parts.query, urlencode({"ID": lock_id}))))
    return urlunsplit(parts._replace(query=query))
