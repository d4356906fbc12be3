"""What a command is: a name, flags, help, and a function from its call to an exit code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from mooring.cli.arguments import Arguments, Flag, UsageError
from mooring.cli.terminal import Terminal

if TYPE_CHECKING:
    from datetime import datetime


class Stopped(Exception):  # noqa: N818 - control flow of a command: it has been told why
    """The command cannot go on, and the user has been told why. Ends in `cli.main`: exit status 1."""


class Call(NamedTuple):
    """One call of a command, and the world it runs in. The process's folder is the working folder."""

    name: str
    arguments: Arguments
    terminal: Terminal
    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    original_folder: str


class Command(NamedTuple):
    """A command. `help` is all of its help text; `most` the greatest number of words after the flags.

    `too_many` says what to do instead of giving more words.
    """

    flags: tuple[Flag, ...]
    help: str
    run: Callable[[Call], int]
    most: int | None = 0
    too_many: str = "Expected at most {most} positional arguments."

    def check_rest(self, arguments: Arguments) -> None:
        """Raises `UsageError` if there are too many words."""
        if self.most is not None and len(arguments.rest) > self.most:
            raise UsageError("Too many command line arguments", self.too_many)
