"""The life of any ARM resource, driven by its `Definition`: plan, create, read, update, delete, import.

`resource.py` gives these functions the SDK's shape; each ability stands in a file of its own.
"""
