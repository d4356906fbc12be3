"""Stored objects as values: through the provider's schema, or else what their JSON implies."""

from __future__ import annotations

from mooring.core.addresses import InstanceAddress, ProviderConfigAddress
from mooring.core.codec import implied
from mooring.core.values import ONLY_SENSITIVE, Value
from mooring.core.walking import mark_at
from mooring.planning.objects import recorded_value
from mooring.planning.providers import Providers
from mooring.reporting.state_text import ObjectReader
from mooring.state.model import ObjectState


def object_reader(providers: Providers) -> ObjectReader:
    """Reads objects with the schemas of these providers; an object they do not understand as plain JSON."""

    def read(address: InstanceAddress, provider: ProviderConfigAddress, stored: ObjectState) -> Value:
        info = providers.type_info(provider.provider, address.resource.mode, address.resource.type)
        if info is not None:
            value, _problems = recorded_value(stored, info, None)
            if value is not None:
                return value
        value = implied(stored.attributes)
        for path in stored.sensitive:
            value = mark_at(value, path, ONLY_SENSITIVE)
        return value

    return read
