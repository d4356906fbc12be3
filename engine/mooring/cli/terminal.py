"""The output port: the only place that writes to standard output and standard error, or asks a question."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TextIO

from mooring.reporting.wrapping import DEFAULT_WIDTH

if TYPE_CHECKING:
    from mooring.core.diagnostics import Diagnostic, Diagnostics
    from mooring.reporting.diagnostics_text import Layout


class Terminal:
    """Where a command talks. A reader that went away does not stop the work: what is left is not written."""

    def __init__(
        self,
        out: TextIO,
        err: TextIO,
        source: TextIO,
        *,
        width: int = DEFAULT_WIDTH,
        colour: bool = False,
    ) -> None:
        self._out: Final = out
        self._err: Final = err
        self._source: Final = source
        self._width: Final = width
        self._colour: Final = colour
        self.is_broken = False

    @property
    def is_live(self) -> bool:
        """Whether a person watches standard output."""
        return self._out.isatty()

    @property
    def stream(self) -> TextIO:
        """Standard output, for a live display."""
        return self._out

    @property
    def layout(self) -> Layout:
        """How to lay out text here."""
        from mooring.reporting.diagnostics_text import Layout
        from mooring.reporting.style import Style

        return Layout(width=self._width, style=Style(self._colour), border=self._colour)

    def without_colour(self) -> Terminal:
        """The same place for `-no-color`."""
        return Terminal(self._out, self._err, self._source, width=self._width)

    def write(self, text: str) -> None:
        """To standard output."""
        self._put(self._out, text)

    def write_now(self, text: str) -> None:
        """To standard output, not kept back in a buffer: somebody waits for it."""
        self._put(self._out, text)
        self.flush()

    def complain(self, text: str) -> None:
        """To standard error."""
        self.flush()
        self._put(self._err, text)

    def flush(self) -> None:
        """Lets go of what is buffered."""
        try:
            self._out.flush()
        except BrokenPipeError:
            self._break()

    def tell(self, diags: Iterable[Diagnostic], *, compact: bool = False) -> None:
        """Diagnostics as text: warnings to standard output, errors to standard error."""
        from mooring.core.diagnostics import in_order
        from mooring.reporting.diagnostics_text import render_compact, render_diagnostics

        ordered = in_order(diags)
        errors: Diagnostics = tuple(diag for diag in ordered if diag.is_error)
        warnings: Diagnostics = tuple(diag for diag in ordered if not diag.is_error)
        layout = self.layout
        if warnings:
            render = render_compact if compact and not errors else render_diagnostics
            self.write(render(warnings, layout))
        if errors:
            self.complain(render_diagnostics(errors, layout))

    def tell_apart(self, diags: Iterable[Diagnostic]) -> None:
        """Diagnostics as text, all of them to standard error: standard output is for a document."""
        from mooring.reporting.diagnostics_text import render_diagnostics

        text = render_diagnostics(diags, self.layout)
        if text:
            self.complain(text)

    def ask(self, prompt: str) -> str | None:
        """One line from standard input; None at its end."""
        self.write_now(prompt)
        answer = self._source.readline()
        return answer.strip() if answer else None

    @property
    def is_interactive(self) -> bool:
        """Whether a person types standard input."""
        return self._source.isatty()

    def ask_line(self, prompt: str) -> str | None:
        """One line that a person types, with what came before at hand (readline); None at the end."""
        with suppress(ImportError):
            import readline  # noqa: F401 - input() uses it
        self.flush()
        try:
            return input(prompt)
        except EOFError:
            self.write("\n")
            return None

    def read_all(self) -> str:
        """All of standard input."""
        return self._source.read()

    def read_bytes(self) -> bytes:
        """All of standard input, as it is."""
        buffer = getattr(self._source, "buffer", None)
        return self._source.read().encode() if buffer is None else bytes(buffer.read())

    def _put(self, stream: TextIO, text: str) -> None:
        if self.is_broken:
            return
        try:
            stream.write(text)
        except BrokenPipeError:
            self._break()

    def _break(self) -> None:
        """The reader went away; the interpreter must not fail on its final flush either."""
        self.is_broken = True
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._out.fileno())


def system_terminal(environment: Mapping[str, str]) -> Terminal:
    """The process's own standard streams. Colours on a terminal, unless `NO_COLOR` is set."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    is_live = sys.stdout.isatty()
    forced = environment.get("FORCE_COLOR") or environment.get("CLICOLOR_FORCE")
    colour = not environment.get("NO_COLOR") and (is_live or bool(forced))
    width = _terminal_width() if is_live else DEFAULT_WIDTH
    return Terminal(sys.stdout, sys.stderr, sys.stdin, width=width, colour=colour)


def _terminal_width() -> int:
    try:
        return max(20, os.get_terminal_size(sys.stdout.fileno()).columns - 1)
    except OSError:
        return DEFAULT_WIDTH
