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
    "init": Entry("init", "Prepare your working directory for other commands", is_main=True),
    "validate": Entry("validate", "Check whether the configuration is valid", is_main=True),
    "plan": Entry("plan", "Show changes required by the current configuration", is_main=True),
    "apply": Entry("apply", "Create or update infrastructure", is_main=True),
    "destroy": Entry("destroy", "Destroy previously-created infrastructure", is_main=True),
    "drift": Entry("drift", "Tell what was changed outside, and change nothing", is_main=True),
    "console": Entry("console", "Try expressions at an interactive command prompt"),
    "emulator": Entry("emulator", "Serve the emulated Azure of this directory"),
    "emulator request": Entry("emulator_request", "Send one request to the emulated Azure"),
    "fmt": Entry("fmt", "Reformat your configuration in the standard style"),
    "force-unlock": Entry("force_unlock", "Release a stuck lock on the current workspace"),
    "history": Entry("history", "List the runs that changed the state"),
    "graph": Entry("graph", "Generate a Graphviz graph of the steps in an operation"),
    "get": Entry("get", "Install or upgrade remote modules"),
    "import": Entry("import_", "Take an object that exists into the state"),
    "metadata": Entry("metadata", "Metadata related commands"),
    "metadata functions": Entry("metadata_functions", "Show signatures of the functions of the language"),
    "modules": Entry("modules", "Show all declared modules in a working directory"),
    "output": Entry("output", "Show output values from your root module"),
    "providers": Entry("providers", "Show the providers required for this configuration"),
    "providers schema": Entry("providers_schema", "Show schemas for the providers used in the configuration"),
    "refresh": Entry("refresh", "Update the state to match remote systems"),
    "show": Entry("show", "Show the current state or a saved plan"),
    "state": Entry("state", "Advanced state management"),
    "state list": Entry("state_list", "List resources in the state"),
    "state locks": Entry("state_locks", "List the locks on the states"),
    "state mv": Entry("state_mv", "Move an item in the state"),
    "state pull": Entry("state_pull", "Pull current state and output to stdout"),
    "state push": Entry("state_push", "Update the state from a local state file"),
    "state recover": Entry("state_recover", "Bring a lost or damaged state back"),
    "state replace-provider": Entry("state_replace_provider", "Replace provider in the state"),
    "state rm": Entry("state_rm", "Remove instances from the state"),
    "state show": Entry("state_show", "Show a resource in the state"),
    "taint": Entry("taint", "Mark a resource instance as not fully functional"),
    "undo": Entry("undo", "Plan the way back to before a run"),
    "untaint": Entry("untaint", "Remove the 'tainted' state from a resource instance"),
    "test": Entry("test", "Run the tests of the current configuration"),
    "version": Entry("version", "Show the current Mooring version"),
    "workspace": Entry("workspace", "Workspace management"),
    "workspace delete": Entry("workspace_delete", "Delete a workspace"),
    "workspace list": Entry("workspace_list", "List workspaces"),
    "workspace new": Entry("workspace_new", "Create a new workspace"),
    "workspace select": Entry("workspace_select", "Select a workspace"),
    "workspace show": Entry("workspace_show", "Show the name of the current workspace"),
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

The available commands for execution are listed below.
The primary workflow commands are given first, followed by
less common or more advanced commands.

Main commands:
{main}
All other commands:
{others}
Global options (use these before the subcommand, if any):
  -chdir=DIR    Switch to a different working directory before executing the
                given subcommand.
  -help         Show this help output, or the help for a specified subcommand.
  -version      An alias for the "version" subcommand.
"""

_GROUP: Final = """\
Usage: moor [global options] {group} <subcommand> [options] [args]

  {summary}.

Subcommands:
{rows}"""
