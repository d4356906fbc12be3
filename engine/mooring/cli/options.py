"""Flags that several commands share, and what they mean together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, TypeVar

from mooring.cli.arguments import Arguments, Flag, Kind, UsageError
from mooring.cli.command import Call

if TYPE_CHECKING:
    from mooring.config.model import Guard
    from mooring.config.targets import Target
    from mooring.core.addresses import InstanceAddress
    from mooring.planning.model import PlanMode
    from mooring.planning.run import PlanOptions

T = TypeVar("T")
U = TypeVar("U")
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
Options for planning, of plan and of apply without a saved plan:

  -destroy            Plan to destroy all that the state records.

  -refresh-only       Plan to record what was changed outside, and to change
                      nothing that exists.

  -refresh=false      Believe the state instead of reading what exists. It is
                      quicker, and blind to what was changed outside.

  -replace=resource   Make this resource instance anew even if nothing about it
                      changes. May be repeated.

  -target=resource    Plan only this module, resource or instance, and what it
                      depends on. May be repeated. For emergencies: the rest
                      stays behind the configuration.

  -exclude=resource   Plan without this module, resource or instance, and
                      without what depends on it. May be repeated.

  -forbid=words       Fail if the plan has such a change: create, update,
                      replace, destroy, detach, delete or forget, with commas
                      between. Guards in *.moor.hcl files do the same.

  -var 'name=value'   Set an input variable of the root module. May be
                      repeated.

  -var-file=filename  Read values of input variables from this file, after
                      terraform.tfvars and *.auto.tfvars. May be repeated; the
                      later value counts.
"""
OTHER_HELP: Final = """\
  -compact-warnings   Show warnings by their titles alone, unless there is an
                      error among them.

  -input=false        Do not ask for input variables that are not set, nor for
                      approval.

  -json               Produce a stream of JSON objects, one a line, in the form
                      of Terraform's machine-readable UI.

  -lock=false         Work without locking the state. Two commands at a time
                      can then overwrite what the other recorded.

  -lock-timeout=0s    How long to wait for a lock that somebody else holds, as
                      "30s" or "5m". Not at all by default.

  -no-color           Print plain text.

  -parallelism=n      How many calls to providers there are at a time: 10
                      unless given.

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
            "Invalid parallelism value",
            f"There must be at least one call at a time, and this asks for {number}.",
        )
    return number


def plan_options(call: Call) -> PlanOptions:
    """The options of planning. Raises `UsageError` with everything that is wrong with them."""
    from mooring.planning.run import PlanOptions

    arguments = call.arguments
    refused: list[UsageError] = []
    targets = _read_each(_target, arguments.texts("target"), refused)
    excludes = _read_each(_target, arguments.texts("exclude"), refused)
    replaced = _read_each(_instance, arguments.texts("replace"), refused)
    modes = _read_each(_mode, (call,), refused)
    if refused:
        first, *others = refused
        raise UsageError(first.summary, first.detail, others)
    return PlanOptions(
        mode=modes[0],
        refresh=arguments.is_on("refresh", default=True),
        replace=replaced,
        targets=targets,
        excludes=excludes,
        parallelism=parallelism(call),
    )


def _read_each(read: Callable[[T], U], given: Iterable[T], refused: list[UsageError]) -> tuple[U, ...]:
    """What is given, as far as it can be read; the rest is `refused`."""
    found = []
    for each in given:
        try:
            found.append(read(each))
        except UsageError as problem:
            refused.append(problem)
    return tuple(found)


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
            "-destroy plans to remove everything and -refresh-only to change nothing. Give one of them.",
        )
    if only_refreshes and not arguments.is_on("refresh", default=True):
        raise UsageError(
            "Incompatible refresh options",
            "-refresh-only does nothing but read what exists, and -refresh=false forbids just that. Leave "
            "one of them out.",
        )
    if call.name == "refresh" or only_refreshes:
        return PlanMode.REFRESH_ONLY
    return PlanMode.DESTROY if destroys else PlanMode.NORMAL


def _refuse_destroy_modes(arguments: Arguments) -> None:
    for name in ("destroy", "refresh-only"):
        if arguments.has(name):
            raise UsageError(
                "Invalid mode option",
                f'"moor destroy" always plans to destroy, so it takes no -{name}. Leave it out, or use '
                '"moor apply".',
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
    from mooring.config.targets import RESERVED
    from mooring.core.addresses import parse_instance

    address = parse_instance(text)
    if address is None or address.resource.mode != "managed" or address.resource.type in RESERVED:
        raise UsageError(
            f'Invalid force-replace address "{text}"',
            "What to replace is a managed resource instance, as azureml_workspace.lab or "
            'terraform_data.item["key"].',
        )
    return address
