"""What the fake cloud remembers, and where: documents, claims, operations and the request log.

`model` has the values, `protocol` the seam, `memory` and `sqlite` the two implementations.
"""
