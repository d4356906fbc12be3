"""The public Azure host names that the proxy answers for; every other one it refuses.

Nothing is ever forwarded: a request for a name that is not here never leaves the machine.
"""

_NAMES = frozenset(
    {
        "management.azure.com",
        "management.core.windows.net",
        "login.microsoftonline.com",
        "login.microsoft.com",
        "login.windows.net",
        "sts.windows.net",
        "graph.microsoft.com",
        "169.254.169.254",
    }
)
_SUFFIXES = (
    ".api.azureml.ms",
    ".azureml.ms",
    ".experiments.azureml.net",
    ".modelmanagement.azureml.net",
    ".blob.core.windows.net",
)


def is_azure(host: str) -> bool:
    """Say whether a host name is one the emulator stands for."""
    name = host.lower().rstrip(".")
    return name in _NAMES or name.endswith(_SUFFIXES)
