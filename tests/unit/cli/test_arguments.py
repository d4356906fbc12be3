"""The command line's syntax."""

from __future__ import annotations

import pytest

from mooring.cli.arguments import Arguments, Flag, Kind, UsageError, parse_arguments

FLAGS = (
    Flag("json"),
    Flag("input"),
    Flag("var", Kind.TEXT),
    Flag("var-file", Kind.TEXT),
    Flag("parallelism", Kind.NUMBER),
    Flag("lock-timeout", Kind.DURATION),
)


def parse(*words: str) -> Arguments:
    return parse_arguments(words, FLAGS)


@pytest.mark.parametrize("words", [["-var", "a=b"], ["--var", "a=b"], ["-var=a=b"], ["--var=a=b"]])
def test_a_flag_has_one_dash_or_two_and_its_value_after_a_blank_or_an_equals_sign(words: list[str]) -> None:
    assert parse(*words).text("var") == "a=b"


def test_flags_keep_their_order_and_may_stand_after_words() -> None:
    arguments = parse("-var=a=1", "plan.out", "-var-file", "x.tfvars", "-var=a=2")
    assert arguments.given == (("var", "a=1"), ("var-file", "x.tfvars"), ("var", "a=2"))
    assert arguments.rest == ("plan.out",)
    assert arguments.texts("var") == ("a=1", "a=2")


def test_two_dashes_alone_end_the_flags() -> None:
    assert parse("--", "-json", "--").rest == ("-json", "--")


def test_a_lone_dash_is_a_word() -> None:
    assert parse("-").rest == ("-",)


@pytest.mark.parametrize(
    ("words", "expected"), [([], True), (["-input=false"], False), (["-input=0"], False), (["-input"], True)]
)
def test_a_switch_takes_a_value_only_after_an_equals_sign(words: list[str], expected: bool) -> None:  # noqa: FBT001
    assert expected == parse(*words).is_on("input", default=True)
    assert parse("-input", "false").rest == ("false",)


def test_numbers_and_durations_are_read() -> None:
    arguments = parse("-parallelism=3", "-lock-timeout=1m30s")
    assert (arguments.number("parallelism", 10), arguments.seconds("lock-timeout")) == (3, 90.0)
    assert (parse().number("parallelism", 10), parse().seconds("lock-timeout", 5.0)) == (10, 5.0)


@pytest.mark.parametrize(
    ("words", "detail"),
    [
        (["-foo"], "flag provided but not defined: -foo"),
        (["-var"], "flag needs an argument: -var"),
        (["-json=x"], 'invalid boolean value "x" for -json: parse error'),
        (["-parallelism=x"], 'invalid value "x" for flag -parallelism: parse error'),
        (["-lock-timeout=zz"], 'invalid value "zz" for flag -lock-timeout: parse error'),
    ],
)
def test_what_cannot_be_understood_is_said_in_terraform_s_words(words: list[str], detail: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(*words)
    assert ("Failed to parse command-line flags", detail) == (caught.value.summary, caught.value.detail)
