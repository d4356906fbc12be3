"""The commands there are, by name: their modules, not imported yet, and what the overview says of each."""

from __future__ import annotations

from importlib import import_module
from typing import Final, NamedTuple

from mooring.cli.command import Command


class Entry(NamedTuple):
    """A command's module and its line in the overview; `is_main` puts it among the first."""

    module: str
    summary: str
    is_main: bool = False


COMMANDS: Final[dict[str, Entry]] = {
    "init": Entry("init", "Make this folder ready: modules, providers, backend", is_main=True),
    "validate": Entry("validate", "Check the files without looking at anything outside", is_main=True),
    "plan": Entry("plan", "Show what apply would change, and change nothing", is_main=True),
    "apply": Entry("apply", "Make what exists agree with the configuration", is_main=True),
    "destroy": Entry("destroy", "Destroy what this configuration has made", is_main=True),
    "drift": Entry("drift", "Tell what was changed outside, and change nothing", is_main=True),
    "console": Entry("console", "Evaluate expressions as you type them"),
    "emulator": Entry("emulator", "Serve the emulated Azure of this directory"),
    "emulator request": Entry("emulator_request", "Send one request to the emulated Azure"),
    "fmt": Entry("fmt", "Bring files into Terraform's layout"),
    "force-unlock": Entry("force_unlock", "Take a lock away whose holder is gone"),
    "get": Entry("get", "Fetch the modules that are called"),
    "graph": Entry("graph", "Draw what depends on what, for Graphviz"),
    "history": Entry("history", "List the runs that changed the state"),
    "import": Entry("import_", "Take an object that exists into the state"),
    "metadata": Entry("metadata", "What editors want to know"),
    "metadata functions": Entry("metadata_functions", "Describe the functions of the language as JSON"),
    "modules": Entry("modules", "List the modules that are called"),
    "output": Entry("output", "Print outputs of the last apply"),
    "providers": Entry("providers", "Tell which providers are needed, and by whom"),
    "providers schema": Entry("providers_schema", "Describe what the providers offer as JSON"),
    "refresh": Entry("refresh", "Record how everything is now"),
    "show": Entry("show", "Print the state, or a saved plan"),
    "state": Entry("state", "Look at the state, edit it, bring it back"),
    "state list": Entry("state_list", "List what is recorded"),
    "state locks": Entry("state_locks", "List the locks on the states"),
    "state mv": Entry("state_mv", "Give something recorded another address"),
    "state pull": Entry("state_pull", "Print the state as a file"),
    "state push": Entry("state_push", "Put a state file in the state's place"),
    "state recover": Entry("state_recover", "Bring a lost or damaged state back"),
    "state replace-provider": Entry("state_replace_provider", "Hand resources to another provider"),
    "state rm": Entry("state_rm", "Take resources out of the state"),
    "state show": Entry("state_show", "Print what is recorded of one instance"),
    "taint": Entry("taint", "Have an object made anew by the next apply"),
    "test": Entry("test", "Run the tests of this configuration"),
    "undo": Entry("undo", "Plan the way back to before a run"),
    "untaint": Entry("untaint", "Take the mark of taint away"),
    "version": Entry("version", "Tell which version this is"),
    "workspace": Entry("workspace", "Several states for one configuration"),
    "workspace delete": Entry("workspace_delete", "Delete one and its state"),
    "workspace list": Entry("workspace_list", "List them"),
    "workspace new": Entry("workspace_new", "Make one and select it"),
    "workspace select": Entry("workspace_select", "Work in another one"),
    "workspace show": Entry("workspace_show", "Print the name of the one in use"),
}
GROUPS: Final = frozenset({"metadata", "state", "workspace"})


def load(name: str) -> Command:
    """The command of this name, which is in the table."""
    module = import_module(f"mooring.cli.commands.{COMMANDS[name].module}")
    command: Command = module.COMMAND
    return command


def subcommands(group: str) -> dict[str, Entry]:
    """The commands below a group, by their second word."""
    prefix = f"{group} "
    return {name.removeprefix(prefix): entry for name, entry in COMMANDS.items() if name.startswith(prefix)}


def overview() -> str:
    """What `moor -help` prints."""
    single = {name: entry for name, entry in COMMANDS.items() if " " not in name}
    return _OVERVIEW.format(
        main=_rows({name: entry for name, entry in single.items() if entry.is_main}),
        others=_rows({name: entry for name, entry in single.items() if not entry.is_main}),
    )


def group_help(group: str) -> str:
    """What `moor state -help` prints."""
    rows = "".join(f"    {name:18}  {entry.summary}\n" for name, entry in subcommands(group).items())
    return _GROUP.format(group=group, summary=COMMANDS[group].summary, rows=rows)


def _rows(entries: dict[str, Entry]) -> str:
    return "".join(f"  {name:14}{entry.summary}\n" for name, entry in entries.items())


_OVERVIEW: Final = """\
Usage: moor [global options] <subcommand> [args]

Say in .tf files what should exist; moor plans what that takes, shows it, and
does it once you agree. "moor <subcommand> -help" tells more of each.

Main commands, in the order in which they are usually needed:
{main}
All other commands:
{others}
Global options, to be given before the subcommand:
  -chdir=DIR    Go to this folder first.
  -help         Show this text; after a subcommand, the help of that one.
  -version      The same as the subcommand "version".
"""

_GROUP: Final = """\
Usage: moor [global options] {group} <subcommand> [options] [args]

  {summary}.

Subcommands:
{rows}"""
