"""Global options, names of commands, help, and what goes wrong before a command runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from consoles import Said, moor

from mooring.cli.table import COMMANDS, GROUPS, load


@pytest.fixture(autouse=True)
def _in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_command_the_overview_is_shown_and_the_exit_code_is_127() -> None:
    said = moor()
    assert said.code == 127
    assert said.out.startswith("Usage: moor [global options] <subcommand> [args]\n")


@pytest.mark.parametrize("flag", ["-h", "-help", "--help"])
def test_help_is_not_an_error(flag: str) -> None:
    assert (0, moor().out) == (moor(flag).code, moor(flag).out)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_and_is_in_the_overview(name: str) -> None:
    said = moor(*name.split(), "-help")
    assert said.code == 0
    assert said.out.startswith(f"Usage: moor [global options] {name}")
    assert name.split(maxsplit=1)[0] in moor("-help").out


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - GROUPS))
def test_every_flag_of_the_help_is_understood(name: str) -> None:
    command = load(name)
    known = {flag.name for flag in command.flags}
    shown = {
        word.strip(",").lstrip("-").partition("=")[0]
        for line in command.help.splitlines()
        if line.startswith("  -")
        for word in line.split()
        if word.startswith("-") and len(word) > 1
    }
    assert shown <= known


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    said = moor("pln")
    expected = """\
Mooring has no command named "pln". Did you mean "plan"?

All commands are listed by:
  moor -help

"""
    assert (1, expected) == (said.code, said.err)


def test_a_group_alone_shows_its_commands_and_fails() -> None:
    said = moor("state")
    assert said.code == 1
    assert "    list                List what is recorded\n" in said.err
    assert moor("state", "-help").code == 0


def test_a_wrong_flag_is_a_diagnostic_with_the_way_to_help() -> None:
    said = moor("plan", "-foo")
    assert (said.code, said.out) == (1, "")
    assert "Error: Failed to parse command-line flags" in said.err
    assert said.err.endswith("What this command takes is told by:\n  moor plan -help\n")


def test_a_wrong_flag_beside_json_is_a_message_of_the_stream() -> None:
    said = moor("plan", "-json", "-foo")
    version, diagnostic = (json.loads(line) for line in said.out.splitlines())
    assert (version["type"], diagnostic["type"]) == ("version", "diagnostic")
    assert said.err == ""


def test_too_many_words_are_refused() -> None:
    assert "Error: Too many command line arguments" in moor("plan", "a", "b").err


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["plan", "-destroy", "-refresh-only"], "Incompatible plan mode options"),
        (["plan", "-refresh-only", "-refresh=false"], "Incompatible refresh options"),
        (["destroy", "-destroy"], "Invalid mode option"),
        (["plan", "-target=var.x"], 'Invalid target "var.x"'),
        (["init", "-from-module=x"], "-from-module is not supported"),
        (["plan", "-parallelism=0"], "Invalid parallelism value"),
        (["plan", "-replace=data.a.b"], 'Invalid force-replace address "data.a.b"'),
        (["apply", "-json"], "Plan file or auto-approve required"),
        (["output", "-json", "-raw", "x"], "Invalid output format"),
        (["output", "-raw"], "Output name required"),
        (["emulator", "request", "GET"], "METHOD and PATH expected"),
        (["emulator", "request", "PUT", "/x", "{"], "The body is not JSON"),
    ],
)
def test_options_that_make_no_sense_are_refused(words: list[str], problem: str) -> None:
    said = moor(*words)
    assert said.code == 1
    assert problem in said.err + said.out


def test_chdir_goes_elsewhere_before_the_command(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "main.tf").write_text('output "o" { value = 1 }\n')
    assert moor("-chdir=inner", "validate").code == 0
    assert tmp_path / "inner" == Path.cwd()


@pytest.mark.parametrize(
    ("option", "problem"),
    [
        ("-chdir=nowhere", "Error handling -chdir option: chdir nowhere: no such file or directory\n"),
        (
            "-chdir",
            "Invalid -chdir option: the folder to go to is missing. It follows after an equals sign, "  # noqa: ISC004
            "without spaces, as in -chdir=lab\n",
        ),
    ],
)
def test_a_wrong_chdir_is_said(option: str, problem: str) -> None:
    assert Said(code=1, out="", err=problem) == moor(option, "plan")


def test_arguments_come_from_the_environment_before_those_typed() -> None:
    environment = {"TF_CLI_ARGS": "-json", "TF_CLI_ARGS_version": "-json=false"}
    assert moor("version", environment={"TF_CLI_ARGS": "-json"}).out[0] == "{"
    assert moor("version", environment=environment).out.startswith("Mooring v")
    assert "Invalid TF_CLI_ARGS" in moor("version", environment={"TF_CLI_ARGS": "'"}).err


def test_version_is_an_alias_and_has_a_json_form() -> None:
    assert moor("version").out == moor("-version").out == moor("--version").out
    form = json.loads(moor("version", "-json").out)
    assert (form["terraform_version"], form["terraform_outdated"]) == ("1.11.4", False)


def test_an_option_before_the_command_that_is_not_global_is_told_where_it_belongs() -> None:
    said = moor("-json", "plan")
    assert said.code == 1
    assert '"-json" is not a global option. Options of a command come after its name' in said.err
