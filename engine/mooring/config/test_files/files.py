"""Finds the test files of a configuration and reads them: those beside it, and those of a test folder."""

from __future__ import annotations

from typing import Final

from mooring.config.declarations.constants import read_flag
from mooring.config.declarations.providers import read_provider
from mooring.config.files import FileReader, is_ignored, join
from mooring.config.model import ProviderConfig
from mooring.config.names import duplicate
from mooring.config.test_files.mocks import read_mock
from mooring.config.test_files.model import Mock, ProviderName, TestFile
from mooring.config.test_files.overrides import OVERRIDES, read_overrides
from mooring.config.test_files.runs import at_most_once, read_run, read_variables
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, in_order, warning
from mooring.syntax import parse_file
from mooring.syntax.body import Block, Content, Names

DEFAULT_FOLDER: Final = "tests"
_SUFFIXES: Final = (".tftest.hcl", ".tftest.json")
_NAMES: Final = Names(
    blocks={
        "test": (),
        "run": ("name",),
        "variables": (),
        "provider": ("name",),
        "mock_provider": ("name",),
        **dict.fromkeys(OVERRIDES, ()),
    }
)
_SETTINGS: Final = Names(attributes=frozenset({"parallel"}))


def read_test_files(
    files: FileReader, folder: str = DEFAULT_FOLDER
) -> tuple[tuple[TestFile, ...], Diagnostics]:
    """The test files of the working folder, by name, and everything that is wrong with them."""
    wrong = check_folder(folder)
    if wrong:
        return (), wrong
    diags: list[Diagnostic] = []
    inside = files.names(folder)
    if inside is None and folder != DEFAULT_FOLDER:
        detail = f'There is no folder "{folder}" to look for tests in.'
        diags.append(warning("Test directory does not exist", detail))
    beside = files.names(".") or ()
    paths = {*_tests(beside, "."), *_tests(inside or (), folder)}
    read: list[TestFile] = []
    for path in sorted(paths):
        test_file, problems = read_test_file(path, files.read(path) or b"", files)
        read.append(test_file)
        diags += problems
    return tuple(read), in_order(diags)


def check_folder(folder: str) -> Diagnostics:
    """An error for a test folder that is not below the working folder."""
    path = join(".", folder)
    if path not in {"", ".."} and not path.startswith(("/", "../")):
        return ()
    detail = f'Tests belong to the configuration that they test: "{folder}" is not a folder below it.'
    return (error("Invalid testing directory", detail),)


def _tests(names: tuple[str, ...], folder: str) -> list[str]:
    return [join(folder, name) for name in names if name.endswith(_SUFFIXES) and not is_ignored(name)]


def read_test_file(path: str, data: bytes, files: FileReader) -> tuple[TestFile, Diagnostics]:
    """One test file. `files` has the folders of mocks that it names."""
    body, diags = parse_file(path, data)
    content, problems = body.content(_NAMES)
    found: list[Diagnostic] = [*diags, *problems]
    found += _check_settings(content)
    variables, problems = read_variables(content, "test file")
    found += problems
    overrides, problems = read_overrides(content.blocks)
    found += problems
    read = [read_run(block) for block in content.of_type("run")]
    found += (diag for _, wrong in read for diag in wrong)
    runs = [run for run, _ in read]
    found += at_most_once(runs)
    providers, problems = _read_providers(content.blocks, files)
    found += problems
    test_file = TestFile(
        path=path,
        variables=variables,
        providers=providers,
        overrides=overrides,
        runs=tuple(runs),
        source=body.missing_item.source,
    )
    return test_file, tuple(found)


def _check_settings(content: Content) -> Diagnostics:
    """`test { parallel = true }`: runs go one after another, which is one of the orders it allows."""
    blocks = content.of_type("test")
    found: list[Diagnostic] = []
    for block in blocks:
        settings, diags = block.body.content(_SETTINGS)
        found += (*diags, *read_flag(settings, "parallel")[1])
    what = "A test block of this file"
    found += (duplicate('Multiple "test" blocks', what, each.header, blocks[0].header) for each in blocks[1:])
    return tuple(found)


def _read_providers(
    blocks: tuple[Block, ...], files: FileReader
) -> tuple[dict[ProviderName, ProviderConfig | Mock], Diagnostics]:
    """Provider configurations, real and mocked, which share their names."""
    read: dict[ProviderName, ProviderConfig | Mock] = {}
    found: list[Diagnostic] = []
    for block in blocks:
        if block.type not in {"provider", "mock_provider"}:
            continue
        provider, diags = read_mock(block, files) if block.type == "mock_provider" else read_provider(block)
        found += diags
        if provider is None:
            continue
        first = read.setdefault((provider.local_name, provider.alias), provider)
        if first is not provider:
            alias = f".{provider.alias}" if provider.alias else ""
            what = f"A provider {provider.local_name}{alias} of this file"
            found.append(duplicate("Duplicate provider block", what, provider.span, first.span))
    return read, tuple(found)
