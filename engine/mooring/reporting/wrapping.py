"""Fills paragraphs to a width, as Terraform does: lines that begin with a space are left alone."""

from __future__ import annotations

from typing import Final

DEFAULT_WIDTH: Final = 78
"""What is assumed where there is no terminal."""


def wrap(text: str, width: int) -> str:
    """Every line of the text broken at spaces to at most `width` characters; longer words stay whole.

    A line that begins with a space is preformatted. `width` 0 or less wraps nothing.
    """
    if width <= 0:
        return text
    return "\n".join(_wrap_line(line, width) for line in text.split("\n"))


def _wrap_line(line: str, width: int) -> str:
    if len(line) <= width or line.startswith((" ", "\t")):
        return line
    lines: list[str] = []
    current = ""
    for word in line.split(" "):
        if current and len(current) + 1 + len(word) > width:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}" if current else word
    lines.append(current)
    return "\n".join(lines)
