"""The leaf vocabulary: spans, diagnostics, addresses, paths, types, values. Imports nothing of Mooring."""
