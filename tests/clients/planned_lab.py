"""The lab's plan as JSON, for programs that judge plans."""

import json
from pathlib import Path

from tests.lifecycle.moor import Moor, copy_lab


def plan_of_lab(folder: Path, moor_program: str) -> tuple[Path, list[str]]:
    """A file with `moor show -json` of the lab's plan, and the addresses of what it makes."""
    lab = copy_lab(folder / "lab")
    moor = Moor(moor_program, lab)
    moor.run("plan", "-input=false", "-out=saved.tfplan")
    text = moor.run("show", "-json", "saved.tfplan")
    path = folder / "plan.json"
    path.write_text(text)
    return path, [change["address"] for change in json.loads(text)["resource_changes"]]
