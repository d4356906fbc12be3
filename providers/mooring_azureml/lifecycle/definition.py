"""What makes a resource type: a table, a place in ARM, and a few functions for what no table can say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from mooring.core.codec import Json
from mooring.core.diagnostics import Diagnostics
from mooring.core.paths import Path
from mooring.sdk import CREATE_AND_DESTROY, CallContext, Timeouts, Verbs
from mooring_azureml.arm.ids import GROUP_TYPE
from mooring_azureml.arm.port import Arm, ArmError, Document, Memo, Port, Target
from mooring_azureml.lifecycle.placement import Placement
from mooring_azureml.local.machine import Machine, ThisMachine
from mooring_azureml.table.model import Fields, Table
from mooring_azureml.table.to_arm import Body


def _nothing(_resource_id: str) -> Fields | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a connection gives to every resource type.

    `subscription_id` and `tenant_id` are None while they are unknown. `random_bytes(n)` is the source of
    randomness; `poll_seconds` the time between two looks at something that changes. `coming` gives what
    the plan that is being made creates under an id; while applying, nothing is. `memo` keeps what is read
    once in a run, `machine` is the one at hand, and `working_folder` the folder there. What is `read_only`
    writes nothing, on this machine neither.
    """

    port: Port
    subscription_id: str | None
    tenant_id: str | None
    random_bytes: Callable[[int], bytes]
    poll_seconds: float
    coming: Callable[[str], Fields | None] = _nothing
    machine: Machine = field(default_factory=ThisMachine)
    working_folder: str = "."
    read_only: bool = False
    memo: Memo = field(default_factory=Memo)

    def is_coming(self, resource_id: str) -> bool:
        """Whether the plan that is being made creates this resource."""
        return self.coming(resource_id) is not None

    @property
    def arm(self) -> Arm:
        """The way to Azure, opened by the first who asks."""
        return self.port.arm


Reach: TypeAlias = Callable[[Access], Access]
"""The access for a type whose objects are not kept in ARM."""
Rule: TypeAlias = Callable[[Fields], Diagnostics]
"""Judges a configuration; unknowns are possible. Pure."""
Derive: TypeAlias = Callable[[Access, Fields | None, Fields], Fields]
"""Fills in planned values that follow from others, from the object before (None: a new one) or from the
provider's settings. Pure."""
Replaces: TypeAlias = Callable[[Fields, Fields], tuple[Path, ...]]
"""What else cannot be changed in place, from the object before to the planned one. Pure."""
Observe: TypeAlias = Callable[[Document, Fields], Fields]
"""What a document shows beyond the table, given the object read so far. Pure."""
Finish: TypeAlias = Callable[[Fields, Body], Body]
"""Completes the body of a PUT with what follows from the object. Pure."""
Specify: TypeAlias = "Callable[[Definition, Fields], Definition]"
"""The type of one object, where what it is depends on its attributes. Pure."""
Accompany: TypeAlias = Callable[[Access, CallContext, Fields | None, Fields], ArmError | None]
"""Further requests of a write, after its own; no object before: a create."""
BringsBack: TypeAlias = Callable[[Fields], bool]
"""Whether creating this object may bring back one that was deleted. Pure."""
Prepare: TypeAlias = Callable[[Access, CallContext, Fields], Fields | ArmError]
"""Fills in, just before a create, what must be looked up. Reads only."""
Parameters: TypeAlias = Callable[[Fields], Mapping[str, str]]
"""The query parameters of a DELETE, from the object that goes. Pure."""
Guard: TypeAlias = Callable[[Access, CallContext, Fields | None, Fields], Diagnostics]
"""Judges a change from the object before (None: a new one) to the planned one against reality. Reads only."""


Choose: TypeAlias = Callable[[Access, Fields], Fields]
"""Fills in, when an object is created, what is left to chance: a name. Sends nothing."""
WindUp: TypeAlias = Callable[[Access, CallContext, Fields], ArmError | None]
"""What comes before the end of an object, or after a create that Azure refused."""
Stays: TypeAlias = Callable[[Fields], bool]
"""Whether an object is left where it is when it is destroyed here. Pure."""
Verdict: TypeAlias = Callable[[Document, Fields], ArmError | None]
"""Why an object whose creation was accepted counts as failed, if it does. Pure."""


def _through_arm(access: Access) -> Access:
    return access


def _derive_nothing(_access: Access, _prior: Fields | None, planned: Fields) -> Fields:
    return planned


def _replace_nothing(_prior: Fields, _planned: Fields) -> tuple[Path, ...]:
    return ()


def _observe_nothing(_document: Document, _fields: Fields) -> Fields:
    return {}


def _finish_nothing(_fields: Fields, body: Body) -> Body:
    return body


def _brings_back_nothing(_fields: Fields) -> bool:
    return False


def _itself(definition: Definition, _fields: Fields) -> Definition:
    return definition


def _accompany_nothing(
    _access: Access, _ctx: CallContext, _prior: Fields | None, _wanted: Fields
) -> ArmError | None:
    return None


def _no_parameters(_fields: Fields) -> Mapping[str, str]:
    return {}


def _prepare_nothing(_access: Access, _ctx: CallContext, fields: Fields) -> Fields | ArmError:
    return fields


def _choose_nothing(_access: Access, fields: Fields) -> Fields:
    return fields


def _wind_up_nothing(_access: Access, _ctx: CallContext, _prior: Fields) -> ArmError | None:
    return None


def _goes(_prior: Fields) -> bool:
    return False


def _is_well(_document: Document, _fields: Fields) -> ArmError | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A resource type.

    `noun` is what messages call it. `discriminator` and `constants` are written into every body, by dotted
    path; a document that contradicts the discriminator is of another type, and the table's values win over
    constants. An update of a type that `keeps_rest` sends what exists with the changes laid over it.
    `delete_parameters` gives what goes with a DELETE. `secret_version` names the computed property that
    changes when a write-only one does; `listed` types are refreshed through one list of their parent's
    children; `attaches` names the attribute with the id of a resource that can be attached once only, or
    once for each value of the attribute `attached_per`. `import_suffix` is what an import id needs behind the
    ARM id, `import_as` the form of an id that is none of ARM's. A
    resource may be a `part` of another one's document, by dotted path: it exists while that is not empty.
    """

    type_name: str
    noun: str
    arm_type: str
    api_version: str
    placement: Placement
    table: Table
    description: str
    discriminator: Mapping[str, Json] = field(default_factory=dict)
    constants: Mapping[str, Json] = field(default_factory=dict)
    delete_parameters: Parameters = _no_parameters
    verbs: Verbs = CREATE_AND_DESTROY
    timeouts: Timeouts = field(default_factory=Timeouts)
    secret_version: str | None = None
    listed: bool = False
    attaches: str = ""
    attached_per: str = ""
    rules: tuple[Rule, ...] = ()
    derive: Derive = _derive_nothing
    replaces: Replaces = _replace_nothing
    observe: Observe = _observe_nothing
    finish: Finish = _finish_nothing
    accompany: Accompany = _accompany_nothing
    brings_back: BringsBack = _brings_back_nothing
    keeps_rest: bool = False
    reach: Reach = _through_arm
    part: str = ""
    specific: Specify = _itself
    import_suffix: str = ""
    import_as: str = ""
    prepare: Prepare = _prepare_nothing
    guards: tuple[Guard, ...] = ()
    choose: Choose = _choose_nothing
    wind_up: WindUp = _wind_up_nothing
    stays: Stays = _goes
    verdict: Verdict = _is_well

    @property
    def import_form(self) -> str:
        """How an id of this type looks, for messages."""
        if self.import_as:
            return self.import_as
        if self.arm_type == GROUP_TYPE:
            return "/subscriptions/.../resourceGroups/NAME"
        namespace, *kinds = self.arm_type.split("/")
        below = "/".join(f"{kind}/NAME" for kind in kinds)
        return f"/subscriptions/.../resourceGroups/.../providers/{namespace}/{below}{self.import_suffix}"

    def target(
        self, resource_id: str, suffix: str = "", parameters: Mapping[str, str] | None = None
    ) -> Target:
        """The target of a request about a resource of this type, or about something below it."""
        return Target(id=f"{resource_id}{suffix}", api_version=self.api_version, parameters=parameters or {})
