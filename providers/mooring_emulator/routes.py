"""The table of routes: which path is answered by whom.

ARM's own paths first, because they are the ones asked for most; Entra and the metadata documents last.
"""

from mooring_emulator.arm.call import Handler
from mooring_emulator.arm.catalog import ANY, Route
from mooring_emulator.arm.operations import read_result, read_status
from mooring_emulator.arm.registration import (
    get_provider,
    list_providers,
    list_tenant_providers,
    register,
    unregister,
)
from mooring_emulator.arm.router import answer_group, answer_resource
from mooring_emulator.arm.tags import list_tag_names
from mooring_emulator.arm.urls import BLOB_ROOT
from mooring_emulator.arm.versions import (
    MACHINE_LEARNING,
    RESOURCES,
    ROLES,
    UNPUBLISHED_COMPUTES,
)
from mooring_emulator.entra.endpoints import (
    app_service_token,
    imds_token,
    instance_discovery,
    openid_configuration,
    signing_keys,
    token,
)
from mooring_emulator.entra.federated import azure_devops_token, github_token
from mooring_emulator.entra.metadata import cloud_endpoints, discovery
from mooring_emulator.machinelearning.quotas import list_quotas, list_usages, list_vm_sizes, update_quotas
from mooring_emulator.machinelearning.registry import list_operations
from mooring_emulator.machinelearning.soft_delete import list_graves
from mooring_emulator.resources.blobs import answer_blob, list_blobs
from mooring_emulator.resources.deployments import (
    cancel_deployment,
    list_deployment_operations,
    validate_deployment,
)
from mooring_emulator.resources.groups import list_groups
from mooring_emulator.resources.listing import list_in_group, list_in_subscription
from mooring_emulator.resources.name_checks import check_name
from mooring_emulator.resources.role_definitions import get_role, list_roles, refuse_custom_role
from mooring_emulator.resources.subscriptions import (
    ALIAS_VERSIONS,
    get_alias,
    get_subscription,
    list_subscriptions,
    put_alias,
    refuse_to_cancel,
)
from mooring_emulator.resources.tenants import list_locations, list_tenants

_SUBSCRIPTION = "/subscriptions/{subscription}"
_GROUP = _SUBSCRIPTION + "/resourceGroups/{group}"
_PROVIDERS = "/providers/{namespace}"
_REST = _PROVIDERS + "/{rest*}"
_LOCATION = _SUBSCRIPTION + "/providers/Microsoft.MachineLearningServices/locations/{location}"
_DELETED = _SUBSCRIPTION + "/providers/Microsoft.MachineLearningServices/deletedWorkspaces"
_DEPLOYMENT = "/providers/Microsoft.Resources/deployments/{deployment}"
_ROLES = "/providers/Microsoft.Authorization/roleDefinitions"
_ALIAS = "/providers/Microsoft.Subscription/aliases/{alias}"
_COMPUTE_VERSIONS = tuple(sorted((*MACHINE_LEARNING, UNPUBLISHED_COMPUTES)))


def _arm(method: str, template: str, handler: Handler, versions: tuple[str, ...] = RESOURCES) -> Route:
    return Route(method=method, template=template, handler=handler, api_versions=versions)


def _ml(method: str, template: str, handler: Handler) -> Route:
    return _arm(method, _LOCATION + template, handler, _COMPUTE_VERSIONS)


def _open(method: str, template: str, handler: Handler) -> Route:
    return Route(method=method, template=template, handler=handler, needs_api_version=False)


_SCOPES = (_SUBSCRIPTION, _GROUP)

ROUTES = (
    *(
        _arm(method, f"{scope}{_DEPLOYMENT}/{part}", handler)
        for scope in _SCOPES
        for method, part, handler in (
            ("GET", "operationStatuses/{operation}", read_status),
            ("GET", "operations", list_deployment_operations),
            ("POST", "cancel", cancel_deployment),
            ("POST", "validate", validate_deployment),
        )
    ),
    _arm("GET", f"{_GROUP}/deployments/{{deployment}}/operations", list_deployment_operations),
    *(
        _arm(method, f"{scope}{_ROLES}{part}", handler, ROLES)
        for scope in ("", *_SCOPES)
        for method, part, handler in (
            ("GET", "", list_roles),
            ("GET", "/{role}", get_role),
            ("PUT", "/{role}", refuse_custom_role),
            ("DELETE", "/{role}", refuse_custom_role),
        )
    ),
    _arm(ANY, f"{_GROUP}{_REST}", answer_resource, ()),
    _arm("GET", _DELETED, list_graves, MACHINE_LEARNING),
    _ml("GET", "/usages", list_usages),
    _ml("GET", "/quotas", list_quotas),
    _ml("POST", "/updateQuotas", update_quotas),
    _ml("GET", "/vmSizes", list_vm_sizes),
    _arm(
        "GET",
        f"{_SUBSCRIPTION}{_PROVIDERS}/locations/{{location}}/{{collection}}/{{operation}}",
        read_status,
        (),
    ),
    _arm("POST", f"{_SUBSCRIPTION}{_PROVIDERS}/checkNameAvailability", check_name, ()),
    _arm("POST", f"{_SUBSCRIPTION}{_PROVIDERS}/register", register),
    _arm("POST", f"{_SUBSCRIPTION}{_PROVIDERS}/unregister", unregister),
    _arm("GET", f"{_SUBSCRIPTION}{_PROVIDERS}", get_provider),
    _arm(ANY, f"{_SUBSCRIPTION}{_REST}", answer_resource, ()),
    _arm("GET", f"{_SUBSCRIPTION}/providers", list_providers),
    _arm("GET", f"{_SUBSCRIPTION}/operationresults/{{operation}}", read_result, ()),
    _arm(ANY, _GROUP, answer_group),
    _arm("GET", f"{_GROUP}/resources", list_in_group),
    _arm("GET", f"{_SUBSCRIPTION}/resourceGroups", list_groups),
    _arm("GET", f"{_SUBSCRIPTION}/resources", list_in_subscription),
    _arm("GET", f"{_SUBSCRIPTION}/locations", list_locations),
    _arm("GET", f"{_SUBSCRIPTION}/tagNames", list_tag_names),
    _arm("GET", _SUBSCRIPTION, get_subscription),
    _arm("GET", "/subscriptions", list_subscriptions),
    _arm("PUT", _ALIAS, put_alias, ALIAS_VERSIONS),
    _arm("GET", _ALIAS, get_alias, ALIAS_VERSIONS),
    _arm("DELETE", _ALIAS, refuse_to_cancel, ALIAS_VERSIONS),
    _arm("GET", "/tenants", list_tenants),
    _arm("GET", "/providers", list_tenant_providers),
    _arm("GET", "/providers/Microsoft.MachineLearningServices/operations", list_operations, MACHINE_LEARNING),
    _arm("GET", f"/rp/workspaces{_GROUP}{_REST}", answer_resource, ()),
    _open("GET", f"/{BLOB_ROOT}/{{account}}/{{container}}", list_blobs),
    _open(ANY, f"/{BLOB_ROOT}/{{account}}/{{container}}/{{name*}}", answer_blob),
    _open("GET", "/discovery", discovery),
    _open("GET", "/metadata/endpoints", cloud_endpoints),
    _open("GET", "/metadata/identity/oauth2/token", imds_token),
    _open("GET", "/msi/token", app_service_token),
    _open("GET", "/ci/github", github_token),
    _open("POST", "/ci/azure-devops", azure_devops_token),
    _open("GET", "/common/discovery/instance", instance_discovery),
    _open("GET", "/{tenant}/v2.0/.well-known/openid-configuration", openid_configuration),
    _open("GET", "/{tenant}/.well-known/openid-configuration", openid_configuration),
    _open("GET", "/{tenant}/discovery/v2.0/keys", signing_keys),
    _open("POST", "/{tenant}/oauth2/v2.0/token", token),
    _open("POST", "/{tenant}/oauth2/token", token),
)
