"""Answers the corpus's expression cases through Mooring's own parser and evaluator.

usage: python -m tests.conformance.expr_engine CONTEXT_DIR < cases.jsonl

Each case stands as `locals { name = EXPR }`, as README.md of the corpus says. References are checked before
the evaluation, as `validate` does. Nothing here knows of single cases.
"""

from __future__ import annotations

import json
import math
import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Final

from mooring.config.references import (
    CountRef,
    EachRef,
    LocalRef,
    PathRef,
    ResourceRef,
    TerraformRef,
    VariableRef,
    parse_reference,
    reference_span,
)
from mooring.core.codec import Json, dumps, loads
from mooring.core.conversion import convert, with_defaults
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.numbers import Number, format_number, parse_number
from mooring.core.spans import Source, Span
from mooring.core.suggest import suggest
from mooring.core.types import (
    NUMBER,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)
from mooring.core.values import (
    DYNAMIC_UNKNOWN,
    EPHEMERAL,
    FALSE,
    SENSITIVE,
    Unknown,
    Value,
    string,
)
from mooring.lang.evaluation import evaluate
from mooring.lang.functions import Library, Outside
from mooring.lang.rendering import render, render_type
from mooring.lang.scope import Function, Report
from mooring.lang.type_expressions import parse_type
from mooring.syntax.body import Block, Names
from mooring.syntax.nodes import Expression, FunctionCall, Traversal
from mooring.syntax.parser import parse_expression, parse_native
from mooring.syntax.static import traversals

_HEAD: Final = "locals {\n  x = "
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
"""Escaped in answers, because the checker takes a line separator inside a string for the end of a line."""
_BLOCKS: Final = Names(blocks={"variable": ("name",), "locals": ()})


class ContextScope:
    """The names of a root module that has variables and locals only."""

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self.functions = functions
        self.variables: dict[str, Value] = {}
        self.locals: dict[str, Value] = {}

    def resolve(self, reference: Traversal, report: Report) -> tuple[Value, int]:
        """The value of a reference; one that `problem` finds fault with is unknown."""
        parsed = parse_reference(reference)
        if isinstance(parsed, Diagnostic):
            report.add(parsed)
            return DYNAMIC_UNKNOWN, len(reference.steps)
        target, consumed = parsed
        match target:
            case VariableRef(name) if name in self.variables:
                return self.variables[name], consumed
            case LocalRef(name) if name in self.locals:
                return self.locals[name], consumed
            case PathRef(name):
                return string(str(Path.cwd()) if name == "cwd" else "."), consumed
            case TerraformRef("workspace"):
                return string("default"), consumed
            case TerraformRef("applying"):
                return FALSE.marked(frozenset({EPHEMERAL})), consumed
            case _:
                problem = self.problem(reference)
                report.extend([problem] if problem is not None else [])
                return DYNAMIC_UNKNOWN, len(reference.steps)

    def problem(self, reference: Traversal) -> Diagnostic | None:
        """What is wrong with a reference before anything is evaluated."""
        parsed = parse_reference(reference)
        if isinstance(parsed, Diagnostic):
            return parsed
        target, consumed = parsed
        where = reference_span(reference, consumed)
        match target:
            case VariableRef(name) if name not in self.variables:
                return _undeclared("input variable", name, self.variables, where)
            case LocalRef(name) if name not in self.locals:
                return _undeclared("local value", name, self.locals, where)
            case ResourceRef(key=key):
                without_key = reference_span(reference, consumed - (key is not None))
                detail = "There is no such resource in this module."
                return error("Reference to undeclared resource", detail, without_key)
            case EachRef(name):
                detail = f"each.{name} exists only in blocks with for_each."
                return error(f"each.{name} cannot be used in this context", detail, where)
            case CountRef():
                detail = "count.index exists only in blocks with count."
                return error('Reference to "count" in non-counted context', detail, where)
            case TerraformRef(name) if name not in ("workspace", "applying"):
                detail = "There are terraform.workspace and terraform.applying."
                return error('Invalid "terraform" attribute', detail, where)
            case PathRef(name) if name not in ("module", "root", "cwd"):
                return error(
                    'Invalid "path" attribute', "There are path.module, path.root and path.cwd.", where
                )
            case _:
                return None


def _undeclared(kind: str, name: str, known: Mapping[str, Value], where: Span) -> Diagnostic:
    nearest = suggest(name, known)
    close = f' Did you mean "{nearest}"?' if nearest else ""
    return error(f"Reference to undeclared {kind}", f'There is no {kind} "{name}".{close}', where)


# -- the context ---------------------------------------------------------------------------------


def load_context(folder: Path) -> ContextScope:
    """The scope that `context.tf` declares."""
    started = datetime.now(UTC)
    outside = Outside(
        base_folder=".",
        home_folder=os.environ.get("HOME"),
        now=lambda: datetime.now(UTC),
        plan_time=started,
        random_bytes=secrets.token_bytes,
    )
    scope = ContextScope(Library(outside))
    path = folder / "context.tf"
    body, _ = parse_native(Source(str(path), path.read_text()))
    content, _ = body.content(_BLOCKS)
    for block in content.of_type("variable"):
        scope.variables[block.labels[0]] = _variable(block, scope)
    for block in content.of_type("locals"):
        attributes, _ = block.body.just_attributes()
        for name, attribute in attributes.items():
            scope.locals[name] = evaluate(attribute.expression, scope)[0]
    return scope


def _variable(block: Block, scope: ContextScope) -> Value:
    attributes, _ = block.body.just_attributes()
    value = evaluate(attributes["default"].expression, scope)[0]
    if "type" in attributes:
        constraint, diags = parse_type(attributes["type"].expression)
        assert not diags
        if constraint.defaults is not None:
            value = with_defaults(value, constraint.defaults)
        converted = convert(value, constraint.type)
        assert isinstance(converted, Value)
        value = converted
    marks = {mark for mark in (SENSITIVE, EPHEMERAL) if mark in attributes}
    return value.marked(frozenset(marks))


# -- answers -------------------------------------------------------------------------------------


def answer(case: Mapping[str, Json], scope: ContextScope) -> dict[str, Json]:
    """The answer to one case, in the form of check_expr.py."""
    text, console = str(case["expr"]), case["mode"] == "console"
    if console and not text.strip():
        return {"id": case["id"], "ok": True, "console": ""}
    parsed = _parse_console(text) if console else _parse(text)
    result = parsed if isinstance(parsed, Diagnostic) else _evaluate(parsed, scope, console=console)
    if isinstance(result, Diagnostic):
        return {"id": case["id"], "ok": False, **_error(result, console=console)}
    return {"id": case["id"], "ok": True, **result}


def _parse_console(text: str) -> Expression | Diagnostic:
    expression, diags = parse_expression(Source("<console>", text))
    return _first_error(diags) or expression


def _parse(text: str) -> Expression | Diagnostic:
    source = Source("case.tf", f"{_HEAD}{text}\n}}\n")
    body, diags = parse_native(source)
    content, more = body.content(_BLOCKS)
    found = _first_error((*diags, *more))
    if found is not None:
        return found
    attributes, diags = content.blocks[0].body.just_attributes()
    return _first_error(diags) or attributes["x"].expression


def _first_error(diags: Diagnostics) -> Diagnostic | None:
    return next((diag for diag in diags if diag.is_error), None)


def _evaluate(expr: Expression, scope: ContextScope, *, console: bool) -> dict[str, Json] | Diagnostic:
    problems = [found for each in traversals(expr) if (found := scope.problem(each)) is not None]
    if problems:
        return min(problems, key=lambda diag: diag.subject.start if diag.subject else 0)
    if console and isinstance(expr, FunctionCall) and expr.name == "type":
        return _console_type(expr, scope)
    value, diags = evaluate(expr, scope)
    if has_errors(diags):
        return next(diag for diag in diags if diag.is_error)
    if console:
        return {"console": render(value)}
    return _plain(value)


def _console_type(call: FunctionCall, scope: ContextScope) -> dict[str, Json] | Diagnostic:
    if len(call.arguments) != 1:
        few = not call.arguments
        summary = "Not enough function arguments" if few else "Too many function arguments"
        return error(summary, "type takes exactly one argument.", call.close_paren)
    value, diags = evaluate(call.arguments[0], scope)
    return _first_error(diags) or {"console": render_type(value.type)}


def _plain(value: Value) -> dict[str, Json]:
    if _is_infinite(value):
        return {"special": "infinity"}
    answered: dict[str, Json] = {"type": type_text(value.type), "value": _json(value)}
    if value.is_sensitive:
        answered["sensitive"] = True
    return answered


def _is_infinite(value: Value) -> bool:
    return isinstance(value.raw, float) and math.isinf(value.raw)


def _json(value: Value) -> Json:
    """The value as it would stand in the state: what is not known when all is applied is null."""
    raw = value.raw
    if isinstance(raw, tuple):
        return [_json(each) for each in raw]
    if isinstance(raw, dict):
        return {key: _json(each) for key, each in raw.items()}
    if raw is None or type(raw) is Unknown or EPHEMERAL in value.marks:
        return None
    return _exact(value.number) if value.type is NUMBER else raw  # type: ignore[return-value]


def _exact(number: Number) -> Json:
    """The number that the state's digits stand for: a plan holds a fraction in 64 bits if they suffice."""
    stored = float(number) if isinstance(number, Fraction) and Fraction(float(number)) == number else number
    read = parse_number(format_number(stored))
    assert read is not None
    return Fraction(read)


def type_text(of: Type) -> str:
    """The type as the corpus writes it."""
    match of:
        case Primitive():
            return of.value
        case ListType(element):
            return f"list({type_text(element)})"
        case SetType(element):
            return f"set({type_text(element)})"
        case MapType(element):
            return f"map({type_text(element)})"
        case TupleType(elements):
            return f"tuple([{', '.join(map(type_text, elements))}])"
        case ObjectType(attributes):
            fields = [f"{_key(name)}={type_text(attributes[name])}" for name in sorted(attributes)]
            return f"object({{{', '.join(fields)}}})"


def _key(name: str) -> str:
    plain = name.replace("-", "_")
    return name if plain.isascii() and plain.isidentifier() and name[0] != "-" else json.dumps(name)


def _error(diag: Diagnostic, *, console: bool) -> dict[str, Json]:
    answered: dict[str, Json] = {"error": diag.summary, "detail": diag.detail}
    if diag.subject is not None and not console:
        answered["range"] = _range(diag.subject)
    return answered


def _range(span: Span) -> Json:
    """Relative to the start of the expression. An empty range covers the next character."""
    start, end = span.first, span.last
    width, size = len("  x = "), len(_HEAD)

    def relative(line: int, column: int, byte: int) -> Json:
        return [line - 1, column - (width if line == 2 else 0), byte - size]

    grow = 1 if start == end else 0
    return {
        "start": relative(start.line, start.column, start.byte),
        "end": relative(end.line, end.column + grow, end.byte + grow),
    }


def _cases() -> Iterator[Mapping[str, Json]]:
    for line in sys.stdin.buffer:
        if line.strip():
            case = loads(line)
            assert isinstance(case, dict)
            yield case


def main() -> None:
    """Reads cases from standard input and writes answers to standard output."""
    folder = Path(sys.argv[1]).resolve()
    os.chdir(folder)
    scope = load_context(folder)
    for case in _cases():
        try:
            answered = answer(case, scope)
        except Exception as problem:  # noqa: BLE001  (a bug in the engine fails one case, not all)
            answered = {"id": case["id"], "ok": False, "error": f"BUG: {type(problem).__name__}: {problem}"}
        line = _NOT_ASCII.sub(lambda match: json.dumps(match[0])[1:-1], dumps(answered).decode())
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
