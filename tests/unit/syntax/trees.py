"""Trees and diagnostics as short text, so that a test is a line."""

from __future__ import annotations

from mooring.core.diagnostics import Diagnostic, Diagnostics, in_order
from mooring.core.numbers import format_number
from mooring.core.spans import Source
from mooring.core.values import Value
from mooring.syntax import parse_expression, parse_file, parse_template
from mooring.syntax.nodes import (
    AttrStep,
    Binary,
    Conditional,
    Expression,
    For,
    FunctionCall,
    IndexExpression,
    Literal,
    ObjectConstructor,
    Parenthesized,
    RelativeTraversal,
    Splat,
    SplatItem,
    Template,
    TemplateFor,
    TemplateIf,
    TemplatePart,
    TemplateText,
    TemplateWrap,
    Traversal,
    TraversalStep,
    TupleConstructor,
    Unary,
)


def expression(text: str) -> Expression:
    """The tree of an expression that must be without a mistake."""
    parsed, diags = parse_expression(Source("test.tf", text))
    assert diags == ()
    return parsed


def template(text: str) -> Expression:
    """The tree of a template file that must be without a mistake."""
    parsed, diags = parse_template(Source("test.tftpl", text))
    assert diags == ()
    return parsed


def shape(node: TemplatePart) -> str:  # noqa: C901, PLR0912 - one case for each node
    """A tree as fully bracketed text: operators first, parts behind."""
    match node:
        case Literal(value=value, quoted=quoted):
            return repr(value.raw) if quoted else show_value(value)
        case Traversal(root=root, steps=steps):
            return root + show_steps(steps)
        case RelativeTraversal(source=source, steps=steps):
            return f"({shape(source)}){show_steps(steps)}"
        case IndexExpression(collection=collection, key=key):
            return f"index({shape(collection)}, {shape(key)})"
        case Splat(source=source, each=each):
            return f"splat({shape(source)}, {shape(each)})"
        case SplatItem():
            return "@"
        case FunctionCall(name=name, arguments=arguments, expand_last=expand_last):
            return f"{name}({', '.join(map(shape, arguments))}{'...' if expand_last else ''})"
        case Conditional(condition=condition, if_true=if_true, if_false=if_false):
            return f"({shape(condition)} ? {shape(if_true)} : {shape(if_false)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({shape(left)} {operator} {shape(right)})"
        case Unary(operator=unary, operand=operand):
            return f"({unary}{shape(operand)})"
        case Parenthesized(inner=inner):
            return f"<{shape(inner)}>"
        case TupleConstructor(elements=elements):
            return f"[{', '.join(map(shape, elements))}]"
        case ObjectConstructor(items=items):
            return "{" + ", ".join(f"{shape(item.key)} = {shape(item.value)}" for item in items) + "}"
        case For():
            return _show_for(node)
        case Template(parts=parts):
            return f"template({_show_parts(parts)})"
        case TemplateWrap(inner=inner):
            return f"wrap({shape(inner)})"
        case TemplateText(text=text):
            return repr(text)
        case TemplateIf(condition=condition, if_true=then, if_false=otherwise):
            return f"if({shape(condition)}; {_show_parts(then)}; {_show_parts(otherwise)})"
        case TemplateFor(key_name=key_name, value_name=value_name, collection=collection, body=body):
            return f"for({key_name}, {value_name}; {shape(collection)}; {_show_parts(body)})"


def _show_parts(parts: tuple[TemplatePart, ...]) -> str:
    return ", ".join(map(shape, parts))


def _show_for(node: For) -> str:
    key = f"{shape(node.key)} => " if node.key is not None else ""
    condition = f" if {shape(node.condition)}" if node.condition is not None else ""
    result = f"{key}{shape(node.value)}{'...' if node.group else ''}{condition}"
    return f"for({node.key_name}, {node.value_name}; {shape(node.collection)}; {result})"


def show_steps(steps: tuple[TraversalStep, ...]) -> str:
    """Steps as they are written, strings in Python's quotes."""
    return "".join(
        f".{step.name}" if isinstance(step, AttrStep) else f"[{show_value(step.key)}]" for step in steps
    )


def show_value(value: Value) -> str:
    """A constant: numbers as decimals, anything else as Python has it."""
    raw = value.raw
    is_number = isinstance(raw, int | float) or type(raw).__name__ == "Fraction"
    return format_number(value.number) if is_number and not isinstance(raw, bool) else repr(raw)


def mistakes(text: str | bytes, path: str = "test.tf") -> list[str]:
    """What is wrong with a file, in the order to show: `Summary 1:2-1:5`."""
    data = text.encode() if isinstance(text, str) else text
    return listed(parse_file(path, data)[1])


def listed(diags: Diagnostics) -> list[str]:
    """Diagnostics in the order to show: `Summary 1:2-1:5`."""
    return [_show_mistake(diag) for diag in in_order(diags)]


def _show_mistake(diag: Diagnostic) -> str:
    assert diag.subject is not None
    first, last = diag.subject.first, diag.subject.last
    return f"{diag.summary} {first.line}:{first.column}-{last.line}:{last.column}"
