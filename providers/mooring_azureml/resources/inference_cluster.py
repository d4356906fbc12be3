"""`azureml_inference_cluster`: computeType AKS. A cluster for deployments, made by the service or attached.

Sources: specs/compute-schema-2026-05-01.json; "Create and attach an AKS cluster" (facts.md sections 1 and 3):
changing TLS, purpose or network needs a detach; production needs 12 virtual CPUs, dev-test 2; a leaf domain
label excludes a certificate; a subnet needs an internal load balancer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr, Path
from mooring.core.types import BOOL, NUMBER, STRING
from mooring.core.values import Unknown
from mooring.sdk import Verbs
from mooring_azureml.computes.attaching import (
    ATTACHED,
    CREDENTIALS_VERSION,
    ON_DESTROY,
    SECRET_VERSION,
    attached_id,
    ends_as_told,
)
from mooring_azureml.preflight.attachments import free_to_attach
from mooring_azureml.preflight.inference import enough_cores
from mooring_azureml.preflight.underlying import existing
from mooring_azureml.table.checks import arm_id, between, one_of
from mooring_azureml.table.model import Block, Fields, Property, Route
from mooring_azureml.table.notation import CASELESS, ID, members
from mooring_azureml.table.shorthand import secret

_SETTINGS: Final = "properties.properties"
_SUBNETS: Final = "Microsoft.Network/virtualNetworks/subnets"
_CERTIFICATE: Final = ("cname", "certificate", "key")


def _invalid(path: Path, detail: str, code: str) -> Diagnostic:
    return Diagnostic(summary="Invalid combination of arguments", detail=detail, path=path, code=code)


def _consistent_tls(config: Fields) -> Diagnostics:
    """A leaf domain label excludes a certificate of one's own; `Enabled` needs one; `Auto` needs a label."""
    tls = members(config.get("ssl_configuration"))
    if not tls or any(isinstance(value, Unknown) for value in tls.values()):
        return ()
    own = [name for name in _CERTIFICATE if tls.get(name) is not None]
    path, status = (Attr("ssl_configuration"),), str(tls.get("status")).lower()
    if tls.get("leaf_domain_label") is not None and own:
        detail = f'"leaf_domain_label" asks Microsoft for a certificate, so "{own[0]}" must not be given.'
        return (_invalid((*path, Attr(own[0])), detail, "azureml.tls_label_xor_certificate"),)
    if status == "enabled" and len(own) < len(_CERTIFICATE):
        missing = next(name for name in _CERTIFICATE if name not in own)
        detail = f'TLS with a certificate of one\'s own (status "Enabled") needs "{missing}".'
        return (_invalid(path, detail, "azureml.tls_incomplete"),)
    if status == "auto" and tls.get("leaf_domain_label") is None:
        detail = 'TLS with a certificate of Microsoft\'s (status "Auto") needs "leaf_domain_label".'
        return (_invalid(path, detail, "azureml.tls_incomplete"),)
    return ()


def _subnet_is_internal(config: Fields) -> Diagnostics:
    """A subnet for the load balancer needs an internal one."""
    balancer = config.get("load_balancer_type")
    if config.get("load_balancer_subnet") is None or isinstance(balancer, Unknown):
        return ()
    if str(balancer).lower() == "internalloadbalancer":
        return ()
    detail = '"load_balancer_subnet" needs load_balancer_type = "InternalLoadBalancer".'
    return (_invalid((Attr("load_balancer_subnet"),), detail, "azureml.balancer_subnet"),)


def _network(name: str, arm: str, description: str) -> Property:
    return Property(
        name=name, type=STRING, arm=arm, route=Route.FIXED, required=True, description=description
    )


_SSL: Final = Block(
    name="ssl_configuration",
    arm=f"{_SETTINGS}.sslConfiguration",
    parts=(
        Property(
            name="status",
            type=STRING,
            arm="status",
            route=Route.FIXED,
            default="Disabled",
            notation=CASELESS,
            checks=(one_of("Disabled", "Enabled", "Auto"),),
            description="`Enabled` with a certificate of one's own, `Auto` with one of Microsoft's.",
        ),
        Property(
            name="cname", type=STRING, arm="cname", route=Route.FIXED, description="The certificate's name."
        ),
        secret("certificate", "cert", "The certificate, PEM.", route=Route.FIXED),
        secret("key", "key", "The certificate's private key, PEM.", route=Route.FIXED),
        Property(
            name="leaf_domain_label",
            type=STRING,
            arm="leafDomainLabel",
            route=Route.FIXED,
            description="The first part of the domain that Microsoft makes a certificate for.",
        ),
        Property(
            name="overwrite_existing_domain",
            type=BOOL,
            arm="overwriteExistingDomain",
            route=Route.FIXED,
            description="Whether a domain of that label may be taken over.",
        ),
    ),
    description="TLS of the endpoints.",
)

_AKS_NETWORK: Final = Block(
    name="aks_networking_configuration",
    arm=f"{_SETTINGS}.aksNetworkingConfiguration",
    parts=(
        Property(
            name="subnet_id",
            type=STRING,
            arm="subnetId",
            route=Route.FIXED,
            required=True,
            notation=ID,
            checks=(arm_id(_SUBNETS),),
            description="The subnet of the nodes.",
        ),
        _network("service_cidr", "serviceCidr", "The addresses of services; they overlap with no subnet."),
        _network("dns_service_ip", "dnsServiceIP", "The address of the DNS service, one of those."),
        _network("docker_bridge_cidr", "dockerBridgeCidr", "The addresses of the Docker bridge."),
    ),
    description="The network of a cluster that the service makes.",
)

DEFINITION: Final = replace(
    ATTACHED,
    type_name="azureml_inference_cluster",
    noun="inference cluster",
    discriminator={"properties.computeType": "AKS"},
    attaches="kubernetes_cluster_id",
    verbs=Verbs(create="create", delete="detach"),
    description="An AKS cluster for deployments: an existing one with an id, else one is made.",
    rules=(_consistent_tls, _subnet_is_internal),
    guards=(
        existing("kubernetes_cluster_id", "AKS cluster", "2025-01-01"),
        enough_cores,
        free_to_attach("kubernetes_cluster_id"),
    ),
    delete_parameters=ends_as_told,
    secret_version=SECRET_VERSION,
    table=(
        *ATTACHED.table,
        attached_id(
            "kubernetes_cluster_id",
            "Microsoft.ContainerService/managedClusters",
            description="The ARM id of an AKS cluster to attach; left out, one is made.",
            required=False,
            computed=True,
        ),
        Property(
            name="cluster_purpose",
            type=STRING,
            arm=f"{_SETTINGS}.clusterPurpose",
            route=Route.FIXED,
            default="FastProd",
            notation=CASELESS,
            checks=(one_of("FastProd", "DenseProd", "DevTest"),),
            description="Production wants 12 virtual CPUs, `DevTest` 2.",
        ),
        Property(
            name="agent_count",
            type=NUMBER,
            arm=f"{_SETTINGS}.agentCount",
            route=Route.PUT,
            computed=True,
            checks=(between(1, 1000),),
            description="The number of nodes.",
        ),
        Property(
            name="agent_vm_size",
            type=STRING,
            arm=f"{_SETTINGS}.agentVmSize",
            route=Route.FIXED,
            computed=True,
            notation=CASELESS,
            description="The VM size of the nodes.",
        ),
        Property(
            name="load_balancer_type",
            type=STRING,
            arm=f"{_SETTINGS}.loadBalancerType",
            route=Route.FIXED,
            default="PublicIp",
            notation=CASELESS,
            checks=(one_of("PublicIp", "InternalLoadBalancer"),),
            description="Whether the endpoints have a public address.",
        ),
        Property(
            name="load_balancer_subnet",
            type=STRING,
            arm=f"{_SETTINGS}.loadBalancerSubnet",
            route=Route.FIXED,
            description="The subnet of an internal load balancer.",
        ),
        _SSL,
        _AKS_NETWORK,
        CREDENTIALS_VERSION,
        Property(
            name="cluster_fqdn",
            type=STRING,
            arm=f"{_SETTINGS}.clusterFqdn",
            route=Route.DECIDED,
            description="The host name of the cluster.",
        ),
        ON_DESTROY,
    ),
)
