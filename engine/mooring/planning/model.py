"""The plan: what will change, why, in which order. Pure data; saved, shown and obeyed as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from mooring.config.checking import CheckResult
from mooring.core.addresses import ConfigAddress, InstanceAddress, ModuleInstance, ProviderConfigAddress
from mooring.core.paths import Path
from mooring.core.records import field, record
from mooring.core.spans import Span
from mooring.core.values import Value
from mooring.schema.model import CREATE_AND_DESTROY, Verbs
from mooring.state.model import State


class PlanMode(Enum):
    """What a plan is for."""

    NORMAL = "normal"
    DESTROY = "destroy"
    REFRESH_ONLY = "refresh-only"
    UNDO = "undo"


class Action(Enum):
    """What happens to one object."""

    NO_OP = "no-op"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    FORGET = "forget"


class Reason(Enum):
    """Why the action is not the obvious one; the values are Terraform's `action_reason`."""

    REPLACE_TAINTED = "replace_because_tainted"
    REPLACE_CANNOT_UPDATE = "replace_because_cannot_update"
    REPLACE_BY_REQUEST = "replace_by_request"
    REPLACE_BY_TRIGGERS = "replace_by_triggers"
    DELETE_NO_RESOURCE_CONFIG = "delete_because_no_resource_config"
    DELETE_NO_MODULE = "delete_because_no_module"
    DELETE_WRONG_REPETITION = "delete_because_wrong_repetition"
    DELETE_COUNT_INDEX = "delete_because_count_index"
    DELETE_EACH_KEY = "delete_because_each_key"
    DELETE_NO_MOVE_TARGET = "delete_because_no_move_target"
    READ_CONFIG_UNKNOWN = "read_because_config_unknown"
    READ_DEPENDENCY_PENDING = "read_because_dependency_pending"
    READ_CHECK_NESTED = "read_because_check_nested"


@record(kw_only=True)
class PlannedChange:
    """One object and what will happen to it.

    `before` is the object as it is now (None if there is none), `after` what it will be (None if nothing),
    with unknowns where only the provider knows; both carry sensitive marks. `replace_paths` are the
    attributes whose change forces the replacement. `config` is the configuration of an object that is brought
    back as it was recorded, None where its block says it. `private` is the provider's planned private data.
    `dependencies` are the resources this one depends on directly. `definition` is the block in the files,
    None for an orphan.
    """

    address: InstanceAddress
    action: Action
    provider: ProviderConfigAddress
    before: Value | None
    after: Value | None
    deposed: str | None = None
    previous_address: InstanceAddress | None = None
    reason: Reason | None = None
    create_before_destroy: bool = False
    replace_paths: tuple[Path, ...] = ()
    private: bytes = b""
    import_id: str | None = None
    schema_version: int = 0
    dependencies: tuple[ConfigAddress, ...] = ()
    verbs: Verbs = CREATE_AND_DESTROY
    definition: Span | None = None
    config: Value | None = None

    @property
    def is_change(self) -> bool:
        """Whether applying it does anything to the object or to what is recorded of it."""
        return (
            self.action is not Action.NO_OP or self.previous_address is not None or self.import_id is not None
        )


@record(kw_only=True)
class Drift:
    """An object that changed behind our back: `recorded` last time, `actual` now (None: it is gone)."""

    address: InstanceAddress
    provider: ProviderConfigAddress
    recorded: Value
    actual: Value | None
    definition: Span | None = None
    deposed: str | None = None


@record(kw_only=True)
class OutputChange:
    """A root output: None stands for one that does not exist."""

    name: str
    action: Action
    before: Value | None
    after: Value | None
    sensitive: bool = False


class OpKind(Enum):
    """What one step of the execution does."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    READ = "read"
    FORGET = "forget"
    JOIN = "join"


@record
class Op:
    """One step. `change` is the index of its change in the plan, -1 for a join (which does nothing).

    A replacement is a `CREATE` and a `DELETE`; when it creates before it destroys, the `CREATE` first sets
    the present object aside (deposes it) and the `DELETE` deletes that one.
    """

    kind: OpKind
    change: int = -1


@record(kw_only=True)
class ExecGraph:
    """Steps and, for each, the steps that must have ended before it starts, as indices into `ops`."""

    ops: tuple[Op, ...] = ()
    after: tuple[tuple[int, ...], ...] = ()


@record(kw_only=True)
class SourceText:
    """A file that the plan was made from, kept so that the saved plan applies what was reviewed."""

    path: str
    text: str


@record(kw_only=True)
class Plan:
    """Everything that was decided.

    `prior_state` is the state after refresh; `base_lineage` and `base_serial` name the state planned on.
    `changes` holds one entry per object, no-ops included, in order of address; `drift` what refresh found;
    `moves` where objects are now, with the address they are recorded under; `checks` what came of conditions.
    `module_outputs` are the outputs of called modules that have a value.
    `targets` and `excludes` are what the plan was limited with.
    `variables` are the root inputs that were set; of ephemeral ones there are the names alone, and applying
    takes their values anew. `has_errors` marks a plan that is only good to be shown, `is_blank` one that
    could not even be begun.
    """

    mode: PlanMode = PlanMode.NORMAL
    changes: tuple[PlannedChange, ...] = ()
    outputs: tuple[OutputChange, ...] = ()
    module_outputs: tuple[tuple[ModuleInstance, str], ...] = ()
    drift: tuple[Drift, ...] = ()
    graph: ExecGraph = ExecGraph()
    prior_state: State
    base_lineage: str = ""
    base_serial: int = 0
    variables: Mapping[str, Value] = field(default_factory=dict)
    ephemeral_variables: tuple[str, ...] = ()
    moves: Mapping[InstanceAddress, InstanceAddress] = field(default_factory=dict)
    checks: tuple[CheckResult, ...] = ()
    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    sources: tuple[SourceText, ...] = ()
    created_at: str = ""
    has_errors: bool = False
    is_blank: bool = False

    @property
    def is_partial(self) -> bool:
        """Whether it was limited to a part of the configuration."""
        return bool(self.targets or self.excludes)

    @property
    def has_changes(self) -> bool:
        """Whether applying it changes an object, an output or what is recorded."""
        return (
            bool(self.moves)
            or any(change.is_change for change in self.changes)
            or any(output.action is not Action.NO_OP for output in self.outputs)
        )
