"""Flags that several commands share, and what they mean together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Arguments, Flag, Kind, UsageError
from mooring.cli.command import Call

if TYPE_CHECKING:
    from mooring.config.model import Guard
    from mooring.config.targets import Target
    from mooring.core.addresses import InstanceAddress
    from mooring.planning.model import PlanMode
    from mooring.planning.run import PlanOptions

OUTPUT: Final = (Flag("no-color"), Flag("json"))
VARIABLES: Final = (Flag("var", Kind.TEXT), Flag("var-file", Kind.TEXT), Flag("input"))
LOCKING: Final = (
    Flag("lock"),
    Flag("lock-timeout", Kind.DURATION),
    Flag("state", Kind.TEXT),
    Flag("state-out", Kind.TEXT),
    Flag("backup", Kind.TEXT),
)
PLANNING: Final = (
    Flag("destroy"),
    Flag("refresh-only"),
    Flag("refresh"),
    Flag("target", Kind.TEXT),
    Flag("exclude", Kind.TEXT),
    Flag("replace", Kind.TEXT),
    Flag("parallelism", Kind.NUMBER),
    Flag("compact-warnings"),
    Flag("forbid", Kind.TEXT),
)


PLANNING_HELP: Final = """\
Plan Customization Options:

  The following options customize how Mooring will produce its plan. You
  can also use these options when you run "moor apply" without passing
  it a saved plan, in order to plan and apply in a single command.

  -destroy            Select the "destroy" planning mode, which creates a plan
                      to destroy all objects currently managed by this
                      configuration instead of the usual behavior.

  -refresh-only       Select the "refresh only" planning mode, which checks
                      whether remote objects still match the outcome of the
                      most recent apply but does not propose any actions to
                      undo any changes made outside of Mooring.

  -refresh=false      Skip checking for external changes to remote objects
                      while creating the plan. This can make planning faster,
                      at the expense of possibly planning against a stale
                      record of the remote system state.

  -replace=resource   Force replacement of a particular resource instance using
                      its resource address. You can use this option multiple
                      times to replace more than one object.

  -target=resource    Limit the planning operation to only the given module,
                      resource, or resource instance and all of its
                      dependencies. You can use this option multiple times to
                      include more than one object. This is for exceptional
                      use only.

  -exclude=resource   Leave out the given module, resource, or resource
                      instance and everything that depends on it.

  -forbid=words       Fail if the plan has such a change: create, update,
                      replace, destroy, detach, delete or forget, with commas
                      between. Guards in *.moor.hcl files do the same.

  -var 'foo=bar'      Set a value for one of the input variables in the root
                      module of the configuration. Use this option more than
                      once to set more than one variable.

  -var-file=filename  Load variable values from the given file, in addition
                      to the default files terraform.tfvars and *.auto.tfvars.
                      Use this option more than once to include more than one
                      variables file.
"""
OTHER_HELP: Final = """\
  -compact-warnings   If there are only warnings, shows them in a more compact
                      form that includes only the summary messages.

  -input=false        Do not ask for input variables that are not set, nor for
                      approval.

  -json               Produce a stream of JSON objects, one a line, in the form
                      of Terraform's machine-readable UI.

  -lock=false         Don't hold a state lock during the operation. This is
                      dangerous if others might concurrently run commands
                      against the same workspace.

  -lock-timeout=0s    Duration to retry a state lock.

  -no-color           If specified, output won't contain any color.

  -parallelism=n      Limit the number of concurrent operations. Defaults to 10.

  -state=path         The state file to use instead of the workspace's own.

  -state-out=path     Where to write the state, if not to where it is read from.

  -backup=path        Where to keep the state of before. Defaults to the state
                      file's name with ".backup" after it; "-" keeps none.
"""


def parallelism(call: Call) -> int:
    """How many provider calls at a time."""
    number = call.arguments.number("parallelism", 10)
    if number < 1:
        raise UsageError(
            "Invalid parallelism value", f"The parallelism must be a positive value. Got {number}."
        )
    return number


def plan_options(call: Call) -> PlanOptions:
    """The options of planning. Raises `UsageError` where they contradict each other."""
    from mooring.planning.run import PlanOptions

    arguments = call.arguments
    return PlanOptions(
        mode=_mode(call),
        refresh=arguments.is_on("refresh", default=True),
        replace=tuple(_instance(text) for text in arguments.texts("replace")),
        targets=tuple(_target(text) for text in arguments.texts("target")),
        excludes=tuple(_target(text) for text in arguments.texts("exclude")),
        parallelism=parallelism(call),
    )


def forbidden_by(call: Call) -> tuple[Guard, ...]:
    """What `-forbid` forbids, as a guard. Raises `UsageError` if it has a word for no change."""
    from mooring.config.declarations.guards import check_word
    from mooring.config.model import Guard

    words = [word.strip() for text in call.arguments.texts("forbid") for word in text.split(",")]
    for word in words:
        for problem in check_word(word, None):
            raise UsageError(problem.summary, problem.detail)
    return (Guard(name="-forbid", forbid=frozenset(words)),) if words else ()


def generated_file(call: Call) -> str | None:
    """Where generated configuration goes. Raises `UsageError` where there can be none."""
    from pathlib import Path

    from mooring.planning.model import PlanMode

    target = call.arguments.text("generate-config-out")
    if target is None:
        return None
    if _mode(call) is not PlanMode.NORMAL:
        raise UsageError(
            "Invalid generate-config-out flag",
            "Declarations are generated by a normal plan, not with -destroy or -refresh-only.",
        )
    if Path(target).exists():
        raise UsageError(
            "Target generated file already exists",
            f"{target} is there already, and nothing in it is overwritten. Name a new file, or move away "
            "what is in it and delete it.",
        )
    return target


def _mode(call: Call) -> PlanMode:
    from mooring.planning.model import PlanMode

    arguments = call.arguments
    destroys, only_refreshes = arguments.is_on("destroy"), arguments.is_on("refresh-only")
    if call.name == "destroy":
        _refuse_destroy_modes(arguments)
        return PlanMode.DESTROY
    if destroys and only_refreshes:
        raise UsageError(
            "Incompatible plan mode options",
            "The -destroy and -refresh-only options are mutually-exclusive.",
        )
    if only_refreshes and not arguments.is_on("refresh", default=True):
        raise UsageError(
            "Incompatible refresh options",
            "It doesn't make sense to use -refresh-only at the same time as -refresh=false, "
            "because Mooring would have nothing to do.",
        )
    if only_refreshes and arguments.has("replace"):
        raise UsageError(
            "Incompatible plan mode options", "The -refresh-only and -replace options are mutually-exclusive."
        )
    if call.name == "refresh" or only_refreshes:
        return PlanMode.REFRESH_ONLY
    return PlanMode.DESTROY if destroys else PlanMode.NORMAL


def _refuse_destroy_modes(arguments: Arguments) -> None:
    for name in ("destroy", "refresh-only"):
        if arguments.has(name):
            raise UsageError(
                "Invalid mode option",
                f'The -{name} option is not valid for "moor destroy", because this command always runs '
                "in destroy mode.",
            )


def _target(text: str) -> Target:
    from mooring.config.targets import Target, parse_target
    from mooring.core.diagnostics import Diagnostic
    from mooring.core.spans import Source
    from mooring.syntax import parse_expression
    from mooring.syntax.static import as_traversal

    expression, diags = parse_expression(Source("", text))
    traversal = as_traversal(expression) if not diags else None
    if traversal is None:
        raise UsageError(
            f'Invalid target "{text}"', "An address is a path of names, as module.lab.azureml_workspace.main."
        )
    target = parse_target(traversal)
    if isinstance(target, Diagnostic):
        raise UsageError(f'Invalid target "{text}"', target.detail)
    assert isinstance(target, Target)
    return target


def _instance(text: str) -> InstanceAddress:
    from mooring.core.addresses import parse_instance

    address = parse_instance(text)
    if address is None or address.resource.mode != "managed":
        raise UsageError(
            f'Invalid force-replace address "{text}"',
            "What to replace is a managed resource instance, as azureml_workspace.lab or "
            'terraform_data.item["key"].',
        )
    return address
