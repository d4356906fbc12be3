"""Objects that a `moved` block makes into objects of another type: their provider rewrites what is recorded.

Comes right after the moves themselves, so that the rest of planning sees each object in its present form.
"""

from __future__ import annotations

from collections.abc import Mapping

from mooring.config.arguments import resource_block
from mooring.config.model import Module
from mooring.config.providers import resolve_provider
from mooring.core.addresses import InstanceAddress, ProviderConfigAddress, module_path
from mooring.core.codec import Json, dumps
from mooring.core.diagnostics import Diagnostic, error, has_errors
from mooring.core.records import replace
from mooring.planning.moves import MovedState, moved_at
from mooring.planning.objects import object_state
from mooring.planning.providers import Providers
from mooring.sdk.requests import Move
from mooring.state.model import InstanceState, ObjectState


def with_types(root: Module, moved: MovedState, providers: Providers) -> MovedState:
    """The state after all moves, with every object in the form of the type that it has now."""
    changed = {
        address: source
        for address, source in moved.previous.items()
        if address.resource.type != source.resource.type
    }
    if not changed:
        return moved
    mover = _TypeMover(root, providers)
    instances = dict(moved.state.instances)
    for address, source in changed.items():
        instances[address] = mover.move(address, source, instances[address])
    state = replace(moved.state, instances=instances)
    return replace(moved, state=state, diagnostics=(*moved.diagnostics, *mover.found))


class _TypeMover:
    """Collects what is wrong. Private to `with_types`."""

    def __init__(self, root: Module, providers: Providers) -> None:
        self._root = root
        self._providers = providers
        self.found: list[Diagnostic] = []

    def move(
        self, address: InstanceAddress, source: InstanceAddress, instance: InstanceState
    ) -> InstanceState:
        """An instance in its new type; as it is, beside an error."""
        resource = resource_block(self._root, address.resource)
        if resource is None:
            detail = (
                f"{source} moves to {address}, which is of another type and not declared, so that it cannot "
                "be said which provider knows how. Declare it."
            )
            where = moved_at(self._root, address)
            self.found.append(error("Moved object has no declaration", detail, where).of(str(address)))
            return instance
        provider = resolve_provider(self._root, module_path(address.resource.module), resource)
        old = instance.provider
        current = instance.current and self._object(address, source, instance.current, old, provider)
        deposed: Mapping[str, ObjectState] = {
            key: self._object(address, source, each, old, provider) for key, each in instance.deposed.items()
        }
        return InstanceState(provider=provider, current=current, deposed=deposed)

    def _object(
        self,
        address: InstanceAddress,
        source: InstanceAddress,
        stored: ObjectState,
        old: ProviderConfigAddress,
        new: ProviderConfigAddress,
    ) -> ObjectState:
        attributes: Json = stored.attributes
        request = Move(
            source_provider=old.provider,
            source_type=source.resource.type,
            source_version=stored.schema_version,
            stored=dumps(attributes),
            private=stored.private,
        )
        name = address.resource.type
        result = self._providers.move_object(new.provider, name, request)
        where = moved_at(self._root, address)
        self.found += (diag.of(str(address)).at(where) for diag in result.diagnostics)
        info = self._providers.type_info(new.provider, "managed", name)
        if has_errors(result.diagnostics) or info is None:
            return stored
        if result.moved is None:
            self.found.append(_unsupported(address, source, new).at(where))
            return stored
        return object_state(
            result.moved,
            info,
            private=result.private,
            dependencies=stored.dependencies,
            status=stored.status,
            create_before_destroy=stored.create_before_destroy,
        )


def _unsupported(
    address: InstanceAddress, source: InstanceAddress, provider: ProviderConfigAddress
) -> Diagnostic:
    detail = (
        f"{source} cannot become {address}: provider {provider.provider} does not make objects of type "
        f"{address.resource.type} of those of type {source.resource.type}. Let go of the one with a removed "
        "block, and take it over as the other with an import block."
    )
    return error("Unsupported `moved` across resource types", detail).of(str(address))
