"""Snippets of source code: secrets in them are masked, and what is pointed at stays where it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.core.diagnostics import error
from mooring.core.spans import Source, Span
from mooring.reporting.diagnostics_json import diagnostic_json
from mooring.reporting.diagnostics_text import Layout, render_diagnostics
from mooring.reporting.snippets import Snippet, Snippets

CANARY = "hunter2"


def snippet(text: str, subject: str, path: str = "main.tf") -> Snippet:
    """The snippet of a part of a text, with the whole text around it."""
    source = Source(path, text)
    start = text.index(subject)
    return Snippets().of(Span(source, start, start + len(subject)), Span(source, 0, len(text)))


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('password = "hunter2"', 'password = "(sensitive value)"'),
        ('db_password = "hunter2" # ours', 'db_password = "(sensitive value)" # ours'),
        ('"adminPassword" : "hunter2"', '"adminPassword" : "(sensitive value)"'),
        ('secret_access_key = "hunter2"', 'secret_access_key = "(sensitive value)"'),
        ('token = "a${var.a}hunter2"', 'token = "(sensitive value)${var.a}(sensitive value)"'),
        ('token = var.a ? "hunter2" : "b"', 'token = var.a ? "(sensitive value)" : "(sensitive value)"'),
        ('keys = { api_key = "hunter2", b = "c" }', 'keys = { api_key = "(sensitive value)", b = "c" }'),
        (
            "password = <<-E\n  hunter2\n  more\nE\n",
            "password = <<-E\n(sensitive value)\n(sensitive value)\nE",
        ),
        ('passphrase = [\n  "hunter2",\n]', 'passphrase = [\n  "(sensitive value)",\n]'),
        ('password = "hunter2', 'password = "(sensitive value)'),
        ('password_wo = "hunter2"', 'password_wo = "(sensitive value)"'),
        ('secretKey = "hunter2"', 'secretKey = "(sensitive value)"'),
        ('token : secret : "hunter2"', 'token : secret : "(sensitive value)"'),
        ('secrets = { token = "hunter2" }', 'secrets = { token = "(sensitive value)" }'),
        (
            'variable "db_password" {\n  type = string\n  default = "hunter2"\n}',
            'variable "db_password" {\n  type = string\n  default = "(sensitive value)"\n}',
        ),
        ('variable "name" {\n  default = "a"\n}', 'variable "name" {\n  default = "a"\n}'),
        ("password = var.password", "password = var.password"),
        ('password = ""', 'password = ""'),
        ('password_version = "1"', 'password_version = "1"'),
        ('tokens_per_minute = "7"', 'tokens_per_minute = "7"'),
        ('key_vault_id = "/subscriptions/1"', 'key_vault_id = "/subscriptions/1"'),
        ('key = "prod.tfstate"', 'key = "prod.tfstate"'),
    ],
)
def test_a_literal_that_is_given_to_the_name_of_a_secret_is_masked(code: str, shown: str) -> None:
    assert shown == snippet(code, code[:3]).code


def test_secrets_of_json_files_are_masked_wherever_their_line_breaks() -> None:
    text = '{"password":\n  "hunter2",\n "name": "a"}'
    code = snippet(text, '"name"', "main.tf.json").code
    assert code == '{"password":\n  "(sensitive value)",\n "name": "a"}'


def test_names_of_properties_inside_of_a_secret_of_json_stay() -> None:
    text = '{"variable": {"db_password": {"default": "hunter2"}}}'
    code = snippet(text, '"db_password"', "main.tf.json").code
    assert code == '{"variable": {"db_password": {"default": "(sensitive value)"}}}'


def test_the_whole_value_that_a_secret_variable_was_given_is_masked() -> None:
    assert snippet("[hunter2 +", "+", "<value for var.api_token>").code == "(sensitive value)"
    assert snippet("[name +", "+", "<value for var.name>").code == "[name +"


def test_what_stands_behind_a_secret_is_still_pointed_at() -> None:
    source = Source("main.tf", 'a { password = "hunter2", nmae = 1 }\n')
    start = source.text.index("nmae")
    diag = error("Unsupported argument", "No.", Span(source, start, start + 4))
    text = render_diagnostics((diag,), Layout())
    line, pointer = text.splitlines()[4:6]
    assert line[pointer.index("^") : pointer.index("^") + 4] == "nmae"
    assert "main.tf:1:27" in pointer
    form = diagnostic_json(diag)["snippet"]
    assert isinstance(form, dict)
    code, first, last = (form[key] for key in ("code", "highlight_start_offset", "highlight_end_offset"))
    assert isinstance(code, str)
    assert isinstance(first, int)
    assert isinstance(last, int)
    assert code[first:last] == "nmae"


def test_an_error_inside_of_a_secret_points_at_its_mask() -> None:
    found = snippet('password = "hunter2"', "unt")
    assert found.code[slice(*found.highlight)] == "(sensitive value)"


NAMES = st.sampled_from(["password", "client_secret", "sasToken", "x", "primary_key"])
VALUES = st.sampled_from(
    ['"hunter2"', '"a${x["hunter2"]}"', '"b"', "x.y", '["hunter2", 1]', "<<E\nhunter2\nE\n"]
)


@given(st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=4), st.data())
def test_no_piece_of_a_file_shows_what_secrets_are_given(
    lines: list[tuple[str, str]], data: st.DataObject
) -> None:
    text = "".join(f"{name} = {value}\n" for name, value in lines if name != "x" or CANARY not in value)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = Snippets().of(Span(Source("main.tf", text), start, end), None)
    first, last = found.highlight
    assert CANARY not in found.code
    assert 0 <= first <= last <= len(found.code)
    assert found.code.count("\n") <= text.count("\n")
