"""What `removed` blocks say of objects that the configuration does not have any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mooring.config.model import Module, Removed
from mooring.config.targets import Target, parse_target
from mooring.core.addresses import ConfigAddress, ModulePath
from mooring.core.diagnostics import Diagnostics, warning
from mooring.core.records import field, record
from mooring.planning.model import Action, PlannedChange


@record(kw_only=True)
class RemovedBlocks:
    """The `removed` blocks of a configuration, by the resource or module that they name."""

    resources: Mapping[ConfigAddress, Removed] = field(default_factory=dict)
    modules: Mapping[ModulePath, Removed] = field(default_factory=dict)

    def find(self, resource: ConfigAddress) -> Removed | None:
        """The block about a resource: its own, or else that of the innermost module around it."""
        path = resource.module
        around = (self.modules.get(path[:length]) for length in range(len(path), 0, -1))
        return self.resources.get(resource) or next((each for each in around if each is not None), None)


def removed_blocks(root: Module) -> RemovedBlocks:
    """The `removed` blocks of a module tree, their addresses seen from the root."""
    resources: dict[ConfigAddress, Removed] = {}
    modules: dict[ModulePath, Removed] = {}
    todo = [root]
    for module in todo:
        for removed in module.removed:
            target = parse_target(removed.from_address)
            if not isinstance(target, Target):
                continue
            if target.is_module:
                modules[module.path + target.path] = removed
            else:
                path = module.path + target.path
                resources[ConfigAddress(path, target.mode, target.type, target.name)] = removed
        todo.extend(module.children.values())
    return RemovedBlocks(resources=resources, modules=modules)


def forgetting(changes: Iterable[PlannedChange]) -> Diagnostics:
    """The warning that names the objects that will be left to themselves."""
    forgotten = [str(change.address) for change in changes if change.action is Action.FORGET]
    if not forgotten:
        return ()
    lines = "".join(f"\n - {address}" for address in forgotten)
    detail = (
        f"Applying this plan takes these objects out of the state and does not delete them:{lines}\n\n"
        "They go on existing, and nobody manages them. Import them to manage them again."
    )
    return (warning("Some objects will no longer be managed by Terraform", detail),)
