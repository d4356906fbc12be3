"""Azure Resource Manager itself: addresses, versions, the life cycle of any resource, operations, paging.

Knows no resource provider; resource types are values of `kinds.ResourceKind` that the catalog hands in.
"""
