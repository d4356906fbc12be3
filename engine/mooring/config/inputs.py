"""Values of the root module's variables: from the environment, from files and from the command line.

Owns where values come from, which one wins, and how text becomes a value. Asking a person for what is
missing is the command line's business: `Inputs.missing` says what to ask for, and the answers come back as
`answers`. Validation blocks are evaluated elsewhere. The order of precedence is that of
https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

from mooring.config.declarations.constants import constant_value
from mooring.config.files import FileReader, is_ignored, join
from mooring.config.model import Module, Variable
from mooring.core.conversion import convert, with_defaults
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors, warning
from mooring.core.records import record
from mooring.core.spans import Source, Span
from mooring.core.text import composed
from mooring.core.values import Value, string
from mooring.syntax import parse_expression, parse_file
from mooring.syntax.body import Body, Names
from mooring.syntax.nodes import Expression

_ENVIRONMENT_PREFIX: Final = "TF_VAR_"
_DEFAULT_FILES: Final = ("terraform.tfvars", "terraform.tfvars.json")
_AUTOMATIC_SUFFIXES: Final = (".auto.tfvars", ".auto.tfvars.json")
_UNDECLARED: Final = "Value for undeclared variable"
_SHOWN_UNDECLARED: Final = 2
Origin = Literal["environment", "file", "option", "answer"]


@record(kw_only=True)
class VarOption:
    """`-var TEXT` or, with `is_file`, `-var-file PATH`, in the order of the command line."""

    text: str
    is_file: bool = False


@record(kw_only=True)
class Input:
    """The value that a variable was given and where it came from; `place` is the path of a file."""

    value: Value
    origin: Origin
    place: str = ""
    span: Span | None = None

    def source(self, name: str) -> str:
        """What gave variable `name` this value, as people say it: `terraform.tfvars:1`, `-var`."""
        if self.span is not None:
            return f"{self.place}:{self.span.line}"
        ways = {"environment": f"{_ENVIRONMENT_PREFIX}{name}", "option": "-var", "answer": "your answer"}
        return ways.get(self.origin, self.place)


_INVALID: Final = "Invalid value for input variable"
_NOT_SET: Final = "Required variable not set"


@record(kw_only=True)
class Inputs:
    """The root variables that were set, converted to their types, and those that must be and are not."""

    given: Mapping[str, Input]
    missing: tuple[Variable, ...] = ()

    @property
    def values(self) -> Mapping[str, Value]:
        """The values by name."""
        return {name: given.value for name, given in self.given.items()}


@record(kw_only=True)
class RawInput:
    """A value as it was found: an expression of a file, or text."""

    name: str
    origin: Origin
    place: str = ""
    expression: Expression | None = None
    text: str = ""


def collect_inputs(
    module: Module,
    *,
    files: FileReader,
    environment: Mapping[str, str],
    options: tuple[VarOption, ...] = (),
    answers: Mapping[str, str] | None = None,
) -> tuple[Inputs, Diagnostics]:
    """The values of a root module's variables.

    Files are looked for in the module's folder; those of options are relative to the working directory.
    Nothing is said of `missing` variables: `missing_values` does, unless somebody is asked for them.
    """
    raw, diags = find_inputs((module.folder,), files, environment, options)
    if has_errors(diags):
        return Inputs(given={}), diags
    raw |= {name: RawInput(name=name, origin="answer", text=text) for name, text in (answers or {}).items()}
    found: list[Diagnostic] = [*diags, *_undeclared(raw.values(), module.variables)]
    given: dict[str, Input] = {}
    for variable in module.variables.values():
        each = raw.get(variable.name)
        if each is not None:
            value, problems = read_input(each, variable)
            found += problems
            if value is not None:
                span = each.expression.span if each.expression is not None else None
                given[variable.name] = Input(value=value, origin=each.origin, place=each.place, span=span)
    required = [variable for variable in module.variables.values() if variable.default is None]
    missing = tuple(variable for variable in required if variable.name not in raw)
    return Inputs(given=given, missing=missing), tuple(found)


def missing_values(variables: Iterable[Variable]) -> Diagnostics:
    """An error for each variable that must be set and is not."""
    return tuple(_no_value(variable) for variable in variables)


def is_of_value(diag: Diagnostic) -> bool:
    """Whether a problem is that a value does not suit its variable, not that one of the two is missing."""
    return diag.summary in (_INVALID, _NOT_SET)


def _no_value(variable: Variable) -> Diagnostic:
    detail = (
        f'The variable "{variable.name}" has no default, so it must be given a value: '
        f"-var '{variable.name}=...', a -var-file, or {_ENVIRONMENT_PREFIX}{variable.name}."
    )
    return error("No value for required variable", detail, variable.span)


# -- finding -------------------------------------------------------------------------------------


def find_inputs(
    folders: Iterable[str],
    files: FileReader,
    environment: Mapping[str, str],
    options: tuple[VarOption, ...],
) -> tuple[dict[str, RawInput], Diagnostics]:
    """The winning value for each name; a file of a later folder wins over one of an earlier folder."""
    raw = {each.name: each for each in _from_environment(environment)}
    found: list[Diagnostic] = []
    for path in (path for folder in folders for path in _automatic_files(folder, files)):
        read, problems = _from_file(path, files)
        raw |= read
        found += problems
    for option in options:
        read, problems = _from_file(option.text, files) if option.is_file else _from_option(option.text)
        raw |= read
        found += problems
    return raw, tuple(found)


def _from_environment(environment: Mapping[str, str]) -> Iterator[RawInput]:
    for name in sorted(environment):
        if name.startswith(_ENVIRONMENT_PREFIX):
            text = environment[name]
            yield RawInput(name=name.removeprefix(_ENVIRONMENT_PREFIX), origin="environment", text=text)


def _automatic_files(folder: str, files: FileReader) -> Iterator[str]:
    """The files that are read without being asked for, least important first."""
    names = files.names(folder) or ()
    automatic = (name for name in names if name.endswith(_AUTOMATIC_SUFFIXES) and not is_ignored(name))
    for name in (*(name for name in _DEFAULT_FILES if name in names), *automatic):
        yield join(folder, name)


def _from_option(text: str) -> tuple[dict[str, RawInput], Diagnostics]:
    name, equals, value = text.partition("=")
    summary = "Invalid -var option"
    if not equals:
        detail = f"\"{text}\" has no equals sign. A variable is set with -var 'NAME=VALUE'."
        return {}, (error(summary, detail),)
    if name.rstrip() != name:
        detail = (
            f"There is a space before the equals sign. Did you mean -var '{name.rstrip()}={value.lstrip()}'?"
        )
        return {}, (error(summary, detail),)
    return {name: RawInput(name=name, origin="option", text=value)}, ()


def _from_file(path: str, files: FileReader) -> tuple[dict[str, RawInput], Diagnostics]:
    data = files.read(path)
    if data is None:
        detail = f'There is no variables file "{path}", or it cannot be read.'
        return {}, (error("Failed to read variables file", detail),)
    body, diags = parse_file(path, data)
    declared = _refuse_declarations(body, path)
    if declared or has_errors(diags):
        return {}, (*diags, *declared)
    attributes, problems = body.just_attributes(verbatim=True)
    read = {
        name: RawInput(name=name, origin="file", place=path, expression=attribute.expression)
        for name, attribute in attributes.items()
    }
    return read, (*diags, *problems)


def _refuse_declarations(body: Body, path: str) -> Diagnostics:
    content, _, _ = body.partial(Names(blocks={"variable": ("name",)}))
    if path.endswith(".json"):
        return ()
    return tuple(
        error(
            "Variable declaration in .tfvars file",
            f"This file gives values, it declares nothing. Write: {block.labels[0]} = VALUE. "
            'The "variable" block belongs into a .tf file.',
            block.header,
        )
        for block in content.blocks
    )


# -- undeclared ------------------------------------------------------------------------------------


def _undeclared(raw: Iterable[RawInput], declared: Mapping[str, Variable]) -> Iterator[Diagnostic]:
    """Values that no variable takes: an error for an option, a warning for a file, nothing otherwise.

    The environment is meant to serve many configurations, so what this one does not know is not remarkable.
    """
    unknown = [each for each in raw if each.name not in declared]
    in_files = [each for each in unknown if each.origin == "file"]
    for each in unknown:
        if each.origin == "option":
            detail = f'No variable "{each.name}" is declared. To use the value, add a "variable" block.'
            yield error(_UNDECLARED, detail)
    for each in in_files[:_SHOWN_UNDECLARED]:
        detail = (
            f'"{each.place}" gives a value to "{each.name}", and no such variable is declared. Values that '
            f"many configurations share can be given as {_ENVIRONMENT_PREFIX}... in the environment."
        )
        yield warning(_UNDECLARED, detail)
    more = len(in_files) - _SHOWN_UNDECLARED
    if more > 0:
        yield warning(
            "Values for undeclared variables", f"There are {more} more values that no variable takes."
        )


# -- reading ---------------------------------------------------------------------------------------


def read_undeclared(raw: RawInput) -> Value | None:
    """The value of a name that no variable has: of a text that is no constant expression, the text."""
    if raw.expression is not None:
        return constant_value(raw.expression)[0]
    expression, diags = parse_expression(Source(f"<value for var.{raw.name}>", raw.text))
    value = None if has_errors(diags) else constant_value(expression)[0]
    return value if value is not None else string(composed(raw.text))


def read_input(raw: RawInput, variable: Variable) -> tuple[Value | None, Diagnostics]:
    """The value that a variable gets: of its type, with its defaults."""
    value, diags = _evaluate(raw, variable)
    if value is None or has_errors(diags):
        return None, (*diags, *(missing_values([variable]) if variable.default is None else ()))
    if value.is_null and not variable.nullable:
        return _replace_null(raw, variable)
    with_default = with_defaults(value, variable.defaults) if variable.defaults is not None else value
    converted = convert(with_default, variable.type)
    if isinstance(converted, Value):
        return converted, diags
    return None, (*diags, _unsuitable(_INVALID, str(converted), raw, variable))


def _evaluate(raw: RawInput, variable: Variable) -> tuple[Value | None, Diagnostics]:
    if raw.expression is not None:
        return constant_value(raw.expression)
    if not variable.takes_expressions:
        return string(composed(raw.text)), ()
    expression, diags = parse_expression(Source(f"<value for var.{raw.name}>", raw.text))
    return (None, diags) if has_errors(diags) else constant_value(expression)


def _replace_null(raw: RawInput, variable: Variable) -> tuple[Value | None, Diagnostics]:
    """Null stands for the default where null itself is not allowed."""
    if variable.default is not None:
        return variable.default, ()
    return None, (_unsuitable(_NOT_SET, "it cannot be null", raw, variable),)


def _unsuitable(summary: str, why: str, raw: RawInput, variable: Variable) -> Diagnostic:
    """An error about a value, at the value if it stands in a file; the value itself is not repeated."""
    if raw.expression is not None:
        detail = f"This value does not suit var.{variable.name}, declared at {variable.span}: {why}."
        return error(summary, detail, raw.expression.span)
    ways = {
        "environment": f"the environment variable {_ENVIRONMENT_PREFIX}{variable.name}",
        "option": f"-var '{variable.name}=...'",
        "answer": "your answer",
        "file": raw.place,
    }
    return error(
        summary, f"{ways[raw.origin]} gives var.{variable.name} a wrong value: {why}.", variable.span
    )
