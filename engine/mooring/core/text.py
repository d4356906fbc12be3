"""The form that all strings of the language have."""

from __future__ import annotations

import unicodedata


def composed(text: str) -> str:
    """The text in Unicode's normal form C, which every string value is in."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
