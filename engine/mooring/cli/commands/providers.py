"""`moor providers`: which module needs which providers, and which ones the state needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Flag, Kind
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mooring.config.model import Module
    from mooring.core.addresses import ProviderAddress
    from mooring.state.model import State

_HELP: Final = """\
Usage: moor [global options] providers [options]

  Tells which providers are needed, and by whom: each module of the
  configuration, as a tree, and the state.

Subcommands:
    schema    Describe all resource types of these providers as JSON
"""


def _run(call: Call) -> int:
    from mooring.cli.editing import refuse
    from mooring.cli.operations import read_state
    from mooring.cli.session import Session
    from mooring.cli.stores import open_store
    from mooring.cli.views import quiet_view_of

    session = Session(call)
    module, diags = session.load()
    refuse(call, diags)
    assert module is not None
    state = read_state(open_store(session), quiet_view_of(call)).state
    tree = "".join(f"{line}\n" for line in _tree(module, ""))
    call.terminal.write(f"\nProviders required by configuration:\n.\n{tree}\n")
    if state.instances:
        found = "".join(f"    provider[{each}]\n\n" for each in _of_state(state))
        call.terminal.write(f"Providers required by state:\n\n{found}")
    return 0


def _tree(module: Module, indent: str) -> Iterator[str]:
    """The lines below a module: its providers, then the modules it calls."""
    versions = {each.address: each.version for each in module.required_providers.values()}
    providers = sorted(set(module.providers.values()))
    rows: list[tuple[str, Module | None]] = [
        (f"provider[{each}]{f' {versions[each]}' if versions.get(each) else ''}", None) for each in providers
    ]
    rows += [(f"module.{name}", module.children[name]) for name in sorted(module.children)]
    for number, (text, child) in enumerate(rows, 1):
        is_last = number == len(rows)
        yield f"{indent}{'└── ' if is_last else '├── '}{text}"
        if child is not None:
            yield from _tree(child, indent + ("    " if is_last else "│   "))


def _of_state(state: State) -> list[ProviderAddress]:
    return sorted({each.provider.provider for each in state.instances.values()})


COMMAND: Final = Command(
    flags=(Flag("no-color"), Flag("test-directory", Kind.TEXT)),
    help=_HELP,
    run=_run,
    too_many="The providers command takes no folder; go there with moor -chdir=DIR providers.",
)
