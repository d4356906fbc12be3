"""Faults on demand: rules that say which request suffers what, and the injector that counts and decides."""
