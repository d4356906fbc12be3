"""ComputeInstance: a managed workstation.

Sources: specs/compute-2026-05-01.json; "create and manage a compute instance"; Azure/bicep-types-az#2543 for
the quirk that a PUT over an existing instance is accepted and changes nothing of its settings, schedules and
idle time included.
"""

from dataclasses import replace

from mooring_emulator.arm.call import Call, Outcome, read_object
from mooring_emulator.arm.documents import with_properties
from mooring_emulator.arm.errors import bad_request
from mooring_emulator.arm.kinds import Action, Change, Reply, Target
from mooring_emulator.arm.lifecycle import require_idle
from mooring_emulator.arm.operations import carry_out
from mooring_emulator.arm.regions import fold_location
from mooring_emulator.arm.shapes import Field, Flag, ListOf, Text, conform, record
from mooring_emulator.codec import Json, JsonObject
from mooring_emulator.machinelearning.compute_types import ComputeRequest, ComputeType, Draft
from mooring_emulator.machinelearning.problems import require_no_problems
from mooring_emulator.machinelearning.quotas import require_size
from mooring_emulator.machinelearning.schedules import fill_idle_time, fill_schedules
from mooring_emulator.messages import empty_response
from mooring_emulator.store.model import Document, Put

_ACCEPTED = Reply(status=202, has_body=False, azure_async_operation=True)
_ENTRY = record(
    Field(name="action", shape=Text(choices={"start": "Start", "stop": "Stop"})),
    Field(name="triggerType", shape=Text(choices={"cron": "Cron", "recurrence": "Recurrence"})),
    Field(name="status", shape=Text(choices={"enabled": "Enabled", "disabled": "Disabled"})),
    *(Field(name=name, shape=record()) for name in ("cron", "recurrence")),
)
_SCHEDULES = record(
    Field(
        name="schedules",
        shape=record(Field(name="computeStartStop", shape=ListOf(item=_ENTRY))),
        is_required=True,
    )
)
_SSO = record(Field(name="enableSSO", shape=Flag(), is_required=True))
_APPLICATIONS = {"Jupyter": "tree", "Jupyter Lab": "lab", "RStudio": "rstudio"}


def _create(request: ComputeRequest) -> Draft:
    sent = request.settings
    require_size(sent.get("vmSize"))
    _require_location(request)
    ssh = _ssh(sent.get("sshSettings") or {})
    settings = {**_defaults(), **sent, **_read_only(request), **_timing(request), "sshSettings": ssh}
    running = {**_last(request.call, "Create"), "operationStatus": "InProgress"}
    at_first = {"state": "Creating", "connectivityEndpoints": None, "lastOperation": running}
    return Draft(settings=settings, during=at_first, compute_location=request.location)


def _update(request: ComputeRequest, prior: Document) -> Draft:
    """Accept the PUT and keep every setting; VM size and SSH access are refused, they cannot change."""
    existing = {**prior.private["settings"], **_shown_state(prior)}
    _require_fixed(request.settings, existing)
    return Draft(settings=existing, compute_location=request.location)


def _shown_state(prior: Document) -> JsonObject:
    """Give what actions may have changed since the last PUT."""
    shown = prior.properties["properties"]
    names = ("state", "lastOperation", "idleTimeBeforeShutdown", "schedules", "enableSSO")
    return {name: shown[name] for name in names}


def _require_location(request: ComputeRequest) -> None:
    wanted = request.sent.get("computeLocation")
    if wanted and fold_location(wanted) != request.location:
        raise bad_request(
            f"computeLocation '{wanted}' of a compute instance must be the location of its workspace, "
            f"'{request.location}'."
        )


def _require_fixed(sent: JsonObject, existing: JsonObject) -> None:
    size: str = existing["vmSize"]
    if str(sent.get("vmSize", size)).lower() != size.lower():
        raise bad_request(
            "The property 'vmSize' of a compute instance cannot be changed after it has been created."
        )
    ssh = {name: value for name, value in (sent.get("sshSettings") or {}).items() if value is not None}
    if any(existing["sshSettings"].get(name) != value for name, value in ssh.items()):
        raise bad_request("SSH access of a compute instance cannot be changed after it has been created.")


def _defaults() -> JsonObject:
    return {
        "applicationSharingPolicy": "Shared",
        "computeInstanceAuthorizationType": "personal",
        "enableNodePublicIp": True,
        "enableSSO": True,
        "customServices": [],
    }


def _timing(request: ComputeRequest) -> JsonObject:
    schedules = request.settings.get("schedules")
    count = len((schedules or {}).get("computeStartStop") or [])
    ids = [request.call.world.new_id() for _ in range(count)]
    return {
        "schedules": fill_schedules(schedules, ids),
        "idleTimeBeforeShutdown": fill_idle_time(request.settings.get("idleTimeBeforeShutdown")),
    }


def _ssh(sent: JsonObject) -> JsonObject:
    access = sent.get("sshPublicAccess") or "Disabled"
    if access == "Enabled" and not sent.get("adminPublicKey"):
        raise bad_request("sshSettings.adminPublicKey is required when sshPublicAccess is Enabled.")
    is_open = access == "Enabled"
    return {
        "sshPublicAccess": access,
        "adminUserName": "azureuser",
        "sshPort": 50000 if is_open else None,
        "adminPublicKey": sent.get("adminPublicKey"),
    }


def _read_only(request: ComputeRequest) -> JsonObject:
    principal, name = request.call.world.principal, request.target.name
    host = f"https://{name}.{request.location}.instances.azureml.ms"
    return {
        "applications": [
            {"displayName": title, "endpointUri": f"{host}/{path}"} for title, path in _APPLICATIONS.items()
        ],
        "connectivityEndpoints": {"publicIpAddress": "20.62.0.4", "privateIpAddress": "10.0.0.4"},
        "createdBy": {
            "userName": principal.name,
            "userOrgId": principal.tenant_id,
            "userId": principal.object_id,
        },
        "errors": [],
        "state": "Running",
        "lastOperation": _last(request.call, "Create"),
        "containers": [],
        "dataDisks": [],
        "dataMounts": [],
    }


def _last(call: Call, name: str) -> JsonObject:
    return {
        "operationName": name,
        "operationTime": call.timestamp,
        "operationStatus": "Succeeded",
        "operationTrigger": "User",
    }


def _power(name: str, *, during: str, after: str) -> Action:
    """Make the action start, stop or restart: 202 without a body, and a state on the way (recorded 2024).

    The specifications before 2021 have a plain 200.
    """

    def act(call: Call, target: Target, prior: Document) -> Outcome:
        require_idle(call, target)
        settings: JsonObject = prior.properties["properties"]
        last = _last(call, name)
        running = {**settings, "state": during, "lastOperation": {**last, "operationStatus": "InProgress"}}
        done = {**settings, "state": after, "lastOperation": last}
        change = Change(after=_with(prior, done), during=_with(prior, running))
        is_plain = call.world.is_as_specified and call.url.api_version < "2021"
        return carry_out(call, target, change, replace(_ACCEPTED, status=200) if is_plain else _ACCEPTED)

    return act


def _with(prior: Document, settings: JsonObject) -> Document:
    return with_properties(prior, properties=settings)


def _update_idle_shutdown(call: Call, target: Target, prior: Document) -> Outcome:
    """POST .../updateIdleShutdownSetting: the only way to change the idle time.

    Null or absent switches it off.
    """
    require_idle(call, target)
    return _set(prior, idleTimeBeforeShutdown=fill_idle_time(read_object(call).get("idleTimeBeforeShutdown")))


def _update_schedules(call: Call, target: Target, prior: Document) -> Outcome:
    """POST .../updateSchedules: the only way to change the schedules.

    The action is known from role definitions, its body from nowhere: as in the other two actions it is
    taken to be an object with the property's name, `{"schedules": {"computeStartStop": [...]}}`.
    """
    require_idle(call, target)
    sent, problems = conform(_SCHEDULES, read_object(call), "")
    require_no_problems(problems)
    schedules = sent["schedules"]
    ids = [call.world.new_id() for _ in schedules.get("computeStartStop") or []]
    return _set(prior, schedules=fill_schedules(schedules, ids))


def _enable_sso(call: Call, target: Target, prior: Document) -> Outcome:
    """POST .../enableSso: azure-ai-ml says `enableSSO` in its body, azureml-core `EnableSSO`."""
    require_idle(call, target)
    sent, problems = conform(_SSO, read_object(call), "")
    require_no_problems(problems)
    return _set(prior, enableSSO=sent["enableSSO"])


def _set(prior: Document, **changed: Json) -> Outcome:
    settings = {**prior.properties["properties"], **changed}
    return Outcome(response=empty_response(200), writes=(Put(document=_with(prior, settings)),))


COMPUTE_INSTANCE = ComputeType(
    name="ComputeInstance",
    is_attached=False,
    underlying_actions=frozenset({"delete"}),
    create=_create,
    update=_update,
    actions={
        "start": _power("Start", during="Starting", after="Running"),
        "stop": _power("Stop", during="Stopping", after="Stopped"),
        "restart": _power("Restart", during="Restarting", after="Running"),
        "updateIdleShutdownSetting": _update_idle_shutdown,
        "updateSchedules": _update_schedules,
        "enableSso": _enable_sso,
    },
)
