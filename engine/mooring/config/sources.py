"""Where a module's files come from: the `source` of a `module` block.

Owns the forms of source addresses and nothing of fetching. The forms are those of
https://developer.hashicorp.com/terraform/language/modules/sources.
"""

from __future__ import annotations

import posixpath
import re
from typing import Final

from mooring.core.diagnostics import Diagnostics, error
from mooring.core.spans import Span

_NAME: Final = r"[0-9A-Za-z](?:[0-9A-Za-z_-]{0,62}[0-9A-Za-z])?"
_HOST: Final = r"(?:[0-9A-Za-z-]+\.)+[0-9A-Za-z-]+(?::\d+)?|localhost(?::\d+)?"
_REGISTRY: Final = rf"(?:(?:{_HOST})/)?{_NAME}/{_NAME}/[0-9a-z]{{1,64}}(?://.*)?"
_REMOTE: Final = (
    r"[A-Za-z0-9+]+::.+"  # a forced method, as git::...
    r"|[A-Za-z][A-Za-z0-9+.-]*:.+"  # a URL, or a path with a drive letter
    r"|(?:github\.com|bitbucket\.org|gitlab\.com)/.+"
    r"|[^/@]+@[^/:]+:.+"  # git over SSH
    r"|/.*"
    r"|(?:[a-z0-9-]+\.)*amazonaws\.com/.+"
    r"|(?:www\.)?googleapis\.com/.+"
)
_SSH_SHORTHAND: Final = r"(?:git::)?(?P<user>[^/@:]+)@(?P<host>[^/:]+):(?P<path>[^/].*)"
"""Compiled when a module is called: together they would cost each command a millisecond."""
_CODE_HOSTS: Final = ("github.com/", "bitbucket.org/", "gitlab.com/")


def is_local(source: str) -> bool:
    """Whether the source is a folder relative to the calling module."""
    return source.startswith(("./", "../", ".\\", "..\\"))


def normal_source(source: str) -> str:
    """The source as Terraform records it: a folder without detours, shorthands written out.

    `./x/../m` is `./m`, `git@host:path` is `git::ssh://git@host/path`, `/path` is `file:///path`.
    """
    if not is_local(source):
        return _written_out(source)
    path = posixpath.normpath(source.replace("\\", "/"))
    return path if path.startswith("../") else f"./{path}"


def _written_out(source: str) -> str:
    host, _, path = source.partition("/")
    shell = re.fullmatch(_SSH_SHORTHAND, source)
    if shell is not None:
        return f"git::ssh://{shell['user']}@{shell['host']}/{shell['path']}"
    if source.startswith("/"):
        return f"file://{source}"
    if source.startswith(_CODE_HOSTS) and path.count("/"):
        owner, repository, *rest = path.split("/", 2)
        name, mark, query = repository.partition("?")
        suffix = "" if name.endswith(".git") else ".git"
        inside = f"/{rest[0]}" if rest else ""
        return f"git::https://{host}/{owner}/{name}{suffix}{inside}{mark}{query}"
    return source


def is_registry(source: str) -> bool:
    """Whether the source names a module of a registry."""
    return re.fullmatch(_REGISTRY, source) is not None and not source.startswith(_CODE_HOSTS)


def check_source(source: str, span: Span, has_version: bool) -> Diagnostics:  # noqa: FBT001
    """An error if the source has none of the known forms; with a version it must be a registry's."""
    if has_version:
        if is_registry(source):
            return ()
        detail = f'Only modules of a registry have versions, and "{source}" is no registry address.'
        return (error("Invalid registry module source address", detail, span),)
    if is_local(source) or is_registry(source) or re.fullmatch(_REMOTE, source):
        return ()
    detail = f'"{source}" is neither a folder nor an address.'
    if source:
        detail += f' A folder beside this module is written with a leading "./": "./{source}".'
    return (error("Invalid module source address", detail, span),)
