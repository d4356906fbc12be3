"""Reads `mock_provider` blocks, and the `*.tfmock.hcl` files that they take from a folder."""

from __future__ import annotations

from typing import Final

from mooring.config.declarations.constants import constant_value, read_text
from mooring.config.files import FileReader, is_ignored, join
from mooring.config.names import duplicate
from mooring.config.test_files.model import Mock, MockedType, Override
from mooring.config.test_files.overrides import DURING, OVERRIDES, read_during, read_overrides
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import record
from mooring.core.spans import Span
from mooring.core.values import EMPTY_OBJECT_VALUE, Value
from mooring.syntax import parse_file
from mooring.syntax.body import Block, Body, Content, Names

_SUFFIXES: Final = (".tfmock.hcl", ".tfmock.json")
_BLOCKS: Final = {"mock_resource": ("type",), "mock_data": ("type",), **dict.fromkeys(OVERRIDES, ())}
_NAMES: Final = Names(attributes=frozenset({"alias", "source", DURING}), blocks=_BLOCKS)
_FILE_NAMES: Final = Names(blocks=_BLOCKS)
_TYPE_NAMES: Final = Names(attributes=frozenset({"defaults", DURING}))


@record(kw_only=True)
class _Mocked:
    """What one body says stands in for what."""

    types: tuple[MockedType, ...] = ()
    overrides: tuple[Override, ...] = ()


def read_mock(block: Block, files: FileReader) -> tuple[Mock, Diagnostics]:
    """One mocked provider. What its block says wins over what its folder says."""
    content, diags = block.body.content(_NAMES)
    alias, problems = read_text(content, "alias")
    during, more = read_during(content, default=False)
    source, wrong = read_text(content, "source")
    own, own_diags = _read_content(content, during_plan=during)
    shared, shared_diags = _read_folder(source, files, block.header, during_plan=during)
    mock = Mock(
        local_name=block.labels[0],
        alias=alias,
        types=own.types + tuple(each for each in shared.types if not _has(own, each)),
        overrides=own.overrides + shared.overrides,
        during_plan=during,
        span=block.header,
    )
    return mock, (*diags, *problems, *more, *wrong, *own_diags, *shared_diags)


def _has(mocked: _Mocked, other: MockedType) -> bool:
    return any((each.mode, each.type) == (other.mode, other.type) for each in mocked.types)


def _read_content(content: Content, *, during_plan: bool) -> tuple[_Mocked, Diagnostics]:
    overrides, diags = read_overrides(content.blocks, during_plan=during_plan)
    types: dict[tuple[str, str], MockedType] = {}
    found: list[Diagnostic] = [*diags]
    for block in content.blocks:
        if block.type in OVERRIDES:
            continue
        mocked, problems = _read_type(block, during_plan=during_plan)
        found += problems
        first = types.setdefault((block.type, mocked.type), mocked)
        if first is not mocked:
            what = f"What stands in for {mocked.type}"
            where = block.label_spans[0]
            found.append(duplicate(f"Duplicate {block.type} block", what, where, first.span))
    return _Mocked(types=tuple(types.values()), overrides=overrides), tuple(found)


def _read_type(block: Block, *, during_plan: bool) -> tuple[MockedType, Diagnostics]:
    content, diags = block.body.content(_TYPE_NAMES)
    defaults, problems = _read_defaults(content)
    during, more = read_during(content, default=during_plan)
    mocked = MockedType(
        mode="data" if block.type == "mock_data" else "managed",
        type=block.labels[0],
        defaults=defaults,
        defaults_span=content.attributes["defaults"].span if "defaults" in content.attributes else None,
        during_plan=during,
        span=block.header,
    )
    return mocked, (*diags, *problems, *more)


def _read_defaults(content: Content) -> tuple[Value, Diagnostics]:
    """The constant of `defaults`. Whether it suits is said when an object is made of it."""
    attribute = content.attributes.get("defaults")
    value, diags = constant_value(attribute.expression) if attribute is not None else (None, ())
    return (value if value is not None else EMPTY_OBJECT_VALUE), diags


def _read_folder(
    folder: str | None, files: FileReader, asked: Span, *, during_plan: bool
) -> tuple[_Mocked, Diagnostics]:
    """What all mock files of a folder say together; the folder is seen from the working directory."""
    if folder is None:
        return _Mocked(), ()
    names = files.names(join(".", folder))
    if names is None:
        detail = f'There is no folder "{folder}", or it cannot be read. It is seen from the configuration.'
        return _Mocked(), (error("Failed to read mock data directory", detail, asked),)
    types: dict[tuple[str, str], MockedType] = {}
    overrides: list[Override] = []
    found: list[Diagnostic] = []
    for name in names:
        if not name.endswith(_SUFFIXES) or is_ignored(name):
            continue
        body, diags = _parse(join(folder, name), files)
        content, problems = body.content(_FILE_NAMES)
        read, more = _read_content(content, during_plan=during_plan)
        found += (*diags, *problems, *more)
        overrides += read.overrides
        for each in read.types:
            first = types.setdefault((each.mode, each.type), each)
            if first is not each:
                block_type = "mock_data" if each.mode == "data" else "mock_resource"
                what = f"What stands in for {each.type}"
                found.append(duplicate(f"Duplicate {block_type} block", what, each.span, first.span))
    return _Mocked(types=tuple(types.values()), overrides=tuple(overrides)), tuple(found)


def _parse(path: str, files: FileReader) -> tuple[Body, Diagnostics]:
    return parse_file(path, files.read(path) or b"")
