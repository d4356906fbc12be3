"""Other states than the one that is planned for: what `terraform_remote_state` reads."""

from __future__ import annotations

from pathlib import Path

from mooring.core.codec import decode
from mooring.core.diagnostics import Diagnostics
from mooring.sdk.states import Outputs
from mooring.state.local import LocalStore


def read_outputs(path: str) -> tuple[Outputs | None, Diagnostics]:
    """See `sdk.states.ReadsOutputs`. Takes no lock: a run that is under way is read as it stands."""
    opened, diags = LocalStore(Path(path)).read()
    if opened is None or (not opened.state.lineage and opened.state.is_empty):
        return None, diags
    outputs = opened.state.outputs
    return {name: decode(each.value, each.type) for name, each in outputs.items()}, diags
