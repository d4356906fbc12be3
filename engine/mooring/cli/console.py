"""A conversation in expressions: a line comes in, the text of its value goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mooring.cli.terminal import Terminal
from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.core.spans import Source
from mooring.lang.console import answer
from mooring.planning.inspection import Inspection
from mooring.syntax import parse_expression
from mooring.syntax.lexer import tokenize_text
from mooring.syntax.nodes import Expression
from mooring.syntax.tokens import CLOSERS, CLOSING

_SOURCE: Final = "<console-input>"
_PROMPT: Final = "> "
_MORE: Final = ": "
_USAGE: Final = """\
Each line is an expression, and its value is printed: "1 + 1", "var.region",
"azureml_workspace.lab.id". Resources have the values that are recorded.

An expression with open brackets goes on in the next line. "exit" or Control-D
ends the console."""


class Console:
    """One conversation. `check` says what is wrong with the references of an expression."""

    def __init__(
        self, inspection: Inspection, check: Callable[[Expression], Diagnostics], terminal: Terminal
    ) -> None:
        self._inspection: Final = inspection
        self._check: Final = check
        self._terminal: Final = terminal

    def read(self) -> int:
        """Evaluates standard input line by line up to the first error, and prints the last value."""
        text = ""
        for line in self._terminal.read_bytes().decode("utf-8", "replace").splitlines():
            if line.strip() == "exit":
                return 0
            text, diags = self.evaluate(line.strip())
            self._terminal.tell(diags)
            if has_errors(diags):
                return 1
        self._terminal.write(f"{text}\n")
        return 0

    def talk(self) -> int:
        """Answers what a person types, until there is enough."""
        while (text := self._ask()) is not None and text.strip() != "exit":
            shown, diags = self.evaluate(text.strip())
            self._terminal.tell(diags)
            if shown:
                self._terminal.write_now(f"{shown}\n")
        return 0

    def evaluate(self, text: str) -> tuple[str, Diagnostics]:
        """What there is to say to an input; nothing if there is an error."""
        if not text:
            return "", ()
        if text == "help":
            return _USAGE, ()
        expression, diags = parse_expression(Source(_SOURCE, text))
        if has_errors(diags):
            return "", diags
        diags = self._check(expression)
        if has_errors(diags):
            return "", diags
        shown, diags = self._inspection.ask(lambda scope, report: answer(expression, scope, report))
        return shown or "", diags

    def _ask(self) -> str | None:
        """The lines of one expression."""
        text = self._terminal.ask_line(_PROMPT)
        while text is not None and is_unfinished(text):
            more = self._terminal.ask_line(_MORE)
            text = None if more is None else f"{text}\n{more}"
        return text


def is_unfinished(text: str) -> bool:
    """Whether brackets are open at the end, or a heredoc, so that the expression goes on."""
    kinds = tokenize_text(f"{text}\n").kinds
    return sum((kind in CLOSERS) - (kind in CLOSING) for kind in kinds) > 0
