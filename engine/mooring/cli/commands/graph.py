"""`moor graph`: the dependencies between resources, for Graphviz."""

from __future__ import annotations

from typing import Final

from mooring.cli.arguments import Flag, Kind, UsageError
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] graph [options]

  Draws which resource of the configuration depends on which, in the DOT
  language of Graphviz. An arrow leads from a resource to what it depends on.
  Neither the state nor anything that exists is read.

      moor graph | dot -Tsvg > graph.svg

Options:

  -draw-cycles     Accepted for Terraform's sake: a cycle is an error, which
                   names its path.
"""


def _run(call: Call) -> int:
    from mooring.cli.editing import refuse
    from mooring.cli.operations import check
    from mooring.cli.session import Session
    from mooring.config.graph import build_graph
    from mooring.reporting.dependency_dot import dependency_dot

    if call.arguments.has("type") or call.arguments.has("plan"):
        raise UsageError(
            "Operation graphs are not supported",
            "Mooring draws the dependencies between resources; the order of a saved plan's operations is in "
            '"moor show -json".',
        )
    session = Session(call)
    module, diags = session.load()
    refuse(call, diags)
    assert module is not None
    providers = session.providers(read_only=True)
    refuse(call, check(session, module, providers))
    call.terminal.write(dependency_dot(build_graph(module).resource_dependencies()))
    return 0


COMMAND: Final = Command(
    flags=(
        Flag("draw-cycles"),
        Flag("type", Kind.TEXT),
        Flag("plan", Kind.TEXT),
        Flag("module-depth", Kind.NUMBER),
        Flag("no-color"),
    ),
    help=_HELP,
    run=_run,
)
