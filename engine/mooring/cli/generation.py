"""`plan -generate-config-out`: writes the file, and goes on with a configuration that has it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mooring.cli.command import Stopped
from mooring.cli.operations import check
from mooring.config.files import AddedFile
from mooring.core.diagnostics import error, has_errors
from mooring.planning.generation import generated_configuration
from mooring.reporting.product import PRODUCT
from mooring.reporting.wrapping import wrap

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.config.evaluation import Configuration
    from mooring.planning.providers import Providers
    from mooring.planning.run import PlanOptions
    from mooring.state.store import Opened


def with_generated(
    session: Session,
    view: View,
    providers: Providers,
    configuration: Configuration,
    *,
    opened: Opened,
    options: PlanOptions,
    target: str,
) -> Configuration:
    """The configuration with what was missing in it for its imports, which is in the file `target` now.

    Raises `Stopped` after telling why that cannot be.
    """
    text, diags = generated_configuration(configuration, opened, providers, options)
    view.tell(diags)
    if has_errors(diags):
        raise Stopped
    if not text:
        return configuration
    _write(Path(target), text, view)
    view.say(wrap(_written(target), session.terminal.layout.width) + "\n")
    module, diags = session.load_from(AddedFile(session.files, _name(target, session), text))
    assert module is not None
    diags = (*diags, *check(session, module, providers))
    new = tuple(diag for diag in diags if diag.is_error)
    view.tell(new)
    if new:
        raise Stopped
    return session.configuration(module, configuration.inputs)


def _write(path: Path, text: str, view: View) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as problem:
        detail = f"{path}: {problem.strerror}. Name a new file in a folder that exists and can be written to."
        view.tell([error("Failed to write generated configuration", detail)])
        raise Stopped from None


def _written(target: str) -> str:
    return (
        f"\n{PRODUCT} has written the declarations of imported objects to {target}. Read them, and move them "
        "where they belong, before you put them under version control."
    )


def _name(target: str, session: Session) -> str:
    """What the file is called in the working folder, of which it is a part whether or not it is in there."""
    path = Path(target)
    name = path.name if path.suffix == ".tf" else f"{path.name}.tf"
    is_here = path.resolve().parent == Path.cwd()
    taken = () if is_here else session.files.names(".") or ()
    return f"generated_{name}" if name in taken else name
