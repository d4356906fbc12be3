import pytest
from tests.unit.syntax.trees import expression, shape, template

from mooring.syntax.nodes import Template


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"a\tb\n\r\"\\"', 'a\tb\n\r"\\'),
        (r'"\u00e9\U0001F600"', "é😀"),
        (r'"\u12345"', "\u12345"),
        ('"$${a} %%{b}"', "${a} %{b}"),
        ('"$ $$ % a$b"', "$ $$ % a$b"),
        ('"$$${a"', "$${a"),
        ('"%%%{a"', "%%{a"),
        ('"e\u0301"', "é"),
        (r'"\u0065\u0301"', "é"),
        ('"\x01\x00"', "\x01\x00"),
    ],
)
def test_quoted_text_stands_for(text: str, expected: str) -> None:
    assert shape(expression(text)) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"${a}"', "wrap(a)"),
        ('"${~ a ~}"', "wrap(a)"),
        ('" ${a}"', "template(' ', a)"),
        ('"${a}${b}"', "template(a, b)"),
        ('"x ${ a } y"', "template('x ', a, ' y')"),
        ('"x ${~ a ~} y"', "template('x', a, 'y')"),
        (r'"\n${~ a ~}\n b"', "template(a, 'b')"),
        ('"${"${a}"}"', "wrap(wrap(a))"),
        ('"${{a = 1}}"', "wrap({a = 1})"),
        ('"${\na\n}"', "wrap(a)"),
        ('"%{if a}b%{endif}"', "template(if(a; 'b'; ))"),
        ('"%{ if a ~} b %{~ else ~} c %{~ endif }"', "template(if(a; 'b'; 'c'))"),
        ('"%{ for x in y }${x},%{ endfor }"', "template(for(None, x; y; x, ','))"),
        ('"%{for k, v in y}%{if v}${k}%{endif}%{endfor}"', "template(for(k, v; y; if(v; k; )))"),
    ],
)
def test_sequences_in_quotes(text: str, expected: str) -> None:
    assert shape(expression(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "a\n"),
        (r'a\n "q" \ $x', 'a\\n "q" \\ $x\n'),
        ("$${a} %%{b}", "${a} %{b}\n"),
        ("a\r\nb\r", "a\r\nb\r\n"),
        ("EOTx\n xEOT", "EOTx\n xEOT\n"),
    ],
)
def test_a_heredoc_is_taken_as_it_stands(text: str, expected: str) -> None:
    assert shape(expression(f"<<EOT\n{text}\nEOT\n")) == repr(expected)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("  a\n    b\n\n  c", "'a\\n  b\\n\\nc\\n'"),
        ("  a\n \n  c", "'a\\n \\nc\\n'"),
        ("   a\n      ", "'a\\n      \\n'"),
        ("\ta\n\t b", "'a\\n b\\n'"),
        ("  a\n\tb", "' a\\nb\\n'"),
        ("\u00a0\u00a0a\n\u00a0b", "'\\xa0a\\nb\\n'"),
        ("    $${a}\n  b", "'  ${a}\\nb\\n'"),
        ("  ${x}\n    b", "template(x, '\\n  b\\n')"),
        ("${x}\n    b", "template(x, '\\n    b\\n')"),
        ("    a ${x}\n  b", "template('  a ', x, '\\nb\\n')"),
        ("    a\n${~x}\n    b", "template('a', x, '\\nb\\n')"),
        ("  a\n  b${x\n}\n  c", "template('a\\nb', x, '\\nc\\n')"),
        ("    %{if a}\n    b\n    %{endif}", "template(if(a; '\\nb\\n'; ), '\\n')"),
        ("    %{if a~}\n    b\n    %{~endif}", "template('    ', if(a; '    b\\n'; ), '\\n')"),
    ],
)
def test_an_indented_heredoc_loses_the_indentation_its_lines_share(lines: str, expected: str) -> None:
    assert shape(expression(f"<<-EOT\n{lines}\n      EOT\n")) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("a\n\n\n${~ x ~}\n\n\nb", "template('a\\n\\n', x, '\\n\\nb\\n')"),
        ("a\n  ${~ x ~}  \n  b", "template('a\\n', x, '  b\\n')"),
    ],
)
def test_strip_markers_reach_to_the_end_of_a_line_in_a_heredoc(lines: str, expected: str) -> None:
    assert shape(expression(f"<<EOT\n{lines}\nEOT\n")) == expected


@pytest.mark.parametrize("marker", ["EOT", "EOT-1", "É", "  EOT", "\tEOT", "EOT  "])
def test_the_marker_may_stand_among_blanks(marker: str) -> None:
    assert shape(expression(f"<<{marker.strip()}\na\n{marker}\n")) == "'a\\n'"


def test_an_empty_heredoc_is_the_empty_string() -> None:
    assert shape(expression("<<EOT\nEOT\n")) == "''"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "''"),
        ("plain \\n text", "'plain \\\\n text'"),
        ("${x}", "wrap(x)"),
        ('"${x}"\n', "template('\"', x, '\"\\n')"),
        ("%{ for x in y ~}\n${x}\n%{ endfor ~}\n", "template(for(None, x; y; x, '\\n'))"),
    ],
)
def test_a_template_file_needs_no_quotes(text: str, expected: str) -> None:
    assert shape(template(text)) == expected


def test_parts_know_where_they_stand() -> None:
    parsed = expression('"ab${ c }%{if d}e%{endif}"')
    assert isinstance(parsed, Template)
    assert [part.span.text for part in parsed.parts] == ["ab", "c", "%{if d}e%{endif}"]
