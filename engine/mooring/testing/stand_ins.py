"""What stands in for what during a run: mocked providers, overridden objects and modules.

Of several overrides for one thing the run's wins over the file's, an instance's over its resource's, and any
of them over the mocked provider's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mooring.config.model import Module, Output
from mooring.config.test_files.model import Mock, Override
from mooring.core.addresses import (
    InstanceAddress,
    Mode,
    ModuleInstance,
    ModuleStep,
    ProviderConfigAddress,
    format_module,
    module_path,
)
from mooring.core.records import record, replace
from mooring.core.types import DYNAMIC
from mooring.core.values import Value, null
from mooring.planning.providers import Providers
from mooring.schema.model import ResourceSchema
from mooring.sdk.protocols import Connection
from mooring.syntax.nodes import Literal
from mooring.testing.mocks import Answers, MockDataSource, MockEphemeral, MockResource, RandomText

_NOTHING: Final = Answers()


class StandIns:
    """What stands in during one run. Mutable only in that it keeps what it has made."""

    def __init__(
        self,
        root: Module,
        mocks: Mapping[ProviderConfigAddress, Mock],
        overrides: Iterable[Override],
        schemas: Providers,
        random_text: RandomText,
    ) -> None:
        self._root: Final = root
        self._mocks: Final = mocks
        self._overrides: Final = {str(each.target): each for each in overrides}
        self._of_mocks: Final = {
            address: {str(each.target): each for each in mock.overrides} for address, mock in mocks.items()
        }
        self._random_text: Final = random_text
        self._schemas: Final = schemas
        self._modules: dict[ModuleInstance, Module] = {}

    # -- objects ---------------------------------------------------------------------------------

    def connection(self, provider: ProviderConfigAddress, instance: InstanceAddress) -> Connection | None:
        """What is asked about an instance instead of its provider; None if nothing stands in."""
        override = self._override_of(provider, instance)
        if override is not None:
            answers = Answers(values=override.values, during_plan=override.during_plan, span=override.span)
        elif provider in self._mocks:
            answers = _answers(self._mocks[provider], instance)
        else:
            return None
        return _StandIn(self._schemas, provider, answers, self._random_text)

    def _override_of(self, provider: ProviderConfigAddress, instance: InstanceAddress) -> Override | None:
        names = str(instance), str(instance.resource)
        for overrides in (self._overrides, self._of_mocks.get(provider, {})):
            for name in names:
                if name in overrides:
                    return overrides[name]
        return None

    # -- modules ---------------------------------------------------------------------------------

    def module(self, instance: ModuleInstance) -> Module | None:
        """What is evaluated instead of a module; None if nothing stands in."""
        if not instance:
            return None
        *outside, last = instance
        any_key = (*outside, ModuleStep(last.name))
        names = format_module(instance), format_module(any_key)
        override = next((self._overrides[name] for name in names if name in self._overrides), None)
        if override is None:
            return None
        if instance not in self._modules:
            declared = self._root.descendant(module_path(instance))
            assert declared is not None
            self._modules[instance] = _with_outputs_only(declared, override)
        return self._modules[instance]


def _with_outputs_only(module: Module, override: Override) -> Module:
    """A module that has its outputs and nothing else; those that are not given are null."""
    given = override.values.raw if type(override.values.raw) is dict else {}
    outputs = {
        name: _constant_output(output, given.get(name, null(DYNAMIC)))
        for name, output in module.outputs.items()
    }
    return Module(
        path=module.path,
        folder=module.folder,
        variables=module.variables,
        providers=module.providers,
        outputs=outputs,
    )


def _constant_output(output: Output, value: Value) -> Output:
    literal = Literal(value, output.expression.span)
    return replace(output, expression=literal, depends_on=(), preconditions=())


def _answers(mock: Mock, instance: InstanceAddress) -> Answers:
    mode, type_name = instance.resource.mode, instance.resource.type
    mocked = next((each for each in mock.types if (each.mode, each.type) == (mode, type_name)), None)
    if mocked is None:
        return Answers(during_plan=mock.during_plan)
    return Answers(values=mocked.defaults, during_plan=mocked.during_plan, span=mocked.defaults_span)


@record(kw_only=False, eq=False)
class _StandIn:
    """A connection about one instance."""

    schemas: Providers
    provider: ProviderConfigAddress
    answers: Answers
    random_text: RandomText

    is_blocking = False

    def resource(self, type_name: str) -> MockResource:
        """The resource type of this name, which is in the schema."""
        schema = self._schema("managed", type_name)
        return MockResource(schema=schema, answers=self.answers, random_text=self.random_text)

    def data_source(self, type_name: str) -> MockDataSource:
        """The data source of this name, which is in the schema."""
        schema = self._schema("data", type_name)
        return MockDataSource(schema=schema, answers=self.answers, random_text=self.random_text)

    def ephemeral(self, type_name: str) -> MockEphemeral:
        """The ephemeral resource type of this name, which is in the schema."""
        schema = self._schema("ephemeral", type_name)
        return MockEphemeral(schema=schema, answers=self.answers, random_text=self.random_text)

    def _schema(self, mode: Mode, type_name: str) -> ResourceSchema:
        info = self.schemas.type_info(self.provider.provider, mode, type_name)
        assert info is not None  # the static checks have seen to it
        return info.schema

    def close(self) -> None:
        """Nothing is open."""
