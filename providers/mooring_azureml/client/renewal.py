"""New tokens in the middle of a run: in time, and once more when Azure refuses the one that it is given.

azure-identity renews a token before it ends. What it cannot know is that Azure takes a token for ended
earlier (clocks that differ, a token that was revoked): then everything that is cached is dropped and the
request is sent once more.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Final

from azure.core.credentials import AccessToken, TokenCredential
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy


class RenewableCredential:
    """A credential that can forget its tokens; mutable in this one thing, under a lock."""

    def __init__(self, make: Callable[[], TokenCredential]) -> None:
        self._make: Final = make
        self._lock: Final = Lock()
        self._credential = make()

    def get_token(
        self,
        *scopes: str,
        claims: str | None = None,
        tenant_id: str | None = None,
        enable_cae: bool = False,
        **_options: object,
    ) -> AccessToken:
        """A token, from the cache while it is good."""
        with self._lock:
            credential = self._credential
        return credential.get_token(*scopes, claims=claims, tenant_id=tenant_id, enable_cae=enable_cae)

    def renew(self) -> None:
        """Forget all tokens."""
        fresh = self._make()
        with self._lock:
            self._credential = fresh


class Authentication(ARMChallengeAuthenticationPolicy):
    """ARM's authentication, which answers a refused token with a new one."""

    def __init__(self, credential: RenewableCredential, scope: str) -> None:
        super().__init__(credential, scope)
        self._renewable: Final = credential
        self._scope: Final = scope

    def on_challenge(
        self,
        request: PipelineRequest[HttpRequest],
        response: PipelineResponse[HttpRequest, HttpResponse],
    ) -> bool:
        """Answer the challenge: with the claims it asks for, else with a token that is new."""
        if super().on_challenge(request, response):
            return True
        self._renewable.renew()
        self.authorize_request(request, self._scope)
        return True
