"""Request addresses: origin, path segments and query of a URL.

ARM compares paths and query names without regard to case and ignores empty segments (`//`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

PUBLIC_ORIGIN = "https://management.azure.com"
"""The origin of links when the request's URL is a bare path."""
BLOB_SUFFIX = ".blob.core.windows.net"
BLOB_ROOT = "blob-storage"
"""Where blobs are on an origin of the emulator's own: `/blob-storage/{account}/{container}/{name}`.

A storage account's own host name means the same path.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Url:
    """A parsed request address; `query` has lower-case names."""

    origin: str
    path: str
    segments: tuple[str, ...]
    query: Mapping[str, str]

    @property
    def api_version(self) -> str:
        """Give the api-version, empty when absent."""
        return self.query.get("api-version", "")

    def link(self, path: str, query: Mapping[str, str]) -> str:
        """Build an absolute URL on the same origin."""
        return f"{self.origin}{quote(path, safe='/()')}?{urlencode(query, safe='$')}"


def parse_url(url: str) -> Url:
    """Parse an absolute URL, or a path with a query."""
    parts = urlsplit("/" + url.lstrip("/") if url.startswith("/") else url)
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else PUBLIC_ORIGIN
    segments = tuple(unquote(segment) for segment in parts.path.split("/") if segment)
    if parts.netloc.lower().partition(":")[0].endswith(BLOB_SUFFIX):
        segments = (BLOB_ROOT, parts.netloc.lower().partition(".")[0], *segments)
    query = {name.lower(): value for name, value in parse_qsl(parts.query, keep_blank_values=True)}
    return Url(origin=origin, path="/" + "/".join(segments), segments=segments, query=query)
