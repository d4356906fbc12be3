"""Errors as Azure Resource Manager words them.

Owns `ArmError` (control flow from a handler to the core, which turns it into a response) and one function per
message that more than one handler needs. Sources: Azure/azure-resource-manager-rpc v1.0 common-api-contracts,
the "troubleshoot common deployment errors" pages, and messages quoted in public issues.
"""

from collections.abc import Sequence

from mooring_emulator.codec import JsonObject


class ArmError(Exception):
    """A request that ARM or a resource provider refuses."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        target: str | None = None,
        details: Sequence[JsonObject] = (),
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.error = error_object(code, message, target=target, details=details)

    def body(self) -> JsonObject:
        """Give the response body."""
        return {"error": self.error}


def error_object(
    code: str, message: str, *, target: str | None = None, details: Sequence[JsonObject] = ()
) -> JsonObject:
    """Build the ErrorDetail object that bodies, operations and provisioningErrors share."""
    return {
        "code": code,
        "message": message,
        "target": target,
        "details": list(details),
        "additionalInfo": [],
    }


def bad_request(message: str, *, target: str | None = None, details: Sequence[JsonObject] = ()) -> ArmError:
    """A request the resource provider cannot accept."""
    return ArmError(400, "BadRequest", message, target=target, details=details)


def conflict(message: str) -> ArmError:
    """A request that another one is in the way of."""
    return ArmError(409, "Conflict", message)


def missing_api_version() -> ArmError:
    """No api-version in the query."""
    return ArmError(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
    )


def invalid_api_version(version: str, supported: Sequence[str]) -> ArmError:
    """A version that ARM's own types (Microsoft.Resources) do not have."""
    return ArmError(
        400,
        "InvalidApiVersionParameter",
        f"The api-version '{version}' is invalid. "
        f"The supported versions are '{','.join(reversed(supported))}'.",
    )


def no_registered_provider(type_path: str, version: str, supported: Sequence[str]) -> ArmError:
    """A version that this resource type does not have."""
    return ArmError(
        400,
        "NoRegisteredProviderFound",
        f"No registered resource provider found for location '*' and API version '{version}' for type "
        f"'{type_path}'. The supported api-versions are '{', '.join(supported)}'.",
    )


def invalid_namespace(namespace: str) -> ArmError:
    """A resource provider nobody has heard of."""
    return ArmError(404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")


def invalid_type(namespace: str, type_path: str, version: str) -> ArmError:
    """A resource type its provider does not have."""
    return ArmError(
        404,
        "InvalidResourceType",
        f"The resource type '{type_path}' could not be found in the namespace '{namespace}' for api version "
        f"'{version}'.",
    )


def path_not_found(path: str) -> ArmError:
    """A path that is no ARM resource at all."""
    message = f"No HTTP resource was found that matches the request URI '{path}'."
    return ArmError(404, "NotFound", message)


def method_not_allowed(method: str) -> ArmError:
    """A path that exists and does not answer to this method."""
    return ArmError(
        405, "HttpMethodNotSupported", f"The requested resource does not support http method '{method}'."
    )


def subscription_not_found(subscription: str) -> ArmError:
    """A subscription that is not in this cloud."""
    return ArmError(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")


def group_not_found(group: str) -> ArmError:
    """A resource group that does not exist."""
    return ArmError(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.")


def group_being_deleted(group: str) -> ArmError:
    """A write below a resource group whose deletion runs."""
    return ArmError(
        409,
        "ResourceGroupBeingDeleted",
        f"The resource group '{group}' is in deprovisioning state and cannot perform this operation.",
    )


def parent_not_found(name: str) -> ArmError:
    """A child of a resource that does not exist."""
    return ArmError(
        404,
        "ParentResourceNotFound",
        f"Can not perform requested operation on nested resource. Parent resource '{name}' not found.",
    )


def resource_not_found(type_and_names: str, group: str) -> ArmError:
    """A resource that does not exist; `type_and_names` is `Microsoft.X/workspaces/w/computes/c`."""
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{type_and_names}' under resource group '{group}' was not found. "
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def invalid_content(reason: str) -> ArmError:
    """A body that is not the JSON object the request needs."""
    return ArmError(
        400,
        "InvalidRequestContent",
        f"The request content was invalid and could not be deserialized: '{reason}'.",
    )


def location_required() -> ArmError:
    """A tracked resource without a location."""
    return ArmError(400, "LocationRequired", "The location property is required for this definition.")


def location_unavailable(location: str, type_name: str, available: Sequence[str]) -> ArmError:
    """A location that is no Azure region."""
    return ArmError(
        400,
        "LocationNotAvailableForResourceType",
        f"The provided location '{location}' is not available for resource type '{type_name}'. "
        f"List of available regions for the resource type is '{','.join(available)}'.",
    )


def location_changed(name: str, group: str, *, existing: str, wanted: str) -> ArmError:
    """A PUT that would move an existing resource."""
    return ArmError(
        409,
        "InvalidResourceLocation",
        f"The resource '{name}' already exists in location '{existing}' in resource group '{group}'. "
        f"A resource with the same name cannot be created in location '{wanted}'. "
        "Please select a new resource name.",
    )
