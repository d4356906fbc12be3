"""The world of a test suite: everything from outside, as parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from threading import Event
from typing import Protocol

from mooring.config.declarations.requirements import Known
from mooring.config.evaluation import Configuration
from mooring.config.inputs import RawInput
from mooring.config.model import Module
from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record
from mooring.core.values import Value
from mooring.planning.providers import Providers, StandIn
from mooring.testing.model import TestObserver

Load = Callable[[str], tuple[Module | None, Diagnostics]]


class Configure(Protocol):
    """Makes a configuration of a module tree and its inputs, with the surroundings of this run."""

    def __call__(self, module: Module, inputs: Mapping[str, Value]) -> Configuration:
        """The configuration."""
        ...


class OpenProviders(Protocol):
    """Gives the providers of one run; the caller closes them.

    They keep what is theirs in `data_folder`, never in the user's: an emulated service there lasts as long as
    its test file.
    """

    def __call__(self, data_folder: str, stand_in: StandIn | None) -> Providers:
        """The providers."""
        ...


@record(kw_only=True, eq=False)
class Bed:
    """What tests run in.

    `raw` are the variables that are set outside of the tests; `random_text(n)` gives n characters for values
    that are made up; `clock` counts seconds; `cancelled`, once set, lets what runs end and skips the rest.
    """

    load: Load
    known: Known
    configure: Configure
    open_providers: OpenProviders
    schemas: Providers
    raw: Mapping[str, RawInput]
    random_text: Callable[[int], str]
    scratch: Callable[[], AbstractContextManager[str]]
    clock: Callable[[], float]
    observe: TestObserver
    cancelled: Event
    parallelism: int = 10
