"""Backends: what the `backend` block says, what `init` has written down, and whether the two agree.

The record is Terraform's own (`.terraform/terraform.tfstate`, format 3), so that a folder can go back and
forth. Its hash is that of the block: the CRC-32 of the arguments in the notation that Terraform's value
library hashes (found out from records of Terraform 1.11.4). Only the local backend exists so far.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mooring.core.codec import Json, dumps, loads
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.records import field, record
from mooring.reporting.product import TERRAFORM_VERSION
from mooring.state.files import read_file, write_atomically

if TYPE_CHECKING:
    from mooring.config.model import Backend
    from mooring.syntax.nodes import Expression

ARGUMENTS: Final = ("path", "workspace_dir")
_RECORD: Final = "terraform.tfstate"
_OTHERS: Final = frozenset(
    ["azurerm", "cloud", "consul", "cos", "gcs", "http", "kubernetes", "oci", "oss", "pg", "remote", "s3"]
)
_REINITIALIZE: Final = (
    'The backend is where the state is kept, and another one holds another state. Run "moor init" first: '
    "with -migrate-state to take the state along, with -reconfigure to leave it where it is. Nothing has "
    "been changed."
)


@record(kw_only=True)
class Place:
    """Where the states of a folder are kept: what the local backend is configured with."""

    path: str | None = None
    workspace_dir: str | None = None

    @property
    def workspaces(self) -> Path:
        """The folder with a folder for each workspace but the default one."""
        return Path(self.workspace_dir or "terraform.tfstate.d")

    def state(self, workspace: str) -> Path:
        """The state file of a workspace."""
        if workspace == "default":
            return Path(self.path or "terraform.tfstate")
        return self.workspaces / workspace / "terraform.tfstate"


@record(kw_only=True)
class Recorded:
    """What `init` has written down: the place, and the hash of the block it came from."""

    type: str
    hash: int
    config: Mapping[str, Json] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """The configuration of a local backend."""
        return Place(**{name: _text(self.config.get(name)) for name in ARGUMENTS})


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


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
    return Recorded(
        type=str(backend["type"]),
        hash=hash_ if isinstance(hash_, int) else 0,
        config=config if isinstance(config, dict) else {},
    )


def write_record(data_folder: str, block: Place | None, place: Place) -> None:
    """Writes down the place that the folder now uses; without a block, that it uses none of its own."""
    path = Path(data_folder, _RECORD)
    if block is None and not path.exists():
        return
    form: dict[str, Json] = {"version": 3, "terraform_version": TERRAFORM_VERSION}
    if block is not None:
        config: dict[str, Json] = {"path": place.path, "workspace_dir": place.workspace_dir}
        form["backend"] = {"type": "local", "config": config, "hash": block_hash(block)}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, dumps(form, indent=True))


def block_hash(block: Place) -> int:
    """Terraform's hash of a `backend "local"` block."""
    arguments = "".join(f"{_hashed(value)};" for value in (block.path, block.workspace_dir))
    return zlib.crc32(f'<"local";<{arguments}>;>'.encode())


def _hashed(value: str | None) -> str:
    return "~" if value is None else dumps(value).decode()


# -- the block -----------------------------------------------------------------------------------


def read_block(backend: Backend) -> tuple[Place, Diagnostics]:
    """What a `backend "local"` block says. Its arguments are constants."""
    from mooring.config.declarations.constants import constant_value
    from mooring.core.types import STRING
    from mooring.core.values import DYNAMIC_UNKNOWN, Value
    from mooring.schema.decode import decode_body
    from mooring.schema.model import Attribute, BlockSchema
    from mooring.schema.plan import plan_block

    found: list[Diagnostic] = []

    def evaluate(expression: Expression, _iterators: object) -> Value:
        value, diags = constant_value(expression)
        found.extend(diags)
        return value if value is not None else DYNAMIC_UNKNOWN

    schema = BlockSchema(attributes={name: Attribute(type=STRING, optional=True) for name in ARGUMENTS})
    parts = decode_body(backend.body, plan_block(schema), evaluate, found.append).attributes
    texts = {
        name: None if parts[name].is_null or not parts[name].is_known else parts[name].text
        for name in ARGUMENTS
    }
    return Place(**texts), tuple(found)


def unsupported(backend: Backend, summary: str) -> Diagnostic | None:
    """Why a type of backend cannot be used; None for the one that can."""
    if backend.type == "local":
        return None
    if backend.type not in _OTHERS:
        return error(summary, f'There is no backend type named "{backend.type}".', backend.span)
    detail = (
        f'Mooring does not keep states in the backend "{backend.type}" yet. Use backend "local", or leave '
        "the block out."
    )
    return error("Backend not supported yet", detail, backend.span)


# -- whether they agree --------------------------------------------------------------------------


def current_place(backend: Backend | None, recorded: Recorded | None) -> tuple[Place, Diagnostics]:
    """Where the state is now, for any command but `init`; an error if `init` must be run first."""
    if backend is None:
        if recorded is None or (recorded.type == "local" and recorded.place == Place()):
            return Place(), ()
        return Place(), (initialization_required(f'Unsetting the previously set backend "{recorded.type}"'),)
    problem = unsupported(backend, "Invalid backend type")
    if problem is not None:
        return Place(), (problem,)
    if recorded is None:
        reason = f'Initial configuration of the requested backend "{backend.type}"'
        return Place(), (initialization_required(reason),)
    block, diags = read_block(backend)
    if has_errors(diags):
        return Place(), diags
    if recorded.type != "local":
        reason = f'Backend type changed from "{recorded.type}" to "{backend.type}"'
        return Place(), (initialization_required(reason),)
    if recorded.hash != block_hash(block) and recorded.place != block:
        return Place(), (initialization_required("Backend configuration block has changed", changed=True),)
    return recorded.place, ()


def initialization_required(reason: str, *, changed: bool = False) -> Diagnostic:
    """The error in words that wrappers look for, to run `init` by themselves."""
    mark = ":" if changed else ","
    summary = f'Backend initialization required{mark} please run "terraform init"'
    return error(summary, f"Reason: {reason}\n\n{_REINITIALIZE}")
