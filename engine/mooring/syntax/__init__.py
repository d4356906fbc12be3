"""Text to syntax: lexer, parser, templates, JSON configuration. Frozen nodes with exact spans; no meaning."""
