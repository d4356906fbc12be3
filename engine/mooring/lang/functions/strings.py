"""Text: case, trimming, splitting, searching. Positions and lengths count grapheme clusters."""

from __future__ import annotations

from typing import Final

from mooring.core.text import composed
from mooring.core.types import BOOL, NUMBER, STRING, ListType
from mooring.core.values import UNKNOWN_NOT_NULL, Unknown, Value, boolean, list_value, string, unknown
from mooring.lang.functions.arguments import whole_number
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter, plain

_SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029"
    "\u202f\u205f\u3000"
)
"""White space as Unicode defines it; Python's own idea of it has four control characters more."""
_STRINGS: Final = ListType(STRING)


def graphemes(text: str) -> list[str]:
    """The grapheme clusters of a text."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    import regex

    return regex.findall(r"\X", text)


# -- case ----------------------------------------------------------------------------------------


def _upper(text: str) -> str:
    if text.isascii():
        return text.upper()
    return composed("".join(map(_upper_character, text)))


def _upper_character(character: str) -> str:
    """One character for one, without the special cases that change the length."""
    for mapped in (character.upper(), character.title()):
        if len(mapped) == 1:
            return mapped
    return character


def _lower(text: str) -> str:
    if text.isascii():
        return text.lower()
    return composed("".join(character.lower()[0] for character in text))


def _title(text: str) -> str:
    result: list[str] = []
    starts_word = True
    for character in text:
        mapped = character.title()
        result.append(mapped if starts_word and len(mapped) == 1 else character)
        starts_word = not (character.isalpha() or character.isdecimal() or character == "_") and (
            character.isascii() or character in _SPACE
        )
    return composed("".join(result))


# -- trimming and parts --------------------------------------------------------------------------


def _chomp(text: str) -> str:
    return text.rstrip("\r\n")


def _trim(text: str, characters: str) -> str:
    return text.strip(characters) if characters else text


def _trim_space(text: str) -> str:
    return text.strip(_SPACE)


def _reverse(text: str) -> str:
    return composed("".join(reversed(graphemes(text))))


def _substring(call: Call) -> Value:
    clusters = graphemes(call[0].text)
    offset, length = whole_number(call[1]), whole_number(call[2])
    if offset < 0:
        offset = max(0, offset + len(clusters))
    end = None if length < 0 else offset + length
    return string(composed("".join(clusters[offset:end])))


def _indent(call: Call) -> Value:
    spaces = whole_number(call[0])
    if spaces < 0:
        raise CallError("the number of spaces must not be negative")
    return string(call[1].text.replace("\n", "\n" + " " * spaces))


def _split(call: Call) -> Value:
    separator, text = call[0].text, call[1].text
    pieces = text.split(separator) if separator else list(text)
    return list_value(STRING, [string(composed(piece)) for piece in pieces])


def _join(call: Call) -> Value:
    if len(call) == 1:
        raise CallError("at least one list is required")
    pieces: list[str] = []
    for position, elements in enumerate(call.arguments[1:], 1):
        for at, element in enumerate(elements.elements):
            if element.is_null:
                raise ArgumentError(position, f"element {at} is null, and null has no text")
            pieces.append(element.text)
    return string(composed(call[0].text.join(pieces)))


# -- searching -----------------------------------------------------------------------------------


def _starts_with(call: Call) -> Value:
    """Known for an unknown text too, if what is known of its beginning decides."""
    text, prefix = call[0].raw, call[1].text
    if type(text) is not Unknown:
        return boolean(call[0].text.startswith(prefix))
    if text.prefix.startswith(prefix):
        return boolean(True)  # noqa: FBT003
    if not prefix.startswith(text.prefix):
        return boolean(False)  # noqa: FBT003
    return unknown(BOOL, UNKNOWN_NOT_NULL)


def _replace(text: str, search: str, replacement: str) -> str:
    if len(search) > 1 and search.startswith("/") and search.endswith("/"):
        from mooring.lang.functions.regexes import replace_matches

        return composed(replace_matches(search[1:-1], text, replacement))
    return composed(text.replace(search, replacement))


def _url_encode(text: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(text)


_STR: Final = Parameter(name="str", description="The text to work on.", type=STRING)

FUNCTIONS: Final = (
    Function(
        name="upper",
        description="A text in capital letters.",
        parameters=(_STR,),
        returns=STRING,
        body=plain(_upper),
    ),
    Function(
        name="lower",
        description="A text in small letters.",
        parameters=(_STR,),
        returns=STRING,
        body=plain(_lower),
    ),
    Function(
        name="title",
        description="A text whose words begin with a capital letter.",
        parameters=(_STR,),
        returns=STRING,
        body=plain(_title),
    ),
    Function(
        name="chomp",
        description="A text without the line breaks at its end.",
        parameters=(_STR,),
        returns=STRING,
        body=plain(_chomp),
    ),
    Function(
        name="trimspace",
        description="A text without white space at either end.",
        parameters=(_STR,),
        returns=STRING,
        body=plain(_trim_space),
    ),
    Function(
        name="strrev",
        description="A text backwards, by grapheme clusters.",
        parameters=(_STR,),
        returns=STRING,
        body=plain(_reverse),
    ),
    Function(
        name="urlencode",
        description="A text made safe for the query of a URL.",
        parameters=(_STR,),
        returns=STRING,
        body=plain(_url_encode),
    ),
    Function(
        name="trim",
        description="A text without certain characters at either end.",
        parameters=(
            _STR,
            Parameter(name="cutset", description="The characters to take away, in any order.", type=STRING),
        ),
        returns=STRING,
        body=plain(_trim),
    ),
    Function(
        name="trimprefix",
        description="A text without this beginning, if it has it.",
        parameters=(
            _STR,
            Parameter(name="prefix", description="The beginning to take away, once.", type=STRING),
        ),
        returns=STRING,
        body=plain(str.removeprefix),
    ),
    Function(
        name="trimsuffix",
        description="A text without this end, if it has it.",
        parameters=(_STR, Parameter(name="suffix", description="The end to take away, once.", type=STRING)),
        returns=STRING,
        body=plain(str.removesuffix),
    ),
    Function(
        name="startswith",
        description="Whether a text begins with another.",
        parameters=(
            Parameter(name="str", description="The text to look at.", type=STRING, allow_unknown=True),
            Parameter(name="prefix", description="The beginning to look for.", type=STRING),
        ),
        returns=BOOL,
        body=_starts_with,
    ),
    Function(
        name="endswith",
        description="Whether a text ends with another.",
        parameters=(_STR, Parameter(name="suffix", description="The end to look for.", type=STRING)),
        returns=BOOL,
        body=plain(str.endswith),
    ),
    Function(
        name="strcontains",
        description="Whether a text occurs in another.",
        parameters=(_STR, Parameter(name="substr", description="The text to look for.", type=STRING)),
        returns=BOOL,
        body=plain(str.__contains__),
    ),
    Function(
        name="substr",
        description="A part of a text, counted in grapheme clusters.",
        parameters=(
            _STR,
            Parameter(
                name="offset",
                description="Where it begins, from 0; negative numbers count from the end.",
                type=NUMBER,
            ),
            Parameter(
                name="length", description="How long it is at most; -1 means up to the end.", type=NUMBER
            ),
        ),
        returns=STRING,
        body=_substring,
    ),
    Function(
        name="replace",
        description="A text with each occurrence of something replaced.",
        parameters=(
            _STR,
            Parameter(
                name="substr",
                description="What to replace: a text, or a regular expression between slashes.",
                type=STRING,
            ),
            Parameter(
                name="replace",
                description="What to put in its place; $1 is what the first group matched.",
                type=STRING,
            ),
        ),
        returns=STRING,
        body=plain(_replace),
    ),
    Function(
        name="indent",
        description="A text whose lines, but for the first, are moved to the right.",
        parameters=(Parameter(name="spaces", description="By how many spaces.", type=NUMBER), _STR),
        returns=STRING,
        body=_indent,
    ),
    Function(
        name="split",
        description="The parts of a text between separators.",
        parameters=(Parameter(name="separator", description="What separates the parts.", type=STRING), _STR),
        returns=_STRINGS,
        body=_split,
    ),
    Function(
        name="join",
        description="Strings put together to one, with a separator between them.",
        parameters=(
            Parameter(name="separator", description="What to put between two strings.", type=STRING),
        ),
        variadic=Parameter(
            name="lists", description="The strings, in one or more lists.", type=_STRINGS, whole=True
        ),
        returns=STRING,
        body=_join,
    ),
)
