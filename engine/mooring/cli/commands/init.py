"""`moor init`: checks that everything is there, and writes down which modules are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Flag, Kind, UsageError
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.config.model import Module
    from mooring.core.diagnostics import Diagnostics
    from mooring.planning.providers import Providers

_HELP: Final = """\
Usage: moor [global options] init [options]

  Makes a folder ready for work: fetches the modules that the configuration
  calls, checks that its providers are there, and moves to another backend when
  the files name one.

  Other commands do the same when it was not done, so this is only needed to
  find out early. Providers are Python packages installed beside moor; none is
  downloaded.

  It may be run as often as you like, and deletes neither files nor states.

Options:

  -backend=false          Leave the backend as it was initialized.
  -backend-config=path    What the backend block leaves open: a file of
                          arguments, or one as 'key=value'. May be repeated.
  -force-copy             Answer yes to the question whether to copy states.
  -from-module=SOURCE     Not supported.
  -get=false              Do not look at called modules.
  -input=false            Ask for nothing; fail where an answer is needed.
  -json                   Produce a stream of JSON objects, one a line.
  -lock=false             Don't hold state locks while states are copied.
  -lock-timeout=0s        How long to wait for a lock that somebody else holds.
  -no-color               Print plain text.
  -reconfigure            Use the backend as it is configured now, and leave
                          states where they are.
  -migrate-state          Copy the states of all workspaces to where the
                          backend is configured now.
  -upgrade                Accepted for Terraform's sake.
"""
_DONE: Final = """\

Mooring has been successfully initialized!
"""
_NEXT: Final = """
Next, "moor plan" shows what your files ask for. Run this command again when
you call other modules or change the backend; other commands notice as well,
and do it by themselves where nothing must be asked.
"""


def _run(call: Call) -> int:
    from mooring.cli.initialization import initialize_backend
    from mooring.cli.operations import read_state
    from mooring.cli.selected_tests import selected_tests
    from mooring.cli.session import Session
    from mooring.cli.stores import open_store
    from mooring.cli.views import view_of
    from mooring.core.diagnostics import has_errors

    if call.arguments.has("from-module"):
        raise UsageError("-from-module is not supported", "Copy the module's folder, and run init in it.")
    view = view_of(call)
    view.begin()
    session = Session(call)
    names = session.files.names(".") or ()
    if not any(name.endswith((".tf", ".tf.json")) for name in names):
        view.say(_EMPTY)
        return 0
    module, diags = _load(call, session, view)
    if not has_errors(diags):
        initialize_backend(session, view)
        if not session.backend_problems:
            read_state(open_store(session), view)
    view.say("Initializing providers...\n")
    providers = session.providers(read_only=True)
    diags = (*diags, *(_missing_providers(module, providers) if module is not None else ()))
    diags = (*diags, *selected_tests(call, session)[1])
    view.tell(diags)
    if has_errors(diags) or module is None:
        return 1
    _tell_found(module, view)
    view.say(_DONE)
    if not call.environment.get("TF_IN_AUTOMATION"):
        view.say(_NEXT)
    return 0


_EMPTY: Final = """\
Mooring initialized in an empty directory!

There are no .tf files here yet. Write one, and "moor plan" shows what it asks
for.
"""


def _load(call: Call, session: Session, view: View) -> tuple[Module | None, Diagnostics]:
    """The configuration, with the modules that it calls fetched, unless `-get=false`."""
    from mooring.cli.modules import install

    if not call.arguments.is_on("get", default=True):
        return session.load()
    view.say("Initializing modules...\n")
    module, diags = install(session, view.say, update=call.arguments.is_on("upgrade"))
    return module, tuple(diag for diag in diags if not diag.is_late)


def _missing_providers(root: Module, providers: Providers) -> Diagnostics:
    from mooring.planning.providers import missing_provider

    wanted = sorted({address for module in _tree(root) for address in module.providers.values()})
    return tuple(missing_provider(each) for each in wanted if providers.schema(each) is None)


def _tell_found(root: Module, view: View) -> None:
    for address in sorted({each for module in _tree(root) for each in module.providers.values()}):
        view.say(f"- {address} is here\n")


def _tree(root: Module) -> list[Module]:
    found = [root]
    for module in found:
        found.extend(module.children[name] for name in sorted(module.children))
    return found


COMMAND: Final = Command(
    flags=(
        Flag("backend"),
        Flag("cloud"),
        Flag("backend-config", Kind.TEXT),
        Flag("force-copy"),
        Flag("from-module", Kind.TEXT),
        Flag("get"),
        Flag("input"),
        Flag("json"),
        Flag("lock"),
        Flag("lock-timeout", Kind.DURATION),
        Flag("lockfile", Kind.TEXT),
        Flag("migrate-state"),
        Flag("no-color"),
        Flag("plugin-dir", Kind.TEXT),
        Flag("reconfigure"),
        Flag("test-directory", Kind.TEXT),
        Flag("upgrade"),
        Flag("var", Kind.TEXT),
        Flag("var-file", Kind.TEXT),
    ),
    help=_HELP,
    run=_run,
    too_many="To specify a working directory, use the global -chdir flag.",
)
