"""What git knows of a folder of code: the commit, the branch, whether there is more, and where it is from.

Asked of the program `git`, which is told to write nothing. The names of the properties are those that Azure
ML's own clients record with a job ("Git integration for Azure Machine Learning").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from mooring_azureml.local.machine import Machine

_GIT: Final = ("git", "--no-optional-locks", "-c", "core.fsmonitor=false")


@dataclass(frozen=True, slots=True, kw_only=True)
class GitFacts:
    """None where git does not tell; `repository` holds no credentials."""

    commit: str | None = None
    branch: str | None = None
    is_dirty: bool | None = None
    repository: str | None = None

    @property
    def properties(self) -> Mapping[str, str]:
        """As a job records them."""
        known = {
            "azureml.git.repository_uri": self.repository,
            "mlflow.source.git.repoURL": self.repository,
            "azureml.git.branch": self.branch,
            "mlflow.source.git.branch": self.branch,
            "azureml.git.commit": self.commit,
            "mlflow.source.git.commit": self.commit,
            "azureml.git.dirty": None if self.is_dirty is None else str(self.is_dirty),
        }
        return {name: value for name, value in known.items() if value is not None}


def read_git_facts(machine: Machine, folder: Path) -> GitFacts:
    """Of the folder's repository; nothing known where there is none, or no commit yet."""

    def ask(*words: str) -> str | None:
        return machine.ask_program((*_GIT, *words), str(folder))

    commit = ask("rev-parse", "--verify", "HEAD")
    if commit is None:
        return GitFacts()
    status, origin = ask("status", "--porcelain", "--", "."), ask("config", "--get", "remote.origin.url")
    return GitFacts(
        commit=commit,
        branch=ask("symbolic-ref", "--short", "-q", "HEAD"),
        is_dirty=None if status is None else bool(status),
        repository=without_credentials(origin) if origin else None,
    )


def without_credentials(address: str) -> str:
    """A repository's address without user, password, query and fragment; other forms hold no secret."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https", "ssh", "git"}:
        return address
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))
