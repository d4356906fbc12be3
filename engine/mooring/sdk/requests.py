"""Requests to providers and their results: frozen, keyword-only, open to new fields.

Objects are `Value`s of the resource's schema type. `config` is what the files say (unset attributes are null,
write-only attributes are present here and nowhere else). `prior` is the last known object. `planned` is
`prior` merged with `config`, with unknowns where the provider decides. `private` is the provider's own,
opaque to the engine, stored beside the object. `ConfigureResult`, which holds a protocol, is in protocols.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from mooring.core.addresses import ProviderAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Path
from mooring.core.records import record
from mooring.core.values import Value
from mooring.sdk.context import Checkpoint
from mooring.sdk.states import ReadsOutputs, reads_nothing

Private = bytes


@record(kw_only=True)
class ValidateProvider:
    """Check a provider block before anything runs; unknowns are possible."""

    config: Value


@record(kw_only=True)
class ValidateResource:
    """Check a resource's or data source's configuration before anything runs; unknowns are possible."""

    config: Value


@record(kw_only=True)
class Configure:
    """Connect with this configuration. `working_folder` is where `.terraform/` stands.

    `environment` are the process's variables; a provider reads no others.
    """

    config: Value
    working_folder: str
    environment: Mapping[str, str]
    read_only: bool = False


@record(kw_only=True)
class Read:
    """Look at the object as it is now."""

    current: Value
    private: Private = b""


@record(kw_only=True)
class ReadResult:
    """`current` is None when the object does not exist any more.

    A value that differs only in spelling (casing of an id, `PT2M` for `PT120S`) is returned as it was in the
    request; a value that differs in meaning is returned as it is: that is drift.
    """

    current: Value | None = None
    private: Private = b""
    diagnostics: Diagnostics = ()


@record(kw_only=True)
class PlanRequest:
    """Say what the object will be. Pure: no I/O.

    `prior` is None for a create. `proposed` is the engine's merge of prior and config. When the
    object must be replaced, the plan is made once more as for a create.
    """

    config: Value
    prior: Value | None
    proposed: Value
    private: Private = b""


@record(kw_only=True)
class PlanResult:
    """The planned object.

    `requires_replace` names attributes whose change cannot be made in place; the engine looks only at those
    that really differ, and adds the schema's `forces_replacement` by itself.
    """

    planned: Value
    requires_replace: tuple[Path, ...] = ()
    private: Private = b""
    diagnostics: Diagnostics = ()


@record(kw_only=True)
class ReviewedObject:
    """One object of a plan: `prior` is None for a create, `planned` for a delete."""

    type_name: str
    prior: Value | None
    planned: Value | None


@record(kw_only=True)
class Preflight:
    """Check a planned change against reality, reads only: quota, names taken, what is attached already.

    `prior` is None for a create, `planned` is None for a delete. `beside` are the objects of the same
    provider that the same plan creates or replaces, this one among them: what is missing may be coming.
    """

    config: Value | None
    prior: Value | None
    planned: Value | None
    beside: tuple[ReviewedObject, ...] = ()


@record(kw_only=True)
class Review:
    """Look at all objects of a plan together that one connection manages. Pure; unknowns are possible."""

    objects: tuple[ReviewedObject, ...]


@record(kw_only=True)
class Finding:
    """What is wrong with the object at index `about`, because of `others`, which the engine names."""

    about: int
    others: tuple[int, ...] = ()
    diagnostic: Diagnostic


@record(kw_only=True)
class Create:
    """Make the object. Fails with `already exists` and the import hint; never adopts silently."""

    config: Value
    planned: Value
    private: Private = b""


@record(kw_only=True)
class Update:
    """Change the object in place from `prior` to `planned`."""

    config: Value
    prior: Value
    planned: Value
    private: Private = b""


@record(kw_only=True)
class Delete:
    """Remove (or detach) the object; one that is absent already is a success."""

    prior: Value
    private: Private = b""


@record(kw_only=True)
class ApplyResult:
    """What came of a create, update or delete.

    `current` is the object afterwards, without unknowns; None means that nothing exists. Beside an error it
    is the part that does exist (a failed create marks the object tainted).

    `unfinished`, beside an error: the wait ended, not the operation (the time is up, the run was aborted), so
    nothing is known yet. The engine records nothing; the next run resumes the operation.
    """

    current: Value | None = None
    private: Private = b""
    diagnostics: Diagnostics = ()
    unfinished: bool = False


@record(kw_only=True)
class Resume:
    """A run ended in the middle of this operation; find out what became of it.

    `note` is the last checkpoint, `planned` what was to be (None for a delete), `prior` what was before
    (None for a create). The result says what exists now; the engine plans again from there.
    """

    action: str
    prior: Value | None
    planned: Value | None
    note: Checkpoint
    private: Private = b""


@record(kw_only=True)
class Import:
    """Find the object with this id, as the provider documents it.

    `config` is its block; parts of it may be unknown, and None is no block. What no answer of the service
    holds, as credentials, is to be taken for what the block says, so that the first plan does not change it.
    """

    id: str
    config: Value | None = None


@record(kw_only=True)
class ImportedObject:
    """One object to take into the state; it is read once more right after."""

    type_name: str
    current: Value
    private: Private = b""


@record(kw_only=True)
class ImportResult:
    """No objects and no error means that nothing has this id."""

    objects: tuple[ImportedObject, ...] = ()
    diagnostics: Diagnostics = ()


@record(kw_only=True)
class Upgrade:
    """Bring an object that an older schema version stored into the present form; `stored` is JSON."""

    version: int
    stored: bytes


@record(kw_only=True)
class UpgradeResult:
    """The object in the present schema's type."""

    upgraded: Value | None = None
    diagnostics: Diagnostics = ()


@record(kw_only=True)
class Move:
    """Make an object of one type into one of another; `stored` is its JSON as it was last recorded."""

    source_provider: ProviderAddress
    source_type: str
    source_version: int
    stored: bytes
    private: Private = b""


@record(kw_only=True)
class MoveResult:
    """The object in the new type; None without an error where objects cannot come from the old one."""

    moved: Value | None = None
    private: Private = b""
    diagnostics: Diagnostics = ()


@record(kw_only=True)
class ListRequest:
    """List what exists of a type, managed or not, inside `scope` (an id) or everywhere."""

    scope: str | None = None


@record(kw_only=True)
class ListedObject:
    """One object that exists: its import id and a name to show."""

    id: str
    display_name: str


@record(kw_only=True)
class ListResult:
    """What exists, in the order of the service."""

    objects: tuple[ListedObject, ...] = ()
    diagnostics: Diagnostics = ()


@record(kw_only=True)
class ReadMany:
    """Refresh many objects of one type at once."""

    objects: tuple[Read, ...]


@record(kw_only=True)
class ReadManyResult:
    """One result for each request, in the same order."""

    results: tuple[ReadResult, ...]


@record(kw_only=True)
class ReadData:
    """Look up a data source. `read_outputs` reads other states, in the way that this one may."""

    config: Value
    read_outputs: ReadsOutputs = reads_nothing


@record(kw_only=True)
class ReadDataResult:
    """`current` is None only beside an error."""

    current: Value | None = None
    diagnostics: Diagnostics = ()
