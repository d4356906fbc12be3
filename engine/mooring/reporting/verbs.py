"""What creating, changing and deleting is called: create and destroy, or attach and detach."""

from __future__ import annotations

from typing import Final

from mooring.core.records import record
from mooring.planning.model import OpKind
from mooring.schema.model import Verbs


@record(kw_only=True)
class Words:
    """A verb in its forms: `created`, `Creating`, `Creation`."""

    participle: str
    progressive: str
    noun: str


_WORDS: Final = {
    "create": Words(participle="created", progressive="Creating", noun="Creation"),
    "destroy": Words(participle="destroyed", progressive="Destroying", noun="Destruction"),
    "attach": Words(participle="attached", progressive="Attaching", noun="Attachment"),
    "detach": Words(participle="detached", progressive="Detaching", noun="Detachment"),
}
_MODIFY: Final = Words(participle="modified", progressive="Modifying", noun="Modifications")
_READ: Final = Words(participle="read", progressive="Reading", noun="Read")
_FORGET: Final = Words(participle="forgotten", progressive="Forgetting", noun="Removal")


def words_of(verb: str) -> Words:
    """The forms of a verb; one that is not in the table is taken for a regular one."""
    stem = verb.removesuffix("e")
    regular = Words(participle=f"{stem}ed", progressive=f"{stem}ing".capitalize(), noun=verb.capitalize())
    return _WORDS.get(verb, regular)


def replaced_word(create: str) -> str:
    """What is said of a thing that is ended and then made anew with this verb: replaced, or re-attached."""
    return "replaced" if create == "create" else f"re-{words_of(create).participle}"


def operation_words(kind: OpKind, verbs: Verbs) -> Words:
    """The forms for one operation on a thing of a type with these verbs."""
    match kind:
        case OpKind.CREATE:
            return words_of(verbs.create)
        case OpKind.DELETE:
            return words_of(verbs.delete)
        case OpKind.UPDATE:
            return _MODIFY
        case OpKind.READ:
            return _READ
        case OpKind.FORGET | OpKind.JOIN:
            return _FORGET
