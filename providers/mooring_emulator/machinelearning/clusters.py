"""AKS and Kubernetes: clusters that are attached; AKS may also be created.

Sources: specs/compute-2026-05-01.json; "create and attach an AKS cluster": production needs 12 virtual CPUs,
dev-test 2; a leaf domain label excludes cname, cert and key; a subnet needs an internal load balancer;
changing purpose or network needs a detach. facts.md section 5 for what azureml-core reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.errors import bad_request
from mooring_emulator.arm.keys import derive_key
from mooring_emulator.machinelearning.attached import (
    claim_of,
    find_underlying,
    require_same,
    require_unchanged,
    underlying_id,
)
from mooring_emulator.machinelearning.compute_types import ComputeRequest, ComputeType, Draft
from mooring_emulator.machinelearning.vm_sizes import find_size
from mooring_emulator.messages import json_response
from mooring_emulator.store.model import Document

if TYPE_CHECKING:
    from mooring_emulator.arm.kinds import Target
    from mooring_emulator.codec import JsonObject

AKS_TYPE = "Microsoft.ContainerService/managedClusters"
ARC_TYPE = "Microsoft.Kubernetes/connectedClusters"

_LEAST_CORES = {"FastProd": 12, "DenseProd": 12, "DevTest": 2}
_DEFAULT_COUNT = 3
_DEFAULT_SIZE = "Standard_D3_v2"


def _create_aks(request: ComputeRequest) -> Draft:
    _require_consistent(request.settings)
    if request.sent.get("resourceId"):
        return _attach_aks(request)
    settings = _aks_settings(request, request.settings)
    _require_cores(settings)
    cluster = _new_cluster(request, settings)
    return Draft(
        settings=settings,
        resource_id=cluster.id,
        compute_location=request.location,
        claims=(claim_of(cluster),),
        creates=(cluster,),
    )


def _attach_aks(request: ComputeRequest) -> Draft:
    cluster = find_underlying(request, AKS_TYPE)
    pools = cluster.properties.get("agentPoolProfiles") or [{}]
    known = {"agentCount": pools[0].get("count"), "agentVmSize": pools[0].get("vmSize")}
    present = {name: value for name, value in known.items() if value}
    settings = _aks_settings(request, {**present, **request.settings})
    _require_cores(settings)
    return Draft(
        settings=settings,
        resource_id=underlying_id(request),
        compute_location=cluster.body["location"],
        claims=(claim_of(cluster),),
    )


def _update_aks(request: ComputeRequest, prior: Document) -> Draft:
    if request.sent.get("resourceId"):
        require_same(request, prior)
    require_unchanged(
        request, prior, "clusterPurpose", "loadBalancerType", "loadBalancerSubnet", "agentVmSize"
    )
    _require_consistent(request.settings)
    settings = {**prior.private["settings"], **request.settings}
    _require_cores(settings)
    return Draft(
        settings=settings,
        resource_id=prior.properties["resourceId"],
        compute_location=prior.properties["computeLocation"],
        claims=tuple(claim for claim in prior.claims if claim.startswith("attachment:")),
    )


def _aks_settings(request: ComputeRequest, sent: JsonObject) -> JsonObject:
    host = f"{request.target.name.lower()}{crc32(request.target.key.encode()):08x}"
    return {
        "agentCount": _DEFAULT_COUNT,
        "agentVmSize": _DEFAULT_SIZE,
        "clusterPurpose": "FastProd",
        "loadBalancerType": "PublicIp",
        "clusterFqdn": f"{host}.hcp.{request.location}.azmk8s.io",
        "systemServices": [
            {"systemServiceType": name, "publicIpAddress": "20.62.0.5", "version": "1"}
            for name in ("ScoringFrontEnd",)
        ],
        **sent,
    }


def _require_consistent(sent: JsonObject) -> None:
    ssl = sent.get("sslConfiguration") or {}
    if ssl.get("leafDomainLabel") and any(ssl.get(name) for name in ("cname", "cert", "key")):
        raise bad_request("sslConfiguration.leafDomainLabel excludes cname, cert and key.")
    if ssl.get("status") == "Enabled" and not all(ssl.get(name) for name in ("cname", "cert", "key")):
        raise bad_request("sslConfiguration with status Enabled needs cname, cert and key.")
    if sent.get("loadBalancerSubnet") and sent.get("loadBalancerType") != "InternalLoadBalancer":
        raise bad_request("loadBalancerSubnet needs loadBalancerType InternalLoadBalancer.")


def _require_cores(settings: JsonObject) -> None:
    size = find_size(str(settings.get("agentVmSize") or ""))
    least = _LEAST_CORES.get(settings["clusterPurpose"], 0)
    cores = (size.cores if size else 4) * int(settings["agentCount"])
    if cores < least:
        raise bad_request(
            f"A cluster with purpose '{settings['clusterPurpose']}' needs at least {least} virtual CPUs; "
            f"{settings['agentCount']} x {settings['agentVmSize']} are {cores}."
        )


def _new_cluster(request: ComputeRequest, settings: JsonObject) -> Document:
    group = request.target.id.partition("/providers/")[0]
    name = f"{request.target.name}{crc32(request.target.key.encode()):08x}"
    resource_id = f"{group}/providers/{AKS_TYPE}/{name}"
    pool = {
        "name": "agentpool",
        "count": settings["agentCount"],
        "vmSize": settings["agentVmSize"],
        "mode": "System",
    }
    body: JsonObject = {
        "id": resource_id,
        "name": name,
        "type": AKS_TYPE,
        "location": request.location,
        "tags": {},
        "properties": {
            "provisioningState": "Succeeded",
            "fqdn": settings["clusterFqdn"],
            "agentPoolProfiles": [pool],
        },
    }
    return Document(id=resource_id, type=AKS_TYPE, body=body)


def _list_aks_keys(_call: Call, _target: Target, prior: Document) -> Outcome:
    body = {
        "computeType": "AKS",
        "userKubeConfig": derive_key(prior, "userKubeConfig"),
        "adminKubeConfig": derive_key(prior, "adminKubeConfig"),
        "imagePullSecretName": "azureml-pull-secret",
    }
    return Outcome(response=json_response(200, body))


def _attach_kubernetes(request: ComputeRequest) -> Draft:
    cluster = find_underlying(request, AKS_TYPE, ARC_TYPE)
    types = {
        "defaultinstancetype": {
            "nodeSelector": None,
            "resources": {
                "requests": {"cpu": "100m", "memory": "2Gi"},
                "limits": {"cpu": "2", "memory": "2Gi"},
            },
        }
    }
    settings = {
        "namespace": "default",
        "defaultInstanceType": "defaultinstancetype",
        "instanceTypes": types,
        "extensionInstanceReleaseTrain": "stable",
        "vcName": request.call.world.new_id(),
        **request.settings,
    }
    namespace = str(settings["namespace"])
    return Draft(
        settings=settings,
        resource_id=underlying_id(request),
        compute_location=request.location,
        claims=(f"{claim_of(cluster)}:{namespace}",),
    )


def _update_kubernetes(request: ComputeRequest, prior: Document) -> Draft:
    require_same(request, prior)
    require_unchanged(request, prior, "namespace")
    return Draft(
        settings={**prior.private["settings"], **request.settings},
        resource_id=prior.properties["resourceId"],
        compute_location=prior.properties["computeLocation"],
        claims=tuple(claim for claim in prior.claims if claim.startswith("attachment:")),
    )


AKS = ComputeType(
    name="AKS",
    is_attached=True,
    underlying_actions=frozenset({"detach", "delete"}),
    create=_create_aks,
    update=_update_aks,
    actions={"listKeys": _list_aks_keys},
)
KUBERNETES = ComputeType(
    name="Kubernetes",
    is_attached=True,
    underlying_actions=frozenset({"detach"}),
    create=_attach_kubernetes,
    update=_update_kubernetes,
)
