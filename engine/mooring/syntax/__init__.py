"""Text to syntax: lexer, parser, templates, JSON configuration. Frozen nodes with exact spans; no meaning."""

from __future__ import annotations

from mooring.syntax.parser import parse_expression, parse_file, parse_native, parse_template

__all__ = ["parse_expression", "parse_file", "parse_native", "parse_template"]
