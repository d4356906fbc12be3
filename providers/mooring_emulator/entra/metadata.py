"""The metadata document that clients of a custom cloud start from: GET /metadata/endpoints.

Source: facts.md section 5 for what azure-ai-ml, azureml-core, azure-cli and Terraform read of it. Versions up
to 2015-01-01 give an object of their own, 2019-05-01 a list of clouds, later ones a single cloud. Through the
proxy the document names Azure's public hosts; asked directly, the emulator.
"""

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.urls import PUBLIC_ORIGIN
from mooring_emulator.codec import JsonObject
from mooring_emulator.messages import json_response

CLOUD_NAMES = ("AzureCloud", "MooringEmulator")
"""The names of the emulator in the list; clients look for the first one by default."""

_DATA_PLANE = ("api", "experimentation", "history", "hyperdrive", "modelmanagement", "studio")
_SUFFIXES = {
    "acrLoginServer": "azurecr.io",
    "attestationEndpoint": "attest.azure.net",
    "azureDatalakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
    "azureDatalakeStoreFileSystem": "azuredatalakestore.net",
    "azureFrontDoorEndpointSuffix": "azurefd.net",
    "keyVaultDns": "vault.azure.net",
    "mariadbServerEndpoint": "mariadb.database.azure.com",
    "mhsmDns": "managedhsm.azure.net",
    "mysqlServerEndpoint": "mysql.database.azure.com",
    "postgresqlServerEndpoint": "postgres.database.azure.com",
    "sqlServerHostname": "database.windows.net",
    "storage": "core.windows.net",
    "storageSyncEndpointSuffix": "afs.azure.net",
    "synapseAnalytics": "dev.azuresynapse.net",
}


def cloud_endpoints(call: Call) -> Outcome:
    """GET /metadata/endpoints."""
    version = call.url.api_version
    if version and version < "2019-05-01":
        return Outcome(response=json_response(200, _first_version(call)))
    if version[:10] <= "2019-05-01":
        return Outcome(response=json_response(200, [_cloud(call, name) for name in CLOUD_NAMES]))
    return Outcome(response=json_response(200, _cloud(call, CLOUD_NAMES[0])))


def discovery(call: Call) -> Outcome:
    """GET /discovery: where the data plane of a workspace is, which azureml-core asks without a token.

    It wants all of them named, even to list computes; all but `api` lead to nothing.
    """
    return Outcome(response=json_response(200, dict.fromkeys(_DATA_PLANE, call.url.origin)))


def _login(call: Call) -> str:
    is_public = call.url.origin == PUBLIC_ORIGIN
    return "https://login.microsoftonline.com" if is_public else call.url.origin


def _cloud(call: Call, name: str) -> JsonObject:
    origin = call.url.origin
    return {
        "name": name,
        "portal": "https://portal.azure.com",
        "resourceManager": f"{origin}/",
        "authentication": {
            "loginEndpoint": _login(call),
            "audiences": ["https://management.core.windows.net/", "https://management.azure.com/", origin],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "suffixes": _SUFFIXES,
        "graph": "https://graph.windows.net/",
        "graphAudience": "https://graph.windows.net/",
        "microsoftGraphResourceId": "https://graph.microsoft.com/",
        "batch": "https://batch.core.windows.net/",
        "gallery": "https://gallery.azure.com/",
        "media": "https://rest.media.azure.net",
        "activeDirectoryDataLake": "https://datalake.azure.net/",
        "appInsightsResourceId": "https://api.applicationinsights.io",
        "appInsightsTelemetryChannelResourceId": "https://dc.applicationinsights.azure.com/v2/track",
        "attestationResourceId": "https://attest.azure.net",
        "logAnalyticsResourceId": "https://api.loganalytics.io",
        "ossrDbmsResourceId": "https://ossrdbms-aad.database.windows.net",
        "sqlManagement": "https://management.core.windows.net:8443/",
        "synapseAnalyticsResourceId": "https://dev.azuresynapse.net",
        "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/main/"
        "arm-compute/quickstart-templates/aliases.json",
    }


def _first_version(call: Call) -> JsonObject:
    return {
        "galleryEndpoint": "https://gallery.azure.com/",
        "graphEndpoint": "https://graph.windows.net/",
        "portalEndpoint": "https://portal.azure.com/",
        "authentication": {
            "loginEndpoint": _login(call),
            "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
        },
    }
