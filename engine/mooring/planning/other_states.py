"""Other states than the one that is planned for: what `terraform_remote_state` reads."""

from __future__ import annotations

from collections.abc import Callable

from mooring.core.addresses import InstanceAddress, format_key
from mooring.core.codec import decode
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.paths import Attr
from mooring.core.records import replace
from mooring.sdk.states import Outputs, ReadsOutputs, StateSource
from mooring.state.backends.model import DEFAULT, Around, BackendType, Settings, States, complete, fitting
from mooring.state.backends.types import backend_type
from mooring.state.journalled import JournalledStore
from mooring.state.sealing import PLAIN, Sealing

SealingFor = Callable[[str], Sealing]
"""How a state is sealed, by the name of the data source that reads it."""


def unsealed(_name: str) -> Sealing:
    """No state is sealed."""
    return PLAIN


def outputs_reader(data_source: InstanceAddress, sealing_for: SealingFor, around: Around) -> ReadsOutputs:
    """See `sdk.states.ReadsOutputs`. Takes no lock: a run that is under way is read as it stands."""

    def read(source: StateSource) -> tuple[Outputs | None, Diagnostics]:
        states = _open(source, around)
        if isinstance(states, tuple):
            return None, states
        try:
            medium = states.medium(source.workspace)
            return _outputs(JournalledStore(medium, around.host, sealing=sealing_for(_name(data_source))))
        finally:
            states.close()

    return read


def _open(source: StateSource, around: Around) -> States | Diagnostics:
    of = backend_type(source.backend)
    if of is None:
        return (_invalid(f'There is no backend type named "{source.backend}".'),)
    given, problems = _settings(of, source)
    settings, diags = complete(of, given, around.environment)
    if problems or has_errors(diags):
        return (*problems, *diags)
    states = of.open(settings, around)
    if not isinstance(states, tuple) and source.workspace != DEFAULT and not states.has_workspaces:
        return (_invalid(f'The backend "{of.name}" has no workspaces, so "workspace" must be left out.'),)
    return states


def _settings(of: BackendType, source: StateSource) -> tuple[Settings, Diagnostics]:
    """What stands in the block, as what the arguments take."""
    found: Settings = {name: fitting(of, name, source.config[name]) for name in sorted(source.config)}
    wrong = [name for name, value in found.items() if value is None]
    return found, tuple([_invalid(_misfit(of, name), "config") for name in wrong])


def _misfit(of: BackendType, name: str) -> str:
    argument = of.arguments.get(name)
    why = f'unexpected attribute "{name}"'
    if argument is not None:
        why = f'attribute "{name}": {argument.kind.value} required'
    return f'The backend "{of.name}" cannot be used with this: {why}.'


def _invalid(detail: str, attribute: str = "backend") -> Diagnostic:
    return replace(error("Invalid backend configuration", detail), path=(Attr(attribute),))


def _outputs(store: JournalledStore) -> tuple[Outputs | None, Diagnostics]:
    opened, diags = store.read()
    if opened is None or (not opened.state.lineage and opened.state.is_empty):
        return None, diags
    outputs = opened.state.outputs
    return {name: decode(each.value, each.type) for name, each in outputs.items()}, diags


def _name(data_source: InstanceAddress) -> str:
    """How the encryption block calls a data source: `NAME`, `MODULE.NAME`, with the key of an instance."""
    resource = data_source.resource
    modules = [step.name for step in resource.module]
    return ".".join((*modules, resource.name)) + format_key(data_source.key)
