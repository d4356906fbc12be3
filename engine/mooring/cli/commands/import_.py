"""`moor import`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli import editing, options
from mooring.cli.arguments import Flag, Kind, UsageError
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.core.addresses import InstanceAddress
    from mooring.planning.providers import Providers

_HELP: Final = f"""\
Usage: moor [global options] import [options] ADDR ID

  Take an object that exists into the state, so that Mooring manages it from
  then on. The object is only read.

  ADDR is the address of a resource instance that the configuration declares;
  ID is what the provider calls the object, in Azure its resource id. What
  nobody can read, as a password, is taken for what the configuration says.

  Import blocks do the same for many objects, and are planned and reviewed
  like any change.

Options:

  -input=false        Do not ask for input variables that are not set.

{editing.LOCKING_HELP}
  -no-color           Print plain text.

  -parallelism=n      How many calls to providers there are at a time: 10
                      unless given.

  -var 'name=value'   Set an input variable of the root module. May be
                      repeated.

  -var-file=filename  Read values of input variables from this file. May be
                      repeated.

{editing.LEGACY_HELP}"""


def _run(call: Call) -> int:
    from mooring.cli.command import Stopped
    from mooring.cli.session import Session
    from mooring.cli.views import view_of

    if len(call.arguments.rest) != 2:
        raise UsageError("The import command expects two arguments.", "Give an address and an id.")
    view = view_of(call)
    session = Session(call)
    address = _address(call, call.arguments.rest[0])
    providers = session.providers(read_only=True)
    try:
        _import(session, view, providers, address, call.arguments.rest[1])
    except Stopped:
        return 1
    finally:
        providers.close()
        view.end()
    return 0


def _import(session: Session, view: View, providers: Providers, address: InstanceAddress, id_: str) -> None:
    from mooring.cli.operations import locked, prepare, read_state
    from mooring.cli.stores import open_store
    from mooring.planning.importing import check_import, import_one, wanted_at
    from mooring.planning.run import PlanOptions

    call = session.call
    configuration = prepare(session, view, providers)
    store = open_store(session)
    with locked(session, view, store, "OperationTypeImport"):
        opened = read_state(store, view)
        editing.refuse(call, check_import(configuration.root, opened.state, address))
        view.say(f'{address}: Importing from ID "{id_}"...\n')
        wanted = wanted_at(configuration.root, address, id_)
        settings = PlanOptions(parallelism=options.parallelism(call))
        state, diags = import_one(configuration, opened, providers, settings, wanted)
        editing.refuse(call, diags)
        assert state is not None
        editing.save(call, store, state)
    view.say(f"{address}: Import complete\n\n{_SUCCESS}\n")


_SUCCESS: Final = """\
Import successful!

The object above is in the state now, and Mooring manages it. See what its
block says differently with: moor plan.
"""


def _address(call: Call, text: str) -> InstanceAddress:
    """The address to import to. Raises `Stopped` after telling that it is none."""
    from mooring.core.diagnostics import error

    found = editing.parse_instance(call, text)
    if found.resource.mode != "managed":
        detail = f"{found} is a data source, which is only read. A managed resource is what can be imported."
        editing.refuse(call, (error("A managed resource address is required", detail),))
    return found


COMMAND: Final = Command(
    flags=(
        Flag("no-color"),
        *options.VARIABLES,
        *options.LOCKING,
        Flag("parallelism", Kind.NUMBER),
        Flag("ignore-remote-version"),
    ),
    help=_HELP,
    run=_run,
    most=None,
)
