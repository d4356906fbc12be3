"""ARM's own resources and the neighbours of a machine learning workspace.

`simple` makes a `ResourceKind` from a descriptor; one module per resource provider holds the descriptors.
"""
