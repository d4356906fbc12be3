"""The ways the neighbours' services answer, as Azure/azure-rest-api-specs declares them."""

from mooring_emulator.arm.kinds import Replies, Reply

_DONE = Reply(status=200)
_DELETED = Reply(status=200, has_body=False)

COMPUTE_STYLE = Replies(
    create=Reply(status=201, azure_async_operation=True),
    update=Reply(status=200, azure_async_operation=True),
    patch=Reply(status=200, azure_async_operation=True),
    delete=Reply(status=202, has_body=False, azure_async_operation=True, location=True),
)
"""Microsoft.Compute and Microsoft.Network: every write is a long-running operation."""

CREATED_LATER = Replies(
    create=Reply(status=202, has_body=False, location=True), update=_DONE, patch=_DONE, delete=_DELETED
)
"""Microsoft.Storage: only the creation takes time."""

CREATED_AT_ONCE = Replies(create=_DONE, update=_DONE, patch=_DONE, delete=_DELETED)
"""Services that answer 200 to every PUT."""

CREATED_201 = Replies(
    create=Reply(status=201, azure_async_operation=True), update=_DONE, patch=_DONE, delete=_DELETED
)
"""Services that create with a status URL and do the rest at once."""
