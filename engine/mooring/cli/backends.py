"""Backends: what the `backend` block says, what `init` has written down, and whether the two agree.

The record is Terraform's own (`.terraform/terraform.tfstate`, format 3), so that a folder can go back and
forth. Its hash is that of the block: the CRC-32 of the arguments in the notation that Terraform's value
library hashes (found out from records of Terraform 1.11.4). Like Terraform's it holds what was given with
`-backend-config`, secrets too; it is readable for its owner alone.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mooring.core.codec import Json, dumps, loads
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.records import field, record
from mooring.reporting.product import TERRAFORM_VERSION
from mooring.state.backends.model import BackendType, Kind, Setting, Settings
from mooring.state.backends.types import NAMES, OTHERS, backend_type
from mooring.state.files import read_file, write_atomically

if TYPE_CHECKING:
    from mooring.config.model import Backend
    from mooring.core.values import Value
    from mooring.syntax.nodes import Expression

_RECORD: Final = "terraform.tfstate"
_REINITIALIZE: Final = (
    'The backend is where the state is kept, and another one holds another state. Run "moor init" first: '
    "with -migrate-state to take the state along, with -reconfigure to leave it where it is. Nothing has "
    "been changed."
)


@record(kw_only=True)
class Place:
    """Where the states of a folder are kept: a type of backend, and the settings it was given."""

    type: str = "local"
    settings: Settings = field(default_factory=dict)

    @property
    def backend(self) -> BackendType:
        """The type, which is one there is."""
        found = backend_type(self.type)
        assert found is not None
        return found


@record(kw_only=True)
class Recorded:
    """What `init` has written down: the place, and the hash of the block it came from."""

    hash: int
    place: Place


# -- the record ----------------------------------------------------------------------------------


def read_record(data_folder: str) -> Recorded | None:
    """The backend that the folder was initialized with; None where it is not a configured one."""
    content = read_file(Path(data_folder, _RECORD))
    if content is None:
        return None
    try:
        document = loads(content)
    except ValueError:
        return None
    backend = document.get("backend") if isinstance(document, dict) else None
    if not isinstance(backend, dict) or not isinstance(backend.get("type"), str):
        return None
    config, hash_ = backend.get("config"), backend.get("hash")
    given = config if isinstance(config, dict) else {}
    return Recorded(
        hash=hash_ if isinstance(hash_, int) else 0,
        place=Place(type=str(backend["type"]), settings=_given({n: _setting(v) for n, v in given.items()})),
    )


def _setting(value: Json) -> Setting:
    return value if isinstance(value, str | bool | int) else None


def _given(settings: Settings) -> Settings:
    """The settings that have a value, in one order."""
    return {name: settings[name] for name in sorted(settings) if settings[name] is not None}


def write_record(data_folder: str, block: Place | None, place: Place) -> None:
    """Writes down the place that the folder now uses; without a block, that it uses none of its own."""
    path = Path(data_folder, _RECORD)
    if block is None and not path.exists():
        return
    form: dict[str, Json] = {"version": 3, "terraform_version": TERRAFORM_VERSION}
    if block is not None:
        config: dict[str, Json] = {name: place.settings.get(name) for name in sorted(place.backend.arguments)}
        form["backend"] = {"type": place.type, "config": config, "hash": block_hash(block)}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, dumps(form, indent=True))


def block_hash(block: Place) -> int:
    """Terraform's hash of a `backend` block."""
    names = sorted(block.backend.arguments)
    arguments = "".join(f"{_hashed(block.settings.get(name))};" for name in names)
    return zlib.crc32(f"<{_hashed(block.type)};<{arguments}>;>".encode())


def _hashed(value: Setting) -> str:
    match value:
        case None:
            return "~"
        case bool():
            return "T" if value else "F"
        case int():
            return str(value)
        case str():
            return dumps(value).decode()


# -- the block -----------------------------------------------------------------------------------


def read_block(backend: Backend) -> tuple[Place, Diagnostics]:
    """What the `backend` block of a type that there is says. Its arguments are constants."""
    from mooring.config.declarations.constants import constant_value
    from mooring.core.types import BOOL, NUMBER, STRING
    from mooring.core.values import DYNAMIC_UNKNOWN
    from mooring.schema.decode import decode_body
    from mooring.schema.model import Attribute, BlockSchema
    from mooring.schema.plan import plan_block

    found: list[Diagnostic] = []

    def evaluate(expression: Expression, _iterators: object) -> Value:
        value, diags = constant_value(expression)
        found.extend(diags)
        return value if value is not None else DYNAMIC_UNKNOWN

    types = {Kind.TEXT: STRING, Kind.FLAG: BOOL, Kind.COUNT: NUMBER}
    arguments = Place(type=backend.type).backend.arguments
    schema = BlockSchema(
        attributes={name: Attribute(type=types[each.kind], optional=True) for name, each in arguments.items()}
    )
    parts = decode_body(backend.body, plan_block(schema), evaluate, found.append).attributes
    settings = {name: _plain(parts[name]) for name in arguments}
    return Place(type=backend.type, settings=_given(settings)), tuple(found)


def _plain(value: Value) -> Setting:
    """A constant as a setting; None for null, and for what an error stands for."""
    raw = value.raw if value.is_known and not value.is_null else None
    return raw if isinstance(raw, str | bool | int) else None


def unsupported(backend: Backend, summary: str) -> Diagnostic | None:
    """Why a type of backend cannot be used; None for those that can."""
    if backend.type in NAMES:
        return None
    if backend.type not in OTHERS:
        return error(summary, f'There is no backend type named "{backend.type}".', backend.span)
    known = ", ".join(f'"{name}"' for name in NAMES)
    detail = (
        f'Mooring does not keep states in the backend "{backend.type}" yet. Use one of {known}, or leave '
        "the block out."
    )
    return error("Backend not supported yet", detail, backend.span)


# -- whether they agree --------------------------------------------------------------------------


def current_place(backend: Backend | None, recorded: Recorded | None) -> tuple[Place, Diagnostics]:
    """Where the state is now, for any command but `init`; an error if `init` must be run first."""
    if backend is None:
        if recorded is None or recorded.place == Place():
            return Place(), ()
        reason = f'Unsetting the previously set backend "{recorded.place.type}"'
        return Place(), (initialization_required(reason),)
    problem = unsupported(backend, "Invalid backend type")
    if problem is not None:
        return Place(), (problem,)
    if recorded is None:
        reason = f'Initial configuration of the requested backend "{backend.type}"'
        return Place(), (initialization_required(reason),)
    block, diags = read_block(backend)
    if has_errors(diags):
        return Place(), diags
    if recorded.place.type != backend.type:
        reason = f'Backend type changed from "{recorded.place.type}" to "{backend.type}"'
        return Place(), (initialization_required(reason),)
    if recorded.hash != block_hash(block) and recorded.place != block:
        return Place(), (initialization_required("Backend configuration block has changed", changed=True),)
    return recorded.place, ()


def initialization_required(reason: str, *, changed: bool = False) -> Diagnostic:
    """The error in words that wrappers look for, to run `init` by themselves."""
    mark = ":" if changed else ","
    summary = f'Backend initialization required{mark} please run "terraform init"'
    return error(summary, f"Reason: {reason}\n\n{_REINITIALIZE}")
