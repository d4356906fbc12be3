"""Libraries that only some backends need: an error with the command that installs them."""

from __future__ import annotations

from importlib.util import find_spec

from mooring.core.diagnostics import Diagnostic, error


def missing_extra(extra: str, module: str, package: str) -> Diagnostic | None:
    """Why a backend cannot be used on this machine, if it cannot."""
    try:
        found = find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is not None:
        return None
    detail = (
        f'The backend "{extra}" needs the Python package {package}, which is not installed beside Mooring. '
        f'Install it with: pip install "mooring[{extra}]"'
    )
    return error("Missing Python package", detail)
