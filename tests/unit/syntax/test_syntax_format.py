"""Formatting: what is written anew, what stays, and what Terraform would break and Mooring leaves alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.core.spans import Source
from mooring.syntax.format import format_file, format_text


def formatted(text: str) -> str:
    result, diags = format_text(Source("main.tf", text))
    assert result is not None, diags
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a = "${b}"', "a = b\n"),
        ('a = "${b\n+ c}"\n', "a = (b\n+ c)\n"),
        ('a = "${"${b}"}"', 'a = "${b}"\n'),
        ('a = ["${b}"]', 'a = ["${b}"]\n'),
        ('variable "x" {\n type = "list"\n}', 'variable "x" {\n  type = list(string)\n}\n'),
        ("resource a b{}", 'resource "a" "b" {}\n'),
        ("a = [for x in [1] : -x if -x>0]", "a = [for x in [1] : -x if - x > 0]\n"),
        ("a = b # c\nbbb = 1 # d", "a   = b # c\nbbb = 1 # d\n"),
        ("a = f(1,)", "a = f(1, )\n"),
        ("a=1\r\n", "a = 1\r\n"),
        ("", "\n"),
    ],
)
def test_text_gets_its_canonical_form(text: str, expected: str) -> None:
    assert formatted(text) == expected


def test_labels_that_terraform_loses_are_kept() -> None:
    assert formatted('a "x$" {}') == 'a "x$" {}\n'


def test_constant_indices_that_terraform_loses_are_kept() -> None:
    assert formatted("a = b[true]") == "a = b[true]\n"


@pytest.mark.parametrize("tail", ["", " /* d */"])
def test_a_comment_at_the_end_of_an_interpolation_swallows_nothing(tail: str) -> None:
    result = formatted(f'a = "${{b # c\n}}"{tail}\n')
    assert format_text(Source("main.tf", result))[0] is not None
    assert tail.strip() in result


@pytest.mark.parametrize("data", [b"a = \xff", b"a = {", b'a = "', b"a = 1\na = 2", b"\x00"])
def test_what_is_not_valid_is_not_formatted(data: bytes) -> None:
    result, diags = format_file("main.tf", data)
    assert result is None
    assert diags


VALUES = st.recursive(
    st.sampled_from(["1", "b", '"c"', '"${d}"', "-e", "!f", "g.h[0]", '"x${i}y"', "null"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda each: f"[ {','.join(each)} ]"),
        st.lists(inner, max_size=3).map(lambda each: "{" + "\n".join(f"k={v}" for v in each) + "}"),
        st.tuples(inner, st.sampled_from(["+", "-", "==", "&&"]), inner).map(" ".join),
        inner.map(lambda each: f"(\n{each})"),
        inner.map(lambda each: f"f( {each},\n)"),
        inner.map(lambda each: f"[for x in {each}:x]"),
    ),
    max_leaves=12,
)
BODIES = st.lists(st.tuples(st.sampled_from(["a", "bbb", "cc"]), VALUES), max_size=4).map(
    lambda items: "".join(f"{name}{at}={value} # {at}\n" for at, (name, value) in enumerate(items))
)


@given(BODIES)
def test_formatting_twice_changes_nothing_more(text: str) -> None:
    once = formatted(text)
    assert formatted(once) == once
