"""Saved plans: a plan as one file, and back.

The file is a line with the format and a SHA-256 of the rest, then the plan as JSON. It holds what the
configuration's sensitive values are, in clear, as a state does: it is made readable for its owner only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, cast

from mooring.config.checking import CheckResult, Kind, ObjectResult
from mooring.config.conditions import Outcome
from mooring.core.addresses import (
    ConfigAddress,
    InstanceAddress,
    ModuleInstance,
    ProviderConfigAddress,
    format_module,
    parse_instance,
    parse_module,
)
from mooring.core.codec import CodecError, Json, dumps, loads
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.full_codec import decode_full, encode_full
from mooring.core.paths import Attr, Index, Path
from mooring.core.spans import Source, Span
from mooring.core.values import Value
from mooring.planning.model import (
    Action,
    Drift,
    ExecGraph,
    Op,
    OpKind,
    OutputChange,
    Plan,
    PlanMode,
    PlannedChange,
    Reason,
    SourceText,
)
from mooring.schema.model import Verbs
from mooring.state.model import State
from mooring.state.notation import NotationError, parse_dependency, parse_provider
from mooring.state.snapshot import read_snapshot, write_snapshot

MAGIC: Final = b"mooring-plan-1 "
Fields = Mapping[str, Json]


def save_plan(plan: Plan) -> bytes:
    """The bytes of a saved plan."""
    body = dumps(_encode(plan))
    return MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def load_plan(data: bytes, shown_as: str) -> tuple[Plan | None, Diagnostics]:
    """The plan of a saved file; None beside the error that says why it cannot be used."""
    header, _, body = data.partition(b"\n")
    if not header.startswith(MAGIC):
        detail = f"{shown_as} was not written by this version of moor with plan -out."
        return None, (_unusable(detail),)
    if hashlib.sha256(body).hexdigest().encode() != header.removeprefix(MAGIC):
        detail = f"{shown_as} has been changed or cut since it was written. Make the plan again."
        return None, (_unusable(detail),)
    try:
        return _decode(cast("Fields", loads(body))), ()
    except (KeyError, TypeError, ValueError, CodecError, NotationError) as problem:
        detail = f"{shown_as} does not have the form of a plan: {problem!r}."
        return None, (_unusable(detail),)


def _unusable(detail: str) -> Diagnostic:
    return error("Failed to load plan file", detail)


# -- writing -------------------------------------------------------------------------------------


def _encode(plan: Plan) -> Json:
    return {
        "mode": plan.mode.value,
        "changes": [_encode_change(change) for change in plan.changes],
        "outputs": [_encode_output(output) for output in plan.outputs],
        "module_outputs": [[format_module(instance), name] for instance, name in plan.module_outputs],
        "drift": [_encode_drift(drift) for drift in plan.drift],
        "ops": [[op.kind.value, op.change, *after] for op, after in zip(*_graph(plan), strict=True)],
        "prior_state": write_snapshot(plan.prior_state).decode(),
        "base": [plan.base_lineage, plan.base_serial],
        "variables": {name: encode_full(value) for name, value in plan.variables.items()},
        "ephemeral_variables": plan.ephemeral_variables,
        "moves": {str(address): str(previous) for address, previous in plan.moves.items()},
        "checks": [_encode_check(result) for result in plan.checks],
        "targets": plan.targets,
        "excludes": plan.excludes,
        "sources": [[source.path, source.text] for source in plan.sources],
        "created_at": plan.created_at,
        "has_errors": plan.has_errors,
    }


def _graph(plan: Plan) -> tuple[tuple[Op, ...], tuple[tuple[int, ...], ...]]:
    return plan.graph.ops, plan.graph.after


def _encode_change(change: PlannedChange) -> Json:
    return {
        "address": str(change.address),
        "action": change.action.value,
        "provider": str(change.provider),
        "before": _optional(change.before),
        "after": _optional(change.after),
        "deposed": change.deposed,
        "previous": str(change.previous_address) if change.previous_address else None,
        "reason": change.reason.value if change.reason else None,
        "create_first": change.create_before_destroy,
        "replace_paths": [_encode_path(path) for path in change.replace_paths],
        "private": change.private.hex(),
        "import_id": change.import_id,
        "schema_version": change.schema_version,
        "dependencies": [str(each) for each in change.dependencies],
        "verbs": [change.verbs.create, change.verbs.delete],
        "definition": _encode_span(change.definition),
        "config": _optional(change.config),
    }


def _encode_output(output: OutputChange) -> Json:
    return [
        output.name,
        output.action.value,
        _optional(output.before),
        _optional(output.after),
        output.sensitive,
    ]


def _encode_drift(drift: Drift) -> Json:
    return {
        "address": str(drift.address),
        "provider": str(drift.provider),
        "recorded": encode_full(drift.recorded),
        "actual": _optional(drift.actual),
        "definition": _encode_span(drift.definition),
        "deposed": drift.deposed,
    }


def _encode_check(result: CheckResult) -> Json:
    objects: Json = [[each.address, each.outcome.value, *each.messages] for each in result.objects]
    return {
        "kind": result.kind,
        "address": result.address,
        "outcome": result.outcome.value,
        "objects": objects,
    }


def _optional(value: Value | None) -> Json:
    return [encode_full(value)] if value is not None else None


def _encode_path(path: Path) -> Json:
    return [_encode_step(step) for step in path]


def _encode_step(step: Attr | Index) -> Json:
    if isinstance(step, Attr):
        return ["attr", step.name]
    return ["element", encode_full(step.key)] if isinstance(step.key, Value) else ["index", step.key]


def _encode_span(span: Span | None) -> Json:
    return [span.source.path, span.start, span.end] if span is not None else None


# -- reading -------------------------------------------------------------------------------------


class _Reader:
    """Reads the parts that refer to source files."""

    def __init__(self, sources: tuple[SourceText, ...]) -> None:
        self._sources = {source.path: Source(source.path, source.text) for source in sources}

    def span(self, of: Json) -> Span | None:
        if of is None:
            return None
        path, start, end = cast("tuple[str, int, int]", of)
        return Span(self._sources[path], start, end)

    def change(self, of: Fields) -> PlannedChange:
        create, delete = cast("tuple[str, str]", of["verbs"])
        return PlannedChange(
            address=_address(of["address"]),
            action=Action(of["action"]),
            provider=_provider(of["provider"]),
            before=_value(of["before"]),
            after=_value(of["after"]),
            deposed=cast("str | None", of["deposed"]),
            previous_address=_address(of["previous"]) if of["previous"] else None,
            reason=Reason(of["reason"]) if of["reason"] else None,
            create_before_destroy=bool(of["create_first"]),
            replace_paths=tuple(_decode_path(path) for path in _items(of["replace_paths"])),
            private=bytes.fromhex(str(of["private"])),
            import_id=cast("str | None", of["import_id"]),
            schema_version=cast("int", of["schema_version"]),
            dependencies=tuple(_dependency(each) for each in _items(of["dependencies"])),
            verbs=Verbs(create=create, delete=delete),
            definition=self.span(of["definition"]),
            config=_value(of["config"]),
        )

    def drift(self, of: Fields) -> Drift:
        return Drift(
            address=_address(of["address"]),
            provider=_provider(of["provider"]),
            recorded=decode_full(of["recorded"]),
            actual=_value(of["actual"]),
            definition=self.span(of["definition"]),
            deposed=cast("str | None", of["deposed"]),
        )


def _decode_module_output(of: object) -> tuple[ModuleInstance, str]:
    address, name = cast("tuple[str, str]", of)
    return parse_module(address) or (), name


def _decode(of: Fields) -> Plan:
    sources = tuple(
        SourceText(path=path, text=text) for path, text in cast("list[tuple[str, str]]", of["sources"])
    )
    reader = _Reader(sources)
    lineage, serial = cast("tuple[str, int]", of["base"])
    variables = cast("Fields", of["variables"])
    return Plan(
        mode=PlanMode(of["mode"]),
        changes=tuple(reader.change(cast("Fields", each)) for each in _items(of["changes"])),
        outputs=tuple(_decode_output(each) for each in _items(of["outputs"])),
        module_outputs=tuple(map(_decode_module_output, _items(of["module_outputs"]))),
        drift=tuple(reader.drift(cast("Fields", each)) for each in _items(of["drift"])),
        graph=_decode_graph(_items(of["ops"])),
        prior_state=_decode_state(str(of["prior_state"])),
        base_lineage=lineage,
        base_serial=serial,
        variables={name: decode_full(value) for name, value in variables.items()},
        ephemeral_variables=tuple(map(str, _items(of["ephemeral_variables"]))),
        moves={
            _address(address): _address(previous) for address, previous in cast("Fields", of["moves"]).items()
        },
        checks=tuple(_decode_check(cast("Fields", each)) for each in _items(of["checks"])),
        targets=tuple(map(str, _items(of["targets"]))),
        excludes=tuple(map(str, _items(of["excludes"]))),
        sources=sources,
        created_at=str(of["created_at"]),
        has_errors=bool(of["has_errors"]),
    )


def _decode_graph(ops: Sequence[Json]) -> ExecGraph:
    rows = [cast("list[int]", row) for row in ops]
    return ExecGraph(
        ops=tuple(Op(OpKind(kind), change) for kind, change, *_ in rows),
        after=tuple(tuple(after) for _, _, *after in rows),
    )


def _decode_state(text: str) -> State:
    state, diags = read_snapshot(text.encode(), "the plan's state")
    if state is None:
        raise CodecError(diags[0].detail)
    return state


def _decode_output(of: Json) -> OutputChange:
    name, action, before, after, sensitive = cast("Sequence[Json]", of)
    return OutputChange(
        name=str(name),
        action=Action(action),
        before=_value(before),
        after=_value(after),
        sensitive=bool(sensitive),
    )


def _decode_check(of: Fields) -> CheckResult:
    rows = [cast("Sequence[str]", row) for row in _items(of["objects"])]
    return CheckResult(
        kind=cast("Kind", of["kind"]),
        address=str(of["address"]),
        outcome=Outcome(of["outcome"]),
        objects=tuple(
            ObjectResult(address=address, outcome=Outcome(outcome), messages=tuple(messages))
            for address, outcome, *messages in rows
        ),
    )


def _decode_path(of: Json) -> Path:
    return tuple(_decode_step(cast("Sequence[Json]", step)) for step in _items(of))


def _decode_step(of: Sequence[Json]) -> Attr | Index:
    kind, key = of
    if kind == "attr":
        return Attr(str(key))
    return Index(decode_full(key) if kind == "element" else cast("str | int", key))


def _items(of: Json) -> Sequence[Json]:
    return cast("Sequence[Json]", of)


def _value(of: Json) -> Value | None:
    return decode_full(_items(of)[0]) if of is not None else None


def _address(of: Json) -> InstanceAddress:
    address = parse_instance(str(of))
    if address is None:
        raise CodecError(f"not an address: {of!r}")
    return address


def _provider(of: Json) -> ProviderConfigAddress:
    return parse_provider(str(of))


def _dependency(of: Json) -> ConfigAddress:
    return parse_dependency(str(of))
