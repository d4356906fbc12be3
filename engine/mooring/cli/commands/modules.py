"""`moor modules`: the modules that the configuration calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.config.model import Module

_HELP: Final = """\
Usage: moor [global options] modules [options]

  Lists the modules that the configuration calls, each with its source and its
  version.

Options:

  -json            As a JSON document.
"""
_FORMAT: Final = "1.0"


def _run(call: Call) -> int:
    from mooring.cli.session import Session
    from mooring.core.diagnostics import has_errors

    root, diags = Session(call).load()
    call.terminal.tell(diags)
    if root is None or has_errors(diags):
        return 1
    if call.arguments.is_on("json"):
        call.terminal.write(_json(root))
    elif not root.children:
        call.terminal.write("No modules found in configuration.\n")
    else:
        call.terminal.write("\nModules declared by configuration:\n.\n" + _tree(root, "") + "\n")
    return 0


def _json(root: Module) -> str:
    from mooring.cli.modules import called_modules
    from mooring.core.codec import Json, dumps

    modules: list[Json] = []
    for module in called_modules(root):
        caller = root.descendant(module.path[:-1])
        assert caller is not None
        called = caller.calls[module.path[-1]]
        modules.append({"key": called.name, "source": called.source, "version": called.version or ""})
    return dumps({"format_version": _FORMAT, "modules": modules}).decode() + "\n"


def _tree(module: Module, margin: str) -> str:
    lines: list[str] = []
    names = sorted(module.children)
    for name in names:
        branch, more = ("└── ", "    ") if name == names[-1] else ("├── ", "│   ")
        lines.append(f'{margin}{branch}"{name}"[{module.calls[name].source}]\n')
        lines.append(_tree(module.children[name], margin + more))
    return "".join(lines)


COMMAND: Final = Command(flags=(Flag("json"), Flag("no-color")), help=_HELP, run=_run)
