"""The emulator: requests in, responses out, no I/O but its store.

Owns the order of things for one request: settle what is due, judge faults, authenticate, dispatch, write,
log, all in one store transaction. Must not know HTTP servers, azure-core or any resource type.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from mooring_emulator.arm.access import require_allowed
from mooring_emulator.arm.call import Call, Clock, Outcome, World
from mooring_emulator.arm.errors import ArmError
from mooring_emulator.arm.headers import common_headers
from mooring_emulator.arm.principals import Directory
from mooring_emulator.arm.router import dispatch
from mooring_emulator.arm.urls import parse_url
from mooring_emulator.entra.bearer import CHALLENGE, authenticate
from mooring_emulator.faults.injector import CLEAR, Injector, Verdict
from mooring_emulator.faults.rules import Rule
from mooring_emulator.messages import Request, Response, json_response
from mooring_emulator.store.model import LoggedRequest
from mooring_emulator.store.protocol import Session, Store


def _tell_nobody(_entry: LoggedRequest, _fault: str) -> None:
    """Log a request nowhere but in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an emulator does beside answering, and for whom.

    `on_request` is told of each request and of the fault that befell it. With `needs_token` a request to ARM
    without a valid access token answers 401, as behind the HTTPS server. With a `directory` its principals
    alone may sign in, and do what their roles allow. `subscriptions` are ids beside the seed's. With
    `is_as_specified` a PATCH answers 200 instead of the recorded 202, and what else differs.
    """

    faults: Sequence[Rule] = ()
    on_request: Callable[[LoggedRequest, str], None] = _tell_nobody
    needs_token: bool = False
    directory: Directory | None = None
    subscriptions: Sequence[str] = ()
    is_as_specified: bool = False


class Emulator:
    """One emulated cloud. Threads may share it: requests are answered one after another."""

    def __init__(self, store: Store, world: World, clock: Clock, surroundings: Surroundings) -> None:
        self._store = store
        self._world = world
        self._clock = clock
        self._around = surroundings
        self._injector = Injector(surroundings.faults) if surroundings.faults else None

    @property
    def world(self) -> World:
        """Give the constant surroundings, such as the catalog of resource types."""
        return self._world

    def handle(self, request: Request) -> Response:
        """Answer a request; what it changes is durable when this returns."""
        request = replace(request, method=request.method.upper())
        with self._store.session() as session:
            now = self._clock()
            _settle(session, now)
            call = Call(request=request, url=parse_url(request.url), view=session, now=now, world=self._world)
            verdict = self._injector.judge(call) if self._injector else CLEAR
            outcome = self._carry_out(call, verdict)
            session.apply(outcome.writes)
            entry = _log_entry(call, outcome.response.status)
            session.record(entry)
        self._around.on_request(entry, verdict.fault)
        return _finish(call, replace(outcome.response, wire=verdict.wire))

    def _carry_out(self, call: Call, verdict: Verdict) -> Outcome:
        if verdict.response is not None:
            return Outcome(response=verdict.response)
        needs_token = self._around.needs_token or self._world.directory is not None
        outcome = _answer(replace(call, ending=verdict.ending), needs_token=needs_token)
        if self._injector is not None:
            self._injector.note(call, verdict, outcome.response.status)
        return outcome

    def requests(self) -> Sequence[LoggedRequest]:
        """Give the request log, oldest first."""
        return self._store.requests()

    def resource_ids(self) -> Sequence[str]:
        """Give the ids of everything that exists, sorted without regard to case."""
        with self._store.session() as session:
            return session.ids()

    def close(self) -> None:
        """Close the store; the emulator is not used afterwards."""
        self._store.close()


def _settle(session: Session, now: float) -> None:
    for operation in session.due(now):
        session.settle(operation)


def _answer(call: Call, *, needs_token: bool) -> Outcome:
    try:
        call = authenticate(call, needs_token=needs_token)
        require_allowed(call)
        return dispatch(call)
    except ArmError as error:
        challenge = {"WWW-Authenticate": CHALLENGE} if error.status == 401 else {}
        return Outcome(response=json_response(error.status, error.body(), challenge))


def _finish(call: Call, response: Response) -> Response:
    common = common_headers(call.request.method, call.world.new_id(), call.now)
    body = b"" if call.request.method == "HEAD" else response.body
    length = {"Content-Length": str(len(response.body))}
    return replace(response, headers={**common, **response.headers, **length}, body=body)


def _digest(call: Call) -> str:
    """Digest the body; not a token request's, which is little more than a secret that could be guessed."""
    body = call.request.body
    return sha256(body).hexdigest() if body and not call.url.path.endswith("/token") else ""


def _log_entry(call: Call, status: int) -> LoggedRequest:
    return LoggedRequest(
        time=call.now,
        method=call.request.method,
        path=call.url.path,
        api_version=call.url.api_version,
        status=status,
        body_digest=_digest(call),
    )
