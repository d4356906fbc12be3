"""Encryption of states, journals and saved plans, in the form of OpenTofu: keys, methods, envelopes."""
