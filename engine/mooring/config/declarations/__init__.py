"""Reads the blocks of the language into declarations, one module for each family of blocks.

Each reader takes one block and returns `(declaration or None, diagnostics)`. Readers know nothing of other
blocks, files or modules.
"""
