"""`moor state replace-provider`: gives what one provider manages to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli import editing
from mooring.cli.arguments import Flag, UsageError
from mooring.cli.command import Call, Command
from mooring.reporting.product import PRODUCT

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.core.addresses import ProviderAddress
    from mooring.state.model import State

_HELP: Final = f"""\
Usage: moor [global options] state replace-provider [options] FROM_PROVIDER_FQN TO_PROVIDER_FQN

  Writes into the state that resources of one provider belong to another from
  now on, after showing which they are and asking. Use it when a provider has
  got another source address; what exists is not touched.

Options:

  -auto-approve       Write without asking.

{editing.LOCKING_HELP}
{editing.LEGACY_HELP}"""


def _run(call: Call) -> int:
    from mooring.cli.session import Session
    from mooring.cli.stores import open_edited
    from mooring.state.edits import with_provider

    if len(call.arguments.rest) != 2:
        raise UsageError(
            "Exactly two arguments expected.", "Give the provider to replace, and the one to use."
        )
    old, new = (
        _provider(call, which, text) for which, text in zip(("from", "to"), call.arguments.rest, strict=True)
    )
    session = Session(call)

    def change(state: State) -> State:
        found = sorted(
            {str(a.resource) for a, each in state.instances.items() if each.provider.provider == old}
        )
        if not found:
            call.terminal.write("No matching resources found.\n")
            return state
        _show(call, old, new, found)
        if not (call.arguments.is_on("auto-approve") or _is_approved(session)):
            call.terminal.write("Cancelled replacing providers.\n")
            return state
        counts.append(len(found))
        return with_provider(state, old, new)

    counts: list[int] = []
    editing.edit(session, open_edited(session), change)
    if counts:
        call.terminal.write(f"\nSuccessfully replaced provider for {counts[0]} resources.\n")
    return 0


def _provider(call: Call, which: str, text: str) -> ProviderAddress:
    """A provider's address. Raises `Stopped` after telling that it is none."""
    from mooring.config.declarations.requirements import parse_provider_text
    from mooring.core.diagnostics import error

    found = parse_provider_text(text)
    if isinstance(found, str):
        editing.refuse(call, (error(f'Invalid "{which}" provider "{text}"', found),))
    assert not isinstance(found, str)
    return found


def _show(call: Call, old: ProviderAddress, new: ProviderAddress, found: list[str]) -> None:
    style = call.terminal.layout.style
    rows = "\n".join(f"  {address}" for address in found)
    call.terminal.write(
        f"{PRODUCT} will perform the following actions:\n\n"
        f"  {style.yellow('~')} Updating provider:\n"
        f"    {style.red('-')} {old}\n    {style.green('+')} {new}\n\n"
        f"{style.bold('Changing')} {len(found)} resources:\n\n{rows}\n"
    )


def _is_approved(session: Session) -> bool:
    question = "\nDo you want to make these changes?\nAnything but 'yes' stops here.\n\n"
    return session.may_ask and session.terminal.ask(f"{question}Enter a value: ") == "yes"


COMMAND: Final = Command(
    flags=(*editing.FLAGS, Flag("auto-approve"), Flag("input")), help=_HELP, run=_run, most=None
)
