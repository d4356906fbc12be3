"""The declarative layer: a resource type's table of properties, and what can be done with any table.

`model` is the data; `schema` makes the SDK's schema of it; `planned`, `to_arm` and `from_arm` move objects
between the configuration and the service; `differences` compares two objects by meaning.
"""
