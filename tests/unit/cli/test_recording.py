"""The command line that the history keeps: as it was typed, less what may be secret."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from mooring.cli.arguments import Flag, Kind, parse_arguments
from mooring.cli.command import Call
from mooring.cli.recording import command_line
from mooring.cli.terminal import Terminal

FLAGS = (
    Flag("auto-approve"),
    Flag("lock"),
    Flag("var", Kind.TEXT),
    Flag("var-file", Kind.TEXT),
    Flag("backend-config", Kind.TEXT),
)


def call(name: str, words: Sequence[str]) -> Call:
    return Call(
        name=name,
        arguments=parse_arguments(words, FLAGS),
        terminal=Terminal(io.StringIO(), io.StringIO(), io.StringIO()),
        environment={"TF_VAR_password": "hunter2"},
        clock=lambda: datetime(2027, 1, 15, tzinfo=UTC),
        original_folder=".",
    )


@pytest.mark.parametrize(
    ("name", "words", "kept"),
    [
        ("apply", ["-auto-approve"], "moor apply -auto-approve"),
        ("apply", ["-var", "password=hunter2"], "moor apply '-var=password=***'"),
        ("apply", ["-var=hunter2"], "moor apply '-var=***'"),
        ("apply", ["-backend-config=access_key=hunter2"], "moor apply '-backend-config=access_key=***'"),
        ("apply", ["-backend-config=some.hcl"], "moor apply -backend-config=some.hcl"),
        ("apply", ["-lock=false", "-var-file=a.tfvars"], "moor apply -lock=false -var-file=a.tfvars"),
        ("state rm", ['a.b["x y"]'], """moor state rm 'a.b["x y"]'"""),
    ],
)
def test_values_that_may_be_secret_are_not_kept(name: str, words: Sequence[str], kept: str) -> None:
    assert kept == command_line(call(name, words))
