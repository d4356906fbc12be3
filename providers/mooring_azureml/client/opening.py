"""Opening a client for the settings of a provider block: endpoint, credential, pipeline."""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

import time
from logging import NullHandler, getLogger
from pathlib import Path

from azure.core import PipelineClient
from azure.core.credentials import AccessToken
from azure.core.exceptions import AzureError, ServiceRequestError, ServiceResponseError
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.resource.resources import ResourceManagementClient

from mooring_azureml.arm.port import NO_CREDENTIALS, UNREACHABLE, ArmError
from mooring_azureml.client.azure import AzureArm
from mooring_azureml.client.credentials import credential_for
from mooring_azureml.client.policies import ReadOnlyGate, RequestLog
from mooring_azureml.client.renewal import Authentication, RenewableCredential
from mooring_azureml.client.throttling import Retrying, Rhythm, Throttle
from mooring_azureml.signing_in.settings import Settings

_REAL_TIME = Rhythm()
_DAY = 86_400
_EMULATED_APPLICATION = "22222222-2222-2222-2222-222222222222"


def open_arm(settings: Settings, *, read_only: bool) -> AzureArm | ArmError:
    """The port for these settings; the error of a sign-in that failed, which is tried at once."""
    if settings.is_emulator:
        return _open_emulator(settings, read_only=read_only)
    _keep_quiet()
    try:
        credential = RenewableCredential(lambda: credential_for(settings))
        credential.get_token(_scope(settings))
    except AzureError as problem:
        is_silent = isinstance(problem, ServiceRequestError | ServiceResponseError)
        code = UNREACHABLE if is_silent else NO_CREDENTIALS
        return ArmError(status=0 if is_silent else 401, code=code, message=problem.message)
    except (ValueError, OSError) as problem:  # what azure-identity raises for a certificate it cannot read
        return ArmError(status=401, code=NO_CREDENTIALS, message=str(problem))
    client = make_client(settings, credential, None, read_only=read_only)
    unsigned = _make_unsigned(settings, None, read_only=read_only)

    def close() -> None:
        client.close()
        unsigned.close()

    return AzureArm(
        client,
        token=lambda: credential.get_token(_scope(settings)).token,
        close=close,
        poll_seconds=settings.poll_seconds,
        unsigned=unsigned,
    )


def _keep_quiet() -> None:
    """Keep off the terminal what Azure's libraries warn of: it is told as a diagnostic."""
    for name in ("azure", "msal"):
        logger = getLogger(name)
        if not logger.handlers:
            logger.addHandler(NullHandler())


def _scope(settings: Settings) -> str:
    return f"{settings.cloud.endpoint}/.default"


def _open_emulator(settings: Settings, *, read_only: bool) -> AzureArm:
    from mooring_emulator import open_emulator, transport

    store = Path(settings.emulator_store)
    store.parent.mkdir(parents=True, exist_ok=True)
    store.touch(mode=0o600)  # a cloud knows the credentials that it was given
    emulator = open_emulator(str(store), clock=time.time, lro_seconds=settings.emulator_lro_seconds)
    credential = RenewableCredential(StaticToken)
    client = make_client(settings, credential, transport(emulator), read_only=read_only)
    unsigned = _make_unsigned(settings, transport(emulator), read_only=read_only)

    def close() -> None:
        client.close()
        emulator.close()

    return AzureArm(
        client,
        token=lambda: credential.get_token(_scope(settings)).token,
        close=close,
        poll_seconds=settings.poll_seconds,
        unsigned=unsigned,
    )


def make_client(
    settings: Settings,
    credential: RenewableCredential,
    transport: HttpTransport[HttpRequest, HttpResponse] | None,
    *,
    read_only: bool,
    rhythm: Rhythm = _REAL_TIME,
) -> ResourceManagementClient:
    """A client with our gate, throttle and log in its pipeline; `transport` None is the network."""
    throttles = [] if settings.is_emulator else [Throttle(rhythm)]  # a cloud in the process has no limits
    return ResourceManagementClient(
        credential,
        settings.subscription_id,
        base_url=settings.cloud.endpoint,
        authentication_policy=Authentication(credential, _scope(settings)),
        http_logging_policy=RequestLog(getLogger("mooring.provider.azureml")),
        logging_policy=SansIOHTTPPolicy[HttpRequest, HttpResponse](),
        per_retry_policies=[ReadOnlyGate(read_only=read_only), *throttles],
        retry_policy=Retrying(rhythm),
        cloud_setting=None,
        transport=transport,
        **({} if settings.ca_file is None else {"connection_verify": settings.ca_file}),
    )


def _make_unsigned(
    settings: Settings, transport: HttpTransport[HttpRequest, HttpResponse] | None, *, read_only: bool
) -> PipelineClient[HttpRequest, HttpResponse]:
    """A client for addresses that are signed themselves: no token, and the address is never logged whole."""
    logger = getLogger("mooring.provider.azureml")
    return PipelineClient(
        "",
        policies=[Retrying(_REAL_TIME), ReadOnlyGate(read_only=read_only), RequestLog(logger)],
        transport=transport,
        connection_verify=settings.ca_file or True,
    )


class StaticToken:
    """The emulator's credential: a token in the name of the emulated account, which nobody checks."""

    def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        """The token; it never expires within a run."""
        from mooring_emulator.entra.tokens import Identity, issue_token
        from mooring_emulator.seed import PRINCIPAL

        identity = Identity(
            tenant_id=PRINCIPAL.tenant_id,
            object_id=PRINCIPAL.object_id,
            app_id=_EMULATED_APPLICATION,
            upn=PRINCIPAL.name,
        )
        now = time.time()
        return AccessToken(issue_token(identity, "https://management.azure.com", now, _DAY), int(now) + _DAY)
