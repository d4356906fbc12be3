"""Explanations of a plan as lines of text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mooring.core.addresses import InstanceAddress
from mooring.core.codec import Json
from mooring.planning.causes import Because, Chain, Link
from mooring.planning.explanation import Explanation
from mooring.planning.model import Action

_ARROW: Final = " <- "
_SAID: Final[Mapping[Action, str]] = {
    Action.CREATE: "will be created",
    Action.READ: "will be read during apply",
    Action.UPDATE: "will be updated in-place",
    Action.REPLACE: "must be replaced",
    Action.DELETE: "will be destroyed",
    Action.FORGET: "will be forgotten",
    Action.NO_OP: "stays as it is",
}
_DEEPEST: Final = 16


def explanation_lines(explanations: Iterable[Explanation]) -> list[str]:
    """One line for each reason, the chain behind it followed back through other objects that change."""
    known = tuple(explanations)
    by_address = {each.address: each for each in known if each.deposed is None}
    return [
        f"{_subject(each)} {_SAID[each.action]}{' because' if because.is_reason else ';'} {text}"
        for each in known
        for because in each.because
        for text in _texts(because, by_address)
    ]


def headline(explanation: Explanation) -> str:
    """What an argument of which file forces a replacement; empty where the reason is none of an argument."""
    places = [
        f"{each.attribute} at {each.where}" for each in explanation.because if each.attribute and each.where
    ]
    return f"forced by {', '.join(places)}" if places else ""


def explanation_json(explanation: Explanation) -> list[Json]:
    """The reasons of one change."""
    return [_because_json(each) for each in explanation.because]


def _subject(explanation: Explanation) -> str:
    deposed = f" (deposed object {explanation.deposed})" if explanation.deposed is not None else ""
    return f"{explanation.address}{deposed}"


def _texts(because: Because, known: Mapping[InstanceAddress, Explanation]) -> list[str]:
    first = because.text + _place(because.where)
    return [first + _chain(chain, known) for chain in because.chains] or [first]


def _chain(chain: Chain, known: Mapping[InstanceAddress, Explanation]) -> str:
    """A chain, and that of the object at its end, and so on to the root cause."""
    parts: list[str] = []
    seen: set[InstanceAddress] = set()
    links = list(chain)
    while links and len(parts) < _DEEPEST:
        link = links.pop(0)
        parts.append(_link(link, known))
        explanation = known.get(link.address) if link.address is not None else None
        if not links and explanation is not None and explanation.address not in seen:
            seen.add(explanation.address)
            links = list(_root(explanation))
    return "".join(f"{_ARROW}{part}" for part in parts)


def _link(link: Link, known: Mapping[InstanceAddress, Explanation]) -> str:
    text = link.what + _place(link.where)
    explanation = known.get(link.address) if link.address is not None else None
    if explanation is None:
        return text
    why = next((each for each in explanation.because if each.is_reason), None)
    because = f" because {why.text}{_place(why.where)}" if why is not None else ""
    return f"{text}, which {_SAID[explanation.action]}{because}"


def _root(explanation: Explanation) -> Chain:
    """The chain behind the first reason of an object."""
    chains = next((each.chains for each in explanation.because if each.is_reason), ())
    return chains[0] if chains else ()


def _place(where: str) -> str:
    return f" ({where})" if where else ""


def _because_json(because: Because) -> Json:
    form: dict[str, Json] = {"text": because.text}
    if because.attribute:
        form["attribute"] = because.attribute
    if because.where:
        form["where"] = because.where
    if because.chains:
        form["chains"] = [[_link_json(link) for link in chain] for chain in because.chains]
    return form


def _link_json(link: Link) -> Json:
    form: dict[str, Json] = {"what": link.what}
    if link.where:
        form["where"] = link.where
    if link.address is not None:
        form["address"] = str(link.address)
    return form
