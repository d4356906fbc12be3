"""workspaces/services: model deployments of the first generation, to ACI or to an attached AKS cluster.

Source: specs/services 2021-04-01: the request is flat, the answer has it under `properties`. ACI was never a
compute, only ever created by such a deployment (facts.md section 2); the API is gone since 2021-07-01.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome, read_object
from mooring_emulator.arm.documents import with_properties
from mooring_emulator.arm.errors import bad_request
from mooring_emulator.arm.keys import derive_key
from mooring_emulator.arm.kinds import Change, NameRule, Replies, Reply, ResourceKind, Target
from mooring_emulator.arm.lifecycle import retire
from mooring_emulator.arm.shapes import Anything, Field, Flag, Text, conform, record
from mooring_emulator.machinelearning.children import MFE_LINKS, NAMESPACE
from mooring_emulator.machinelearning.problems import require_no_problems
from mooring_emulator.messages import json_response
from mooring_emulator.store.model import Document, key_of

if TYPE_CHECKING:
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.machinelearning.published import Published

TYPE = f"{NAMESPACE}/workspaces/services"

_STARTED = Reply(status=201, azure_async_operation=True)
_TEXT = Text(choices={})
_SECRETS = ("keys", "sslKey", "sslCertificate")
_SHAPE = record(
    Field(name="computeType", shape=Text(choices={"aci": "ACI", "aks": "AKS"}), is_required=True),
    Field(name="description", shape=_TEXT),
    Field(name="location", shape=_TEXT),
    Field(name="kvTags", shape=Anything()),
    Field(name="properties", shape=Anything()),
    Field(name="computeName", shape=_TEXT),
    Field(name="authEnabled", shape=Flag()),
    Field(name="appInsightsEnabled", shape=Flag()),
)


def service_kind(published: Published) -> ResourceKind:
    """Describe the type."""
    return ResourceKind(
        type=TYPE,
        api_versions=published.types["workspaces/services"],
        name_rule=NameRule(
            pattern=re.compile(r"[a-z]([-a-z0-9]{1,30}[a-z0-9])"),
            code="ServiceInvalidName",
            message="Service name '{name}' is invalid: 3 to 32 lower-case letters, digits and dashes.",
        ),
        replies=Replies(
            create=_STARTED,
            update=Reply(status=200, azure_async_operation=True),
            patch=Reply(status=200),
            delete=Reply(status=200, has_body=False),
        ),
        links=MFE_LINKS,
        compose=_compose,
        revise=_refuse_patch,
        retire=retire,
        actions={"listkeys": _list_keys},
        is_tracked=False,
    )


def _compose(call: Call, target: Target, prior: Document | None) -> Change:
    sent, problems = conform(_SHAPE, read_object(call), "service")
    require_no_problems(problems)
    if sent["computeType"] == "AKS":
        _require_cluster(call, target, sent)
    shown = {name: value for name, value in sent.items() if name not in {*_SECRETS, "location"}}
    workspace = call.view.document(target.parent_key)
    location = sent.get("location") or (workspace.body["location"] if workspace else None)
    body: JsonObject = {
        "id": target.id,
        "name": target.name,
        "type": TYPE,
        "location": location,
        "tags": sent.get("kvTags") or {},
        "properties": {**shown, **_read_only(target, sent, str(location))},
    }
    done = with_properties(Document(id=target.id, type=TYPE, body=body), state="Healthy")
    return Change(
        after=done, during=with_properties(done, state="Transitioning" if prior is None else "Updating")
    )


def _read_only(target: Target, sent: JsonObject, location: str) -> JsonObject:
    host = f"{sent.get('dnsNameLabel') or target.name}.{location}.azurecontainer.io"
    return {
        "deploymentType": "HttpRealtimeEndpoint",
        "scoringUri": f"http://{host}/score",
        "swaggerUri": f"http://{host}/swagger.json",
        "error": None,
        "modelConfigMap": {},
        "publicIp": None,
    }


def _require_cluster(call: Call, target: Target, sent: JsonObject) -> None:
    name = str(sent.get("computeName") or "")
    compute = call.view.document(key_of(f"{target.parent_key}/computes/{name}"))
    if compute is None or compute.properties["computeType"] != "AKS":
        raise bad_request(f"The AKS compute '{name}' was not found in the workspace.", target="computeName")


def _list_keys(_call: Call, _target: Target, prior: Document) -> Outcome:
    keys = {name: derive_key(prior, name, size=24) for name in ("primaryKey", "secondaryKey")}
    return Outcome(response=json_response(200, keys))


def _refuse_patch(_call: Call, _target: Target, _prior: Document) -> Change:
    raise bad_request("A service is updated with PUT.")
