"""What messages call the parts of a state that is not in local files, and what leads out of trouble."""

from __future__ import annotations

from mooring.state.medium import Names


def remote_names(snapshot: str, folder: str, journal: str | None = None) -> Names:
    """Names below `folder`, where the documents of a state are."""
    return Names(
        snapshot=snapshot,
        journal=journal or f"{folder}/journal",
        backup=f"{folder}/backup",
        repair="See to the connection and the login",
    )
