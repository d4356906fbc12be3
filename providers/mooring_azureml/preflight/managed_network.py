"""A managed network is only ever closed further.

Source: "Workspace managed virtual network isolation": a workspace whose network lets internet traffic out
cannot be set to disabled again, nor one that lets out only what is approved to anything else.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.sdk import CallContext
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.table.model import Fields
from mooring_azureml.table.notation import members

_NETWORK: Final = "managed_network"
_MODE: Final = "isolation_mode"
_MODES: Final = ("disabled", "allowinternetoutbound", "allowonlyapprovedoutbound")


def stays_closed(_access: Access, _ctx: CallContext, prior: Fields | None, planned: Fields) -> Diagnostics:
    """The wanted isolation is no less than that of the workspace which exists."""
    if prior is None or prior.get("id") != planned.get("id"):
        return ()
    before, after = _mode(prior), _mode(planned)
    if before not in _MODES or after not in _MODES or _MODES.index(after) >= _MODES.index(before):
        return ()
    is_there = planned.get(_NETWORK) is not None
    return (
        Diagnostic(
            summary="Managed network stays closed",
            detail=f'The managed network has the {_MODE} "{before}", and Azure does not open it again to '
            f'"{after}". '
            f"Keep the block {_NETWORK} as it was, or make another workspace.",
            path=(Attr(_NETWORK), Attr(_MODE)) if is_there else (),
            code="azureml.managed_network_stays",
        ),
    )


def _mode(fields: Fields) -> str:
    return str(members(fields.get(_NETWORK)).get(_MODE) or "Disabled").lower()
