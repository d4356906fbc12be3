"""Effects as JSON, for the operations that an SQLite file keeps."""

from mooring_emulator.codec import JsonObject
from mooring_emulator.store.model import Document, Effect, Put, RemoveHolder, RemoveTree


def effect_json(effect: Effect) -> JsonObject:
    """Write an effect."""
    match effect:
        case Put(document=document):
            fields = ("id", "type", "body", "private")
            return {
                "put": {name: getattr(document, name) for name in fields} | {"claims": list(document.claims)}
            }
        case RemoveTree(key=key):
            return {"remove_tree": key}
        case RemoveHolder(claim=claim, keep=keep):
            return {"remove_holder": claim, "keep": keep}


def read_effect(value: JsonObject) -> Effect:
    """Read what `effect_json` wrote."""
    match value:
        case {"put": document}:
            return Put(document=Document(**{**document, "claims": tuple(document["claims"])}))
        case {"remove_tree": key}:
            return RemoveTree(key=key)
        case _:
            return RemoveHolder(claim=value["remove_holder"], keep=value["keep"])
