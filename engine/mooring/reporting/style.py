"""Colours and weights of terminal text. Knows ANSI sequences, nothing of what is painted."""

from __future__ import annotations

import re
from typing import Final

from mooring.core.records import record

_RESET: Final = "\x1b[0m"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@record
class Style:
    """How to emphasise: with ANSI sequences, or (`colour` false) not at all."""

    colour: bool = False

    def bold(self, text: str) -> str:
        """Heavy."""
        return self._paint(text, "1")

    def dim(self, text: str) -> str:
        """Secondary."""
        return self._paint(text, "90")

    def underline(self, text: str) -> str:
        """Pointed at."""
        return self._paint(text, "4")

    def red(self, text: str) -> str:
        """Removed, or an error."""
        return self._paint(text, "31")

    def green(self, text: str) -> str:
        """Added, or a success."""
        return self._paint(text, "32")

    def yellow(self, text: str) -> str:
        """Changed, or a warning."""
        return self._paint(text, "33")

    def cyan(self, text: str) -> str:
        """Read."""
        return self._paint(text, "36")

    def danger(self, text: str) -> str:
        """The word in a sentence that must not be overlooked."""
        return self._paint(text, "1;31")

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}{_RESET}" if self.colour else text


PLAIN: Final = Style()


def printable(text: str) -> str:
    """The text with control characters shown as escapes; tabs and line ends stay.

    What a service or a file says must not be able to steer the terminal.
    """
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
