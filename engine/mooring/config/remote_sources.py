"""Sources that must be fetched: what is fetched how, and which folder of it is the module.

Owns the reading of addresses, as in https://developer.hashicorp.com/terraform/language/modules/sources;
fetches nothing.
"""

from __future__ import annotations

import posixpath
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from mooring.config.sources import is_registry
from mooring.core.records import record

ARCHIVES: Final = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_WEB: Final = ("http", "https")
_GIT_SCHEMES: Final = ("file", "http", "https", "ssh")

Kind = Literal["git", "archive", "folder"]


@record(kw_only=True)
class RemoteSource:
    """What to fetch. `subfolder` is the module inside of it; `ref` and `depth` are git's."""

    kind: Kind
    url: str
    subfolder: str = ""
    ref: str | None = None
    depth: int | None = None


class UnsupportedSource(Exception):  # noqa: N818 - control flow: the text says why it cannot be fetched
    """The source cannot be fetched; the text is for the user."""


def parse_remote(source: str) -> RemoteSource:
    """What a source that is no local folder stands for. Raises `UnsupportedSource`."""
    if is_registry(source):
        raise UnsupportedSource(
            "It comes from a module registry, and Mooring does not speak to registries. Give the address of "
            'its repository instead, as "git::https://host/path.git?ref=v1.2.3".'
        )
    forced, separator, address = source.partition("::")
    method, address = (forced, address) if separator else ("", source)
    whole, subfolder = _split_subfolder(address)
    parts = urlsplit(whole)
    if subfolder.startswith("/") or ".." in subfolder.split("/"):
        raise UnsupportedSource("The folder after // must be inside of what is fetched.")
    if method == "git":
        return _git(whole, subfolder)
    if method:
        raise UnsupportedSource(f'Mooring cannot fetch with "{method}". It can fetch git:: and archives.')
    if parts.path.endswith(ARCHIVES) and parts.scheme in ("file", *_WEB):
        return RemoteSource(kind="archive", url=_without_query(whole, parts.query), subfolder=subfolder)
    if parts.scheme == "file":
        return RemoteSource(kind="folder", url=whole, subfolder=subfolder)
    endings = ", ".join(ARCHIVES)
    raise UnsupportedSource(
        f'Mooring can fetch "git::" addresses and archives ({endings}), and this is neither.'
    )


def _git(whole: str, subfolder: str) -> RemoteSource:
    parts = urlsplit(whole)
    if parts.scheme not in _GIT_SCHEMES:
        raise UnsupportedSource("A git address is one of file://, https:// or ssh://.")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    ref, depth = query.pop("ref", None), query.pop("depth", None)
    if query:
        raise UnsupportedSource(f'The argument "{min(query)}" is not supported; there are ref and depth.')
    if ref is not None and (not ref or ref.startswith("-")):
        raise UnsupportedSource(f'"{ref}" cannot be the name of a branch, tag or commit.')
    if depth is not None and not depth.isdecimal():
        raise UnsupportedSource("The depth is a whole number.")
    url = urlunsplit(parts._replace(query=""))
    return RemoteSource(
        kind="git", url=url, subfolder=subfolder, ref=ref, depth=int(depth) if depth else None
    )


def _without_query(whole: str, query: str) -> str:
    """The address without `archive=`, which only repeats the ending. Raises `UnsupportedSource`."""
    arguments = dict(parse_qsl(query))
    if "checksum" in arguments:
        raise UnsupportedSource("Mooring does not check checksums of archives; a ?ref= of git is as safe.")
    arguments.pop("archive", None)
    return urlunsplit(urlsplit(whole)._replace(query=urlencode(arguments)))


def _split_subfolder(address: str) -> tuple[str, str]:
    """`host/repo//folder?ref=x` as `host/repo?ref=x` and `folder`."""
    start = address.find("://") + 3 if "://" in address else 0
    before_query, mark, query = address.partition("?")
    at = before_query.find("//", start)
    if at < 0:
        return address, ""
    return before_query[:at] + mark + query, posixpath.normpath(before_query[at + 2 :])
