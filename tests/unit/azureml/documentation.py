"""The reference of the provider, made from the schemas. Run as a module, it writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mooring.sdk import Attribute, BlockSchema, NestedBlock, ResourceSchema
from mooring_azureml import provider

README: Final = Path(__file__).parents[3] / "providers" / "mooring_azureml" / "README.md"
BEGIN: Final = "<!-- the reference begins -->"
END: Final = "<!-- the reference ends -->"


def reference() -> str:
    """Types, verbs and arguments, as Markdown."""
    schema = provider.schema()
    parts = ["", "## Provider arguments", "", *_arguments(schema.provider), "", "## Resource types"]
    for name, resource in sorted(schema.resources.items()):
        parts.extend(_section(name, resource))
    parts.extend(["", "## Data sources"])
    for name, source in sorted(schema.data_sources.items()):
        parts.extend(["", f"### `{name}`", "", source.block.description, "", *_arguments(source.block)])
    return "\n".join([*parts, ""])


def _section(name: str, resource: ResourceSchema) -> Iterator[str]:
    yield from ("", f"### `{name}`", "", resource.block.description, "")
    yield f"Made with *{resource.verbs.create}*, ended with *{resource.verbs.delete}*."
    yield ""
    yield from _arguments(resource.block)


def _arguments(block: BlockSchema) -> Iterator[str]:
    yield "| name | | |"
    yield "| --- | --- | --- |"
    yield from _rows(block, "")


def _rows(block: BlockSchema, prefix: str) -> Iterator[str]:
    for name, attribute in sorted(block.attributes.items()):
        yield f"| `{prefix}{name}` | {_kind(attribute)} | {attribute.description.replace('|', '/')} |"
    for name, nested in sorted(block.blocks.items()):
        yield f"| `{prefix}{name}` | {_occurs(nested)} | {nested.block.description} |"
        yield from _rows(nested.block, f"{prefix}{name}.")


def _kind(attribute: Attribute) -> str:
    words = (
        ("required", attribute.required),
        ("optional", attribute.optional),
        ("decided by Azure", attribute.computed and not attribute.optional),
        ("write-only", attribute.write_only),
    )
    return ", ".join(word for word, holds in words if holds)


def _occurs(nested: NestedBlock) -> str:
    times = "a block" if nested.max_items == 1 else "blocks"
    return f"{times}, required" if nested.min_items else times


def written(text: str) -> str:
    """The page with the reference in its place."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{reference()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
