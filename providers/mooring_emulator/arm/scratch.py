"""A view that shows effects which are not in the store yet.

`Scratch` is mutable and private to one call: a deployment composes each resource against what the ones before
it will have made.
"""
# ruff: noqa: D102 - the protocol documents the methods

from collections.abc import Sequence

from mooring_emulator.store.model import Blob, Document, Effect, Operation, Put, RemoveHolder, RemoveTree
from mooring_emulator.store.protocol import View


class Scratch:
    """Implements `View` over another view."""

    def __init__(self, below: View) -> None:
        self._below = below
        self._changed: dict[str, Document | None] = {}
        self._claims: dict[str, str] = {}
        self.effects: list[Effect] = []

    def apply(self, effects: Sequence[Effect]) -> None:
        """Show the effects from now on."""
        for effect in effects:
            self.effects.append(effect)
            match effect:
                case Put(document=document):
                    self._changed[document.key] = document
                    self._claims.update(dict.fromkeys(document.claims, document.key))
                case RemoveTree(key=key):
                    self._remove(key)
                case RemoveHolder(claim=claim, keep=keep):
                    holder = self.holder(claim)
                    if holder is not None and holder != keep:
                        self._remove(holder)

    def document(self, key: str) -> Document | None:
        return self._changed[key] if key in self._changed else self._below.document(key)

    def documents(
        self, prefix: str, types: frozenset[str], *, offset: int = 0, limit: int = -1
    ) -> Sequence[Document]:
        found = {document.key: document for document in self._below.documents(prefix, types)}
        for key, document in self._changed.items():
            found.pop(key, None)
            if document is not None and key.startswith(prefix) and document.type in types:
                found[key] = document
        ordered = [found[key] for key in sorted(found)]
        return ordered[offset : None if limit < 0 else offset + limit]

    def ids(self) -> Sequence[str]:
        shown = {resource_id.lower(): resource_id for resource_id in self._below.ids()}
        shown |= {key: document.id for key, document in self._changed.items() if document is not None}
        return [shown[key] for key in sorted(shown) if self._changed.get(key, True) is not None]

    def holder(self, claim: str) -> str | None:
        key = self._claims.get(claim) or self._below.holder(claim)
        return None if key is None or self.document(key) is None else key

    def operation(self, operation_id: str) -> Operation | None:
        return self._below.operation(operation_id)

    def running(self, key: str) -> Operation | None:
        return None if key in self._changed else self._below.running(key)

    def blobs(self, account: str, container: str, prefix: str = "") -> Sequence[Blob]:
        return self._below.blobs(account, container, prefix)

    def blob(self, account: str, container: str, name: str) -> Blob | None:
        return self._below.blob(account, container, name)

    def _remove(self, key: str) -> None:
        below = [found for found in self.ids() if found.lower().startswith(key + "/")]
        self._changed |= dict.fromkeys((key, *(found.lower() for found in below)))
