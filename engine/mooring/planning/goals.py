"""What a plan has to work out: the cells that it settles, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from mooring.core.addresses import ResourceAddress
from mooring.lang.cells import Key
from mooring.planning.model import PlanMode
from mooring.planning.records import ObjectKey
from mooring.planning.run import PlanRun

WITHOUT_CHECKS: Final = frozenset({PlanMode.DESTROY, PlanMode.UNDO})
"""The modes in which conditions are not looked at."""


def recorded_objects(run: PlanRun) -> list[ObjectKey]:
    """The recorded objects that the plan is about."""
    return [key for key in run.records if run.extent.has_instance(key.address)]


def desired(run: PlanRun) -> Iterator[Key]:
    """Every instance and every named value of the configuration that the plan is about."""
    evaluation, extent = run.evaluation, run.extent
    for instance in evaluation.module_instances():
        module = evaluation.module(instance)
        for key, resource in module.resources.items():
            address = ResourceAddress(instance, *key)
            if not extent.has_resource(address.in_config):
                continue
            if resource.is_single:
                yield from filter(extent.has_instance, (address.instance(),))
            elif not evaluation.cells.failed(("instances", address)):
                yield from filter(
                    extent.has_instance, map(address.instance, evaluation.instance_keys(address))
                )
        if not extent.is_partial:
            yield from (("variable", instance, name) for name in module.variables)
            yield from (("local", instance, name) for name in module.locals)
            yield from (("output", instance, name) for name in module.outputs)
    if extent.is_partial:
        outputs = (name for name in evaluation.configuration.root.outputs if has_output(run, name))
        yield from (("output", (), name) for name in outputs)


def has_output(run: PlanRun, name: str) -> bool:
    """Whether a root output is part of the plan: a partial one has those that it changes as a whole."""
    if not run.extent.is_partial:
        return True
    if run.options.mode is PlanMode.DESTROY:
        return False
    needed = run.graph.output_dependencies(name)
    return bool(needed) and all(map(run.extent.has_resource, needed))


def removals(run: PlanRun, objects: Iterable[ObjectKey]) -> Iterator[Key]:
    """The removal of every object that nothing desires, where that could be worked out."""
    failed = run.evaluation.cells.failed
    for _, address, deposed in objects:
        if (address, deposed) in run.changes:
            continue
        if deposed is not None or not (failed(address) or failed(("instances", address.resource))):
            yield "removal", address, deposed


def checks(run: PlanRun) -> Iterator[Key]:
    """The `check` blocks, which are looked at when everything else is known."""
    if run.options.mode in WITHOUT_CHECKS or run.extent.is_partial:
        return
    for instance in run.evaluation.module_instances():
        yield from (("check", instance, name) for name in run.evaluation.module(instance).checks)
