"""What test files declare: runs, and what stands in for providers, resources and modules in them.

Declarations are frozen and compare by identity, as those of the configuration do.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Literal

from mooring.config.model import Condition, ProviderConfig, ProviderReference
from mooring.config.targets import Target
from mooring.core.addresses import Mode
from mooring.core.records import field, record
from mooring.core.spans import Source, Span
from mooring.core.values import EMPTY_OBJECT_VALUE, Value
from mooring.syntax.nodes import Expression, Traversal

ProviderName = tuple[str, str | None]
OverrideKind = Literal["resource", "data", "module"]


class Command(Enum):
    """What a run does with the configuration before it looks at the result."""

    PLAN = "plan"
    APPLY = "apply"


@record(kw_only=True, eq=False)
class PlanSettings:
    """`plan_options` of a run."""

    refresh_only: bool = False
    refresh: bool = True
    replace: tuple[Traversal, ...] = ()
    targets: tuple[Traversal, ...] = ()


@record(kw_only=True, eq=False)
class TestedModule:
    """`module` of a run: what is tested instead of the configuration beside the tests."""

    __test__ = False
    source: str
    span: Span


@record(kw_only=True, eq=False)
class Override:
    """`override_resource`, `override_data` or `override_module`: values instead of what would be made.

    `values` are attributes, of a module outputs; `during_plan`: the plan knows them already.
    """

    kind: OverrideKind
    target: Target
    values: Value = EMPTY_OBJECT_VALUE
    during_plan: bool = False
    span: Span


@record(kw_only=True, eq=False)
class MockedType:
    """`mock_resource` or `mock_data`: what is computed for every object of a type."""

    mode: Mode
    type: str
    defaults: Value = EMPTY_OBJECT_VALUE
    defaults_span: Span | None = None
    during_plan: bool = False
    span: Span


@record(kw_only=True, eq=False)
class Mock:
    """A `mock_provider` block, with what the files of its `source` folder add."""

    local_name: str
    alias: str | None
    types: tuple[MockedType, ...] = ()
    overrides: tuple[Override, ...] = ()
    during_plan: bool = False
    span: Span


@record(kw_only=True, eq=False)
class Run:
    """A `run` block."""

    name: str
    command: Command = Command.APPLY
    plan: PlanSettings = PlanSettings()
    variables: Mapping[str, Expression] = field(default_factory=dict)
    assertions: tuple[Condition, ...] = ()
    expect_failures: tuple[Traversal, ...] = ()
    module: TestedModule | None = None
    providers: Mapping[ProviderName, ProviderReference] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    state_key: str = ""
    span: Span


@record(kw_only=True, eq=False)
class TestFile:
    """One test file. `path` is how the user would name it."""

    __test__ = False
    path: str
    variables: Mapping[str, Expression] = field(default_factory=dict)
    providers: Mapping[ProviderName, ProviderConfig | Mock] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    runs: tuple[Run, ...] = ()
    source: Source
