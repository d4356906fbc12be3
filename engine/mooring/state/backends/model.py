"""What a backend is: a type with arguments, and the states of all workspaces once it is open.

Must not know any type of backend, nor how arguments are written in files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final, Protocol

from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import field, record
from mooring.state.host import Host
from mooring.state.medium import Medium

DEFAULT: Final = "default"
"""The workspace that always exists."""

Setting = str | bool | int | None
Settings = Mapping[str, Setting]

_TRUE: Final = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_FALSE: Final = frozenset({"0", "f", "F", "false", "FALSE", "False"})


class BackendError(OSError):
    """A backend could not be used; the text says why, for the user."""


class Kind(Enum):
    """What an argument takes."""

    TEXT = "string"
    FLAG = "bool"
    COUNT = "number"


@record(kw_only=True)
class Argument:
    """An argument of a backend's block; `environment` names variables that stand in for it, in this order."""

    kind: Kind = Kind.TEXT
    environment: tuple[str, ...] = ()
    default: Setting = None
    is_required: bool = False
    is_secret: bool = False


@record(kw_only=True)
class Around:
    """What an open backend has of the world; `data_folder` is where `.terraform` is."""

    host: Host
    environment: Mapping[str, str]
    data_folder: str


class States(Protocol):
    """An open backend. Methods raise `OSError` as those of `Medium` do; opening it reads no state."""

    @property
    def has_workspaces(self) -> bool:
        """Whether there can be others than the default one."""
        ...

    def workspaces(self) -> tuple[str, ...]:
        """The workspaces there are but the default one, sorted."""
        ...

    def medium(self, workspace: str) -> Medium:
        """Where the state of a workspace is kept."""
        ...

    def create(self, workspace: str) -> None:
        """Makes a workspace without a state. One that exists is left as it is."""
        ...

    def delete(self, workspace: str) -> None:
        """Removes a workspace with everything in it; the caller holds its lock."""
        ...

    def close(self) -> None:
        """Lets go of connections."""
        ...


@record(kw_only=True)
class BackendType:
    """A type of backend: its arguments, and how it is opened with complete settings."""

    name: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    open: Callable[[Settings, Around], States | Diagnostics]


def complete(
    of: BackendType, given: Settings, environment: Mapping[str, str]
) -> tuple[Settings, Diagnostics]:
    """All settings: those given, what the environment says for others, and defaults."""
    found: dict[str, Setting] = {}
    problems: list[Diagnostic] = []
    for name, argument in of.arguments.items():
        value = given.get(name)
        if value is None or value == "":
            value = _from_environment(argument, environment, problems)
        found[name] = argument.default if value is None else value
        if argument.is_required and found[name] in (None, ""):
            problems.append(missing(of, name))
    return found, tuple(problems)


def _from_environment(
    argument: Argument, environment: Mapping[str, str], problems: list[Diagnostic]
) -> Setting:
    for name in argument.environment:
        text = environment.get(name)
        if text:
            value = parse(argument.kind, text)
            if value is None:
                detail = f"The environment variable {name} must be a {argument.kind.value}."
                problems.append(error("Invalid backend configuration argument", detail))
            return value
    return None


def parse(kind: Kind, text: str) -> Setting:
    """The value that a text stands for; None if it is none of that kind."""
    match kind:
        case Kind.TEXT:
            return text
        case Kind.FLAG:
            return True if text in _TRUE else False if text in _FALSE else None
        case Kind.COUNT:
            return int(text) if text.isascii() and text.isdecimal() else None


def fitting(of: BackendType, name: str, value: Setting) -> Setting:
    """A value as what an argument takes; None if it does not fit, or there is no such argument."""
    argument = of.arguments.get(name)
    if argument is None or value is None:
        return None
    if argument.kind is Kind.TEXT:
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, str):
        return parse(argument.kind, value)
    return value if isinstance(value, bool) == (argument.kind is Kind.FLAG) else None


def missing(of: BackendType, name: str) -> Diagnostic:
    """The error of an argument that nobody has given."""
    ways = ["in the backend block", f'with -backend-config="{name}=..."']
    ways += [f"in the environment variable {each}" for each in of.arguments[name].environment]
    where = f"{', '.join(ways[:-1])} or {ways[-1]}"
    detail = f'The backend "{of.name}" needs "{name}", which is not set. It can be set {where}.'
    return error("Missing Required Value", detail)


# -- settings as what they are -------------------------------------------------------------------


def text_of(settings: Settings, name: str) -> str:
    """A setting as text, "" if it is not set."""
    value = settings.get(name)
    return value if isinstance(value, str) else ""


def is_on(settings: Settings, name: str) -> bool:
    """Whether a flag is set to true."""
    return settings.get(name) is True


def count_of(settings: Settings, name: str) -> int:
    """A number, 0 if it is not set."""
    value = settings.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
