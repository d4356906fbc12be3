"""Trees of modules: where their files are, and the manifest of what is installed."""

from __future__ import annotations

import json

import pytest
from tests.unit.config.configurations import lines, load_problems, loaded

from mooring.config.files import MemoryFiles
from mooring.config.installation import install_modules
from mooring.config.loading import load_configuration
from mooring.config.manifest import manifest_content, read_manifest

TREE = {
    "main.tf": 'module "z" { source = "./m" }\nmodule "a" { source = "./x/../m//n/" }',
    "m/main.tf": 'module "n" { source = "./n" }',
    "m/n/main.tf": 'module "up" { source = "../../e" }',
    "e/main.tf": 'output "x" {\n  value = 1\n}',
}


def test_folders_are_loaded_without_being_installed() -> None:
    root = loaded(TREE)
    up = root.descendant(("z", "n", "up"))
    assert up is not None
    assert (up.folder, up.path, sorted(up.outputs)) == ("e", ("z", "n", "up"), ["x"])


def test_the_manifest_is_as_terraform_writes_it() -> None:
    assert json.loads(manifest_content(loaded(TREE))) == {
        "Modules": [
            {"Key": "", "Source": "", "Dir": "."},
            {"Key": "a", "Source": "./m/n", "Dir": "m/n"},
            {"Key": "a.up", "Source": "../../e", "Dir": "e"},
            {"Key": "z", "Source": "./m", "Dir": "m"},
            {"Key": "z.n", "Source": "./n", "Dir": "m/n"},
            {"Key": "z.n.up", "Source": "../../e", "Dir": "e"},
        ]
    }


def test_the_sources_of_a_tree_load_as_the_same_tree() -> None:
    root = loaded(TREE)
    todo, texts = [root], {}
    while todo:
        module = todo.pop()
        texts |= {source.path: source.text for source in module.sources}
        todo += module.children.values()
    assert texts == TREE
    again, diags = load_configuration(".", files=MemoryFiles(texts))
    assert again is not None
    assert (manifest_content(again), diags) == (manifest_content(root), ())


class Written:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def write(self, path: str, content: bytes) -> None:
        self.files[path] = content


def test_installing_writes_a_manifest_that_reads_back() -> None:
    writer = Written()
    install_modules(".", files=MemoryFiles(TREE), writer=writer)
    manifest, _ = read_manifest(MemoryFiles(dict(writer.files)))
    assert {".".join(path): each.folder for path, each in manifest.items()}["z.n"] == "m/n"


def test_nothing_is_installed_where_something_is_wrong() -> None:
    writer = Written()
    _, diags = install_modules(
        ".", files=MemoryFiles({"main.tf": 'module "m" {\n  source = "a/b/c"\n}'}), writer=writer
    )
    assert (writer.files, lines(diags)) == ({}, ["error main.tf:1 Failed to download module"])


def test_an_installed_module_is_found_through_the_manifest() -> None:
    entry = {
        "Key": "m",
        "Source": "registry.terraform.io/a/b/c",
        "Version": "1.0.0",
        "Dir": ".terraform/modules/m",
    }
    files = {
        "main.tf": 'module "m" {\n  source  = "a/b/c"\n  version = "~> 1.0"\n}',
        ".terraform/modules/modules.json": json.dumps({"Modules": [entry]}),
        ".terraform/modules/m/main.tf": 'variable "x" {}',
    }
    root = loaded(files)
    child = root.children["m"]
    assert [source.path for source in root.sources] == ["main.tf", ".terraform/modules/modules.json"]
    assert (child.folder, sorted(child.variables)) == (".terraform/modules/m", ["x"])


def test_modules_that_call_each_other_in_a_circle_are_refused() -> None:
    files = {"main.tf": 'module "a" { source = "./a" }', "a/main.tf": 'module "back" { source = "../" }'}
    assert load_problems(files) == ["error a/main.tf:1 Module calls itself"]


def test_a_folder_that_is_not_there_is_an_error_at_the_call() -> None:
    assert load_problems('module "a" { source = "./a" }') == ["error main.tf:1 Unreadable module directory"]


def test_with_errors_in_the_root_nothing_else_is_loaded() -> None:
    files = {"main.tf": 'wrong {}\nmodule "a" { source = "./a" }', "a/main.tf": "wrong {}"}
    assert load_problems(files) == ["error main.tf:1 Unsupported block type"]


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("", ["error main.tf:1 Missing required argument"]),
        ('source = ""', ["error main.tf:2 Invalid module source address"]),
        ('source = "m"', ["error main.tf:2 Invalid module source address"]),
        ('source = "."', ["error main.tf:2 Invalid module source address"]),
        ('source = "~/x"', ["error main.tf:2 Invalid module source address"]),
        ('source = "./m"\nversion = "1"', ["error main.tf:2 Invalid registry module source address"]),
        ('source = "a/b/c"\nversion = "new"', ["error main.tf:3 Invalid version constraint"]),
        ('source = "git::https://example.com/x.git"', ["error main.tf:1 Module not installed"]),
        ('source = "git@github.com:x/y.git"', ["error main.tf:1 Module not installed"]),
        ('source = "./m"\nlifecycle {}', ["error main.tf:3 Reserved block type name in module block"]),
        ('source = "./m"\nproviders = x', ["error main.tf:3 Invalid expression"]),
        ('source = "./m"\nproviders = { a = b, a = c }', ["error main.tf:3 Duplicate provider address"]),
        (
            'source = "./m"\nproviders = { a.b.c = d }',
            ["error main.tf:3 Invalid provider configuration reference"],
        ),
    ],
)
def test_arguments_of_a_module_call(argument: str, expected: list[str]) -> None:
    assert load_problems({"main.tf": f'module "m" {{\n{argument}\n}}', "m/main.tf": ""}) == expected


def test_hidden_files_and_what_editors_leave_are_not_configuration() -> None:
    assert load_problems({".x.tf": "wrong", "x.tf~": "wrong", "#x.tf#": "wrong", "x.txt": "wrong"}) == []


def test_there_must_be_a_folder() -> None:
    module, diags = load_configuration("nowhere", files=MemoryFiles({}))
    assert (module, lines(diags)) == (None, ["error Unreadable module directory"])
