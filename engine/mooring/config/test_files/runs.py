"""Reads `run` blocks."""

from __future__ import annotations

from typing import Final, TypeVar

from mooring.config.declarations.calls import read_passed
from mooring.config.declarations.conditions import read_conditions
from mooring.config.declarations.constants import read_flag, read_references, read_text
from mooring.config.names import check_name, duplicate
from mooring.config.sources import check_source, is_local, is_registry, normal_source
from mooring.config.test_files.model import Command, PlanSettings, Run, TestedModule
from mooring.config.test_files.overrides import OVERRIDES, read_overrides
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.syntax.body import Attribute, Block, Content, Names
from mooring.syntax.nodes import Expression
from mooring.syntax.static import as_traversal

_Read = TypeVar("_Read")
_NAMES: Final = Names(
    attributes=frozenset({"command", "providers", "expect_failures", "state_key", "parallel"}),
    blocks={
        "plan_options": (),
        "assert": (),
        "variables": (),
        "module": (),
        **dict.fromkeys(OVERRIDES, ()),
    },
)
_PLAN_NAMES: Final = Names(attributes=frozenset({"mode", "refresh", "replace", "target"}))
_MODULE_NAMES: Final = Names(attributes=frozenset({"source", "version"}))


def read_run(block: Block) -> tuple[Run, Diagnostics]:
    """One run."""
    content, diags = block.body.content(_NAMES)
    found: list[Diagnostic] = [*diags]
    found += check_name(block.labels[0], block.label_spans[0], "Invalid run block name")

    def noting(read: tuple[_Read, Diagnostics]) -> _Read:
        found.extend(read[1])
        return read[0]

    run = Run(
        name=block.labels[0],
        command=noting(_command(content)),
        plan=noting(_plan_settings(content)),
        variables=noting(read_variables(content, "run block")),
        assertions=noting(read_conditions(content.of_type("assert"))),
        expect_failures=noting(read_references(content, "expect_failures")),
        module=noting(_module(content)),
        providers=noting(read_passed(content)),
        overrides=noting(read_overrides(content.blocks)),
        state_key=noting(read_text(content, "state_key")) or "",
        span=block.header,
    )
    noting(read_flag(content, "parallel"))  # runs go one after another, as it allows
    return run, tuple(found)


def read_variables(content: Content, where: str) -> tuple[dict[str, Expression], Diagnostics]:
    """The expressions of the one `variables` block that there may be."""
    block, diags = _only(content, "variables", where)
    if block is None:
        return {}, diags
    attributes, problems = block.body.just_attributes()
    return {name: each.expression for name, each in attributes.items()}, (*diags, *problems)


def _only(content: Content, block_type: str, where: str) -> tuple[Block | None, Diagnostics]:
    """The one block of a type; another one is an error."""
    blocks = content.of_type(block_type)
    summary, what = f'Multiple "{block_type}" blocks', f"A {block_type} block of this {where}"
    repeated = tuple(duplicate(summary, what, each.header, blocks[0].header) for each in blocks[1:])
    return (blocks[0] if blocks else None), repeated


def _command(content: Content) -> tuple[Command, Diagnostics]:
    attribute = content.attributes.get("command")
    word, diags = _keyword(attribute, "command", ("apply", "plan"))
    return Command(word or "apply"), diags


def _keyword(
    attribute: Attribute | None, name: str, allowed: tuple[str, ...]
) -> tuple[str | None, Diagnostics]:
    """One of a few words without quotation marks, or None."""
    if attribute is None:
        return None, ()
    traversal = as_traversal(attribute.expression)
    if traversal is not None and not traversal.steps and traversal.root in allowed:
        return traversal.root, ()
    detail = f'"{name}" is {" or ".join(allowed)}, without quotation marks.'
    return None, (error(f'Invalid "{name}" keyword', detail, attribute.expression.span),)


# -- plan_options --------------------------------------------------------------------------------


def _plan_settings(content: Content) -> tuple[PlanSettings, Diagnostics]:
    block, diags = _only(content, "plan_options", "run block")
    if block is None:
        return PlanSettings(), diags
    options, problems = block.body.content(_PLAN_NAMES)
    mode, wrong_mode = _keyword(options.attributes.get("mode"), "mode", ("normal", "refresh-only"))
    refresh, wrong_refresh = read_flag(options, "refresh")
    replaced, wrong_replace = read_references(options, "replace")
    targets, wrong_target = read_references(options, "target")
    settings = PlanSettings(
        refresh_only=mode == "refresh-only",
        refresh=refresh is not False,
        replace=replaced,
        targets=targets,
    )
    found = (*problems, *wrong_mode, *wrong_refresh, *wrong_replace, *wrong_target)
    found = (*found, *_incompatible(settings, options))
    return settings, found or diags


def _incompatible(settings: PlanSettings, options: Content) -> Diagnostics:
    if settings.refresh or not settings.refresh_only:
        return ()
    detail = "A refresh-only plan that does not refresh would do nothing at all."
    return (error("Incompatible plan options", detail, options.attributes["refresh"].span),)


# -- module --------------------------------------------------------------------------------------


def _module(content: Content) -> tuple[TestedModule | None, Diagnostics]:
    block, diags = _only(content, "module", "run block")
    if block is None:
        return None, diags
    named, problems = block.body.content(_MODULE_NAMES)
    source, wrong_source = read_text(named, "source")
    version, wrong_version = read_text(named, "version")
    found = (*problems, *wrong_source, *wrong_version)
    if source is None:
        if "source" in named.attributes:
            return None, found
        detail = 'The block says with "source" which module is tested, as "./modules/lab".'
        return None, (*found, error('Missing "source" attribute for module block', detail, block.header))
    where = named.attributes["source"].span
    wrong = check_source(source, where, version is not None)
    source = normal_source(source)
    if not wrong and not (is_local(source) or is_registry(source)):
        detail = "Tests take modules from folders of this configuration, or from a registry."
        wrong = (error("Invalid module source address", detail, where),)
    tested = TestedModule(source=source, span=block.header)
    return (None if wrong else tested), (*found, *wrong) or diags


def at_most_once(runs: list[Run]) -> Diagnostics:
    """Errors for runs that have the name of an earlier one."""
    first: dict[str, Run] = {}
    found: list[Diagnostic] = []
    for run in runs:
        same = first.setdefault(run.name, run)
        if same is not run:
            what = f'A run "{run.name}" in this file'
            found.append(duplicate('Duplicate "run" block names', what, run.span, same.span))
    return tuple(found)
