"""Small changes to documents that the life cycle and the resource types share."""

from dataclasses import replace

from mooring_emulator.codec import Json, JsonObject
from mooring_emulator.store.model import Document


def with_properties(document: Document, **properties: Json) -> Document:
    """Give the document with some members of `properties` replaced."""
    body: JsonObject = {**document.body, "properties": {**document.properties, **properties}}
    return replace(document, body=body)


def in_state(document: Document, state: str) -> Document:
    """Give the document with another provisioningState."""
    return with_properties(document, provisioningState=state)
