"""Azure resource ids: build, parse, compare. Pure text; knows no resource type.

An id is known at plan time whenever the names in it are: that is why `workspace_id` of a planned compute is
not "known after apply". ARM compares ids without regard to case and rewrites their casing (facts.md section
3), so ids are compared with `same_id` and never with `==`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceId:
    """The parts of an id. `type` is as spelled in it: `Microsoft.Storage/storageAccounts`.

    `names` holds one name per type segment below the namespace. The id of a resource group has the type
    `Microsoft.Resources/resourceGroups` and the group's name in `names` as well as in `group`.
    """

    subscription: str
    group: str
    type: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The last name: the resource's own."""
        return self.names[-1]

    def is_a(self, type_name: str) -> bool:
        """Whether it names a resource of this type, however spelled."""
        return self.type.lower() == type_name.lower()

    def __str__(self) -> str:
        group = group_id(self.subscription, self.group)
        if self.is_a(GROUP_TYPE):
            return group
        namespace, *kinds = self.type.split("/")
        pairs = "".join(f"/{kind}/{name}" for kind, name in zip(kinds, self.names, strict=True))
        return f"{group}/providers/{namespace}{pairs}"

    @property
    def parent(self) -> ResourceId:
        """The resource one level up; the resource group for a top-level resource."""
        if len(self.names) == 1:
            return ResourceId(
                subscription=self.subscription, group=self.group, type=GROUP_TYPE, names=(self.group,)
            )
        upper, _, _ = self.type.rpartition("/")
        return ResourceId(subscription=self.subscription, group=self.group, type=upper, names=self.names[:-1])


GROUP_TYPE = "Microsoft.Resources/resourceGroups"


def group_id(subscription: str, group: str) -> str:
    """The id of a resource group."""
    return f"/subscriptions/{subscription}/resourceGroups/{group}"


def resource_id(subscription: str, group: str, type_name: str, name: str) -> str:
    """The id of a top-level resource in a group."""
    return f"{group_id(subscription, group)}/providers/{type_name}/{name}"


def child_id(parent: str, collection: str, name: str) -> str:
    """The id of a child resource, with its parent's spelling."""
    return f"{parent.rstrip('/')}/{collection}/{name}"


def collection_of(text: str) -> str:
    """The path of the list that a resource is in: its id without the name."""
    return text.rstrip("/").rpartition("/")[0]


def type_of(text: str) -> str:
    """The type that an id of any scope names, an extension's own for that of one; empty for other texts."""
    parts = [part for part in text.split("/") if part]
    lowered = [part.lower() for part in parts]
    if "providers" not in lowered:
        is_group = len(parts) == 4 and (lowered[0], lowered[2]) == ("subscriptions", "resourcegroups")
        return GROUP_TYPE if is_group else ""
    start = len(parts) - lowered[::-1].index("providers")
    kinds = parts[start + 1 :: 2]
    return "/".join((parts[start], *kinds)) if kinds and len(parts) - start == 2 * len(kinds) + 1 else ""


def parent_of(text: str) -> str:
    """The id one level up: of the resource that a child is in, of the scope of a top-level resource."""
    parts = text.rstrip("/").split("/")
    is_top = type_of(text).count("/") == 1 and parts[-4].lower() == "providers"
    return "/".join(parts[: -4 if is_top else -2])


def parse_id(text: str) -> ResourceId | None:
    """The parts of an id of a resource group or of anything in one; None for any other text."""
    parts = [part for part in text.split("/") if part]
    if not text.startswith("/") or len(parts) < 4 or len(parts) % 2:
        return None
    if (parts[0].lower(), parts[2].lower()) != ("subscriptions", "resourcegroups"):
        return None
    if len(parts) == 4:
        return ResourceId(subscription=parts[1], group=parts[3], type=GROUP_TYPE, names=(parts[3],))
    if len(parts) < 8 or parts[4].lower() != "providers":
        return None
    type_name = "/".join((parts[5], *parts[6::2]))
    return ResourceId(subscription=parts[1], group=parts[3], type=type_name, names=tuple(parts[7::2]))


def id_in(text: str) -> str:
    """The ARM id in an address of the portal or of the studio; any other text as it is.

    The portal has it in the fragment, followed by the page's name (`#@tenant/resource{id}/overview`); the
    studio has the workspace's in `wsid` and what the page is about in the path (`/compute/{name}/details`).
    """
    from urllib.parse import parse_qs, unquote, urlsplit

    text = text.strip()
    if not text.lower().startswith(("https://", "http://")):
        return text
    address = urlsplit(text)
    workspace = next(iter(parse_qs(address.query).get("wsid", ())), "")
    if workspace:
        return _studio_id(workspace, [unquote(part) for part in address.path.split("/") if part])
    path = unquote(f"/{address.fragment or address.path}")
    start = path.lower().find("/subscriptions/")
    return text if start < 0 else _without_page(path[start:].partition("?")[0].rstrip("/"))


_STUDIO_PAGES = {
    ("compute",): "computes",
    ("data", "datastore"): "datastores",
    ("datastore",): "datastores",
    ("endpoints", "realtime"): "onlineEndpoints",
    ("endpoints", "batch"): "batchEndpoints",
    ("runs",): "jobs",
    ("experiments", "runs"): "jobs",
}


def _studio_id(workspace: str, path: list[str]) -> str:
    for page, collection in _STUDIO_PAGES.items():
        if tuple(path[: len(page)]) == page and len(path) > len(page):
            return child_id(workspace, collection, path[len(page)])
    if path[:1] == ["environments"] and path[2:3] == ["version"] and len(path) > 3:
        return child_id(child_id(workspace, "environments", path[1]), "versions", path[3])
    return workspace.rstrip("/")


def _without_page(path: str) -> str:
    """An id without the name of the portal's page behind it: ids have pairs of segments."""
    parts = path.strip("/").split("/")
    has_page = len(parts) % 2 == 1
    return "/" + "/".join(parts[:-1] if has_page else parts)


def same_id(one: str, other: str) -> bool:
    """Whether two texts name the same resource: casing and repeated slashes do not count."""
    return normal_id(one) == normal_id(other)


def normal_id(text: str) -> str:
    """The form to use as a dictionary key."""
    return "/".join(part for part in text.lower().split("/") if part)
