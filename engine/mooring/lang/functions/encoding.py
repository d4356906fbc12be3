"""Text to and from other forms: base64, gzip, character encodings, JSON, YAML, CSV."""

from __future__ import annotations

import binascii
from typing import Final

from mooring.core.text import composed
from mooring.core.types import DYNAMIC, STRING
from mooring.core.values import Value, string
from mooring.lang.functions.json_text import read_json, write_json
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter, plain

# -- base64 --------------------------------------------------------------------------------------


def _encode_base64(text: str) -> str:
    return base64_text(text.encode())


def base64_text(data: bytes) -> str:
    """Bytes in standard base64 with padding."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def _decode_base64(text: str) -> str:
    data = decode_base64(text)
    if data is None:
        raise CallError("the string is not base64")
    try:
        return composed(data.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise CallError("what the string decodes to is not text in UTF-8") from problem


def decode_base64(text: str) -> bytes | None:
    """The bytes of standard base64 with padding, line endings ignored; None if it is not that."""
    try:
        return binascii.a2b_base64(text.replace("\r", "").replace("\n", ""), strict_mode=True)
    except (binascii.Error, ValueError):
        return None


def _gzip(text: str) -> str:
    import gzip

    return base64_text(gzip.compress(text.encode(), mtime=0))


# -- character encodings -------------------------------------------------------------------------


def _codec(name: str) -> str:
    from mooring.lang.functions.encodings import CODECS

    found = CODECS.get(name.lower())
    if found is None:
        raise ArgumentError(1, f'"{name}" is not an IANA name of an encoding that is known here')
    return found


def _encode_text(call: Call) -> Value:
    codec = _codec(call[1].text)
    try:
        data = call[0].text.encode("utf-16-be" if codec == "utf-16" else codec)
    except UnicodeEncodeError as problem:
        bad = problem.object[problem.start]
        raise ArgumentError(0, f'the encoding has no form for the character "{bad}"') from problem
    return string(base64_text(b"\xfe\xff" + data if codec == "utf-16" and data else data))


def _decode_text(call: Call) -> Value:
    codec = _codec(call[1].text)
    data = decode_base64(call[0].text)
    if data is None:
        raise ArgumentError(0, "it is not base64")
    if codec == "utf-16":
        codec = "utf-16-le" if data[:2] == b"\xff\xfe" else "utf-16-be"
        data = data.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    try:
        return string(composed(data.decode(codec)))
    except UnicodeDecodeError as problem:
        raise ArgumentError(0, "it decodes to bytes that are no text in this encoding") from problem


# -- structured text -----------------------------------------------------------------------------


def _encode_json(call: Call) -> Value:
    return string(composed(write_json(call[0])))


def _decode_json(call: Call) -> Value:
    return read_json(call[0].text)


def _encode_yaml(call: Call) -> Value:
    from mooring.lang.functions.yaml_writer import write_yaml

    return string(composed(write_yaml(call[0])))


def _decode_yaml(call: Call) -> Value:
    from mooring.lang.functions.yaml_reader import read_yaml

    return read_yaml(call[0].text)


def _decode_csv(call: Call) -> Value:
    from mooring.lang.functions.csv_text import read_csv

    return read_csv(call[0].text)


_STR: Final = Parameter(name="str", description="The text to read.", type=STRING)
_ENCODING: Final = Parameter(
    name="encoding", description="A character encoding by its IANA name, such as UTF-16LE.", type=STRING
)

FUNCTIONS: Final = (
    Function(
        name="base64encode",
        description="The UTF-8 bytes of a text, in base64.",
        parameters=(_STR,),
        returns=STRING,
        body=plain(_encode_base64),
    ),
    Function(
        name="base64decode",
        description="The text whose UTF-8 bytes are given in base64.",
        parameters=(_STR,),
        returns=STRING,
        body=plain(_decode_base64),
    ),
    Function(
        name="base64gzip",
        description="A text compressed with gzip, in base64.",
        parameters=(_STR,),
        returns=STRING,
        body=plain(_gzip),
    ),
    Function(
        name="textencodebase64",
        description="A text in some character encoding, in base64.",
        parameters=(Parameter(name="string", description="The text to encode.", type=STRING), _ENCODING),
        returns=STRING,
        body=_encode_text,
    ),
    Function(
        name="textdecodebase64",
        description="The text that base64 stands for in some character encoding.",
        parameters=(
            Parameter(name="source", description="The encoded text, in base64.", type=STRING),
            _ENCODING,
        ),
        returns=STRING,
        body=_decode_text,
    ),
    Function(
        name="jsonencode",
        description="A value written as JSON on one line.",
        parameters=(
            Parameter(
                name="val",
                description="Any value that is wholly known.",
                allow_null=True,
                allow_dynamic=True,
                whole=True,
            ),
        ),
        returns=STRING,
        body=_encode_json,
    ),
    Function(
        name="jsondecode",
        description="The value that a JSON text stands for.",
        parameters=(_STR,),
        returns=DYNAMIC,
        body=_decode_json,
        nullable=True,
    ),
    Function(
        name="yamlencode",
        description="A value written as a YAML document in block style.",
        parameters=(
            Parameter(
                name="value",
                description="Any value that is wholly known.",
                allow_null=True,
                allow_dynamic=True,
                whole=True,
            ),
        ),
        returns=STRING,
        body=_encode_yaml,
    ),
    Function(
        name="yamldecode",
        description="The value that a YAML document stands for.",
        parameters=(
            Parameter(name="src", description="The document, of YAML 1.2 without custom tags.", type=STRING),
        ),
        returns=DYNAMIC,
        body=_decode_yaml,
        nullable=True,
    ),
    Function(
        name="csvdecode",
        description="The rows of a CSV text, as objects with its header as attribute names.",
        parameters=(_STR,),
        returns=DYNAMIC,
        body=_decode_csv,
    ),
)
