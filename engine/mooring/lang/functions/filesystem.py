"""Files and paths, relative to the base folder of the world outside. Reads only."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Callable, Iterator
from typing import Final

from mooring.core.text import composed
from mooring.core.types import BOOL, STRING, SetType
from mooring.core.values import Value, boolean, set_value, string
from mooring.lang.functions.encoding import base64_text
from mooring.lang.functions.hashing import digest
from mooring.lang.functions.model import ArgumentError, Body, Call, CallError, Function, Outside, Parameter

_META: Final = frozenset("*?[{\\")


def read_file(outside: Outside | None, path: str) -> bytes:
    """The bytes of a file. Raises `OSError`."""
    with open(_absolute(outside, path), "rb") as file:  # noqa: PTH123  (a path as the user wrote it)
        return file.read()


def _absolute(outside: Outside | None, path: str) -> str:
    assert outside is not None
    return os.path.join(outside.base_folder, _expanded(outside, path) or ".")  # noqa: PTH118


def _expanded(outside: Outside, path: str) -> str:
    """`~` and `~/` are the user's home folder."""
    if path != "~" and not path.startswith("~/"):
        if path.startswith("~"):
            raise CallError("the home folder of another user cannot be used")
        return path
    if outside.home_folder is None:
        raise CallError("the home folder is not known")
    return outside.home_folder + path[1:]


def read_text(outside: Outside | None, path: str) -> str:
    """The text of a file. Raises `CallError` if it is not UTF-8, `ArgumentError` if it is not there."""
    try:
        return _read_argument(outside, path).decode("utf-8")
    except UnicodeDecodeError as problem:
        raise CallError(f'"{path}" is not text in UTF-8; read it with filebase64()') from problem


def _read_argument(outside: Outside | None, path: str) -> bytes:
    """The bytes of a file that an argument names. Raises `ArgumentError`."""
    try:
        return read_file(outside, path)
    except FileNotFoundError as problem:
        detail = (
            f'there is no file "{path}". Files that functions read must be there before the plan is made; '
            "what a resource writes is read from an attribute of that resource"
        )
        raise ArgumentError(0, detail) from problem
    except OSError as problem:
        raise ArgumentError(0, f'"{path}" cannot be read: {problem.strerror}') from problem
    except CallError as problem:
        raise ArgumentError(0, str(problem)) from problem


def _file(call: Call) -> Value:
    return string(composed(read_text(call.outside, call[0].text)))


def _file_base64(call: Call) -> Value:
    return string(base64_text(_read_argument(call.outside, call[0].text)))


def _digest_of_file(algorithm: str, write: Callable[[bytes], str]) -> Body:
    def body(call: Call) -> Value:
        path = call[0].text
        try:
            data = read_file(call.outside, path)
        except OSError as problem:
            raise CallError(f'"{path}" cannot be read: {problem.strerror}') from problem
        return string(write(digest(algorithm, data)))

    return body


def _exists(call: Call) -> Value:
    path = call[0].text
    try:
        mode = os.stat(_absolute(call.outside, path)).st_mode  # noqa: PTH116
    except FileNotFoundError:
        return boolean(False)  # noqa: FBT003
    except OSError as problem:
        raise CallError(f'"{path}" cannot be examined: {problem.strerror}') from problem
    if stat.S_ISREG(mode):
        return boolean(True)  # noqa: FBT003
    kind = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
    raise CallError(f'"{path}" is {kind}')


# -- paths ---------------------------------------------------------------------------------------


def _clean(path: str) -> str:
    """Without repeated slashes, `.` and `..` where they can be resolved."""
    normal = posixpath.normpath(path) if path else "."
    return normal[1:] if normal.startswith("//") else normal


def _base_name(call: Call) -> Value:
    path = call[0].text
    stripped = path.rstrip("/")
    return string(stripped.rpartition("/")[2] or ("/" if path else "."))


def _folder_name(call: Call) -> Value:
    head, slash, _ = call[0].text.rpartition("/")
    return string(_clean(head + slash))


def _absolute_path(call: Call) -> Value:
    assert call.outside is not None
    base = os.path.abspath(call.outside.base_folder)  # noqa: PTH100
    return string(composed(_clean(posixpath.join(base, call[0].text))))


def _expand_path(call: Call) -> Value:
    assert call.outside is not None
    return string(_expanded(call.outside, call[0].text))


# -- fileset -------------------------------------------------------------------------------------


def _file_set(call: Call) -> Value:
    folder, pattern = call[0].text, call[1].text
    assert call.outside is not None
    full = _clean("/".join(part for part in (folder, pattern) if part))
    start = _expanded(call.outside, folder)
    try:
        found = list(_glob(call.outside, full))
    except PatternError as problem:
        raise CallError(f'"{pattern}" is not a valid pattern: {problem}') from problem
    relative = [posixpath.relpath(path, start or ".") for path in found]
    return set_value(STRING, [string(composed(path)) for path in relative])


class PatternError(ValueError):
    """A file pattern is malformed."""


def _glob(outside: Outside, pattern: str) -> Iterator[str]:
    """The regular files whose path matches, with the path as the pattern begins."""
    steps = pattern.split("/")
    plain: list[str] = []
    while len(steps) > 1 and not _META & set(steps[0]):
        plain.append(steps.pop(0))
    matchers = [None if step == "**" else _step_matcher(step) for step in steps]
    base = "/".join(plain) or ("/" if plain else "")
    for path in _walk(outside, base, matchers):
        if os.path.isfile(_absolute(outside, path)):  # noqa: PTH113
            yield path


_Matcher = Callable[[str], object] | None


def _walk(outside: Outside, base: str, matchers: list[_Matcher]) -> Iterator[str]:
    first, rest = matchers[0], matchers[1:]
    names = _names(outside, base)
    if first is None:
        yield from _walk(outside, base, rest or [_step_matcher("*")])
        for name in names:
            if os.path.isdir(_absolute(outside, _join(base, name))):  # noqa: PTH112
                yield from _walk(outside, _join(base, name), matchers)
        return
    for name in names:
        if first(name):
            if rest:
                yield from _walk(outside, _join(base, name), rest)
            else:
                yield _join(base, name)


def _names(outside: Outside, folder: str) -> list[str]:
    try:
        return sorted(os.listdir(_absolute(outside, folder)))  # noqa: PTH208
    except OSError:
        return []


def _join(base: str, name: str) -> str:
    return posixpath.join(base, name) if base else name


def _step_matcher(step: str) -> Callable[[str], object]:
    import re

    return re.compile(_expression(step), re.DOTALL).fullmatch


def _expression(pattern: str) -> str:
    """A pattern of one path step as a regular expression. Raises `PatternError`."""
    result: list[str] = []
    at, depth = 0, 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            result.append(".*")
        elif character == "?":
            result.append(".")
        elif character == "[":
            text, at = _character_class(pattern, at)
            result.append(text)
        elif character == "{":
            depth += 1
            result.append("(?:")
        elif character in ",}" and depth:
            depth -= character == "}"
            result.append(")" if character == "}" else "|")
        else:
            result.append(_literal(pattern, at - 1))
            at += character == "\\"
    if depth:
        raise PatternError("a { is not closed")
    return "".join(result)


def _literal(pattern: str, at: int) -> str:
    import re

    if pattern[at] != "\\":
        return re.escape(pattern[at])
    if at + 1 == len(pattern):
        raise PatternError("it ends with a backslash")
    return re.escape(pattern[at + 1])


def _character_class(pattern: str, at: int) -> tuple[str, int]:
    """The class that begins after a `[`; only `^` negates."""
    result, at = ("[^", at + 1) if pattern.startswith("^", at) else ("[", at)
    start = at
    while at < len(pattern) and (pattern[at] != "]" or at == start):
        if pattern[at] == "-" and at > start:
            result += "-"
        else:
            result += _literal(pattern, at)
            at += pattern[at] == "\\"
        at += 1
    if at >= len(pattern):
        raise PatternError("a [ is not closed")
    return result + "]", at + 1


_PATH: Final = Parameter(
    name="path", description="A path, relative to the folder that moor works in.", type=STRING
)

FUNCTIONS: Final = (
    Function(
        name="file",
        description="What a file holds, as UTF-8 text.",
        parameters=(_PATH,),
        returns=STRING,
        body=_file,
    ),
    Function(
        name="filebase64",
        description="The bytes of a file, in base64.",
        parameters=(_PATH,),
        returns=STRING,
        body=_file_base64,
    ),
    Function(
        name="fileexists",
        description="Whether there is a file at a path.",
        parameters=(_PATH,),
        returns=BOOL,
        body=_exists,
    ),
    Function(
        name="fileset",
        description="The files below a folder whose paths match a pattern.",
        parameters=(
            _PATH,
            Parameter(
                name="pattern",
                description="A glob: ?, *, [classes], {alternatives} and ** for any depth.",
                type=STRING,
            ),
        ),
        returns=SetType(STRING),
        body=_file_set,
    ),
    *(
        Function(
            name=f"file{name}",
            description=f"The {title} digest of a file, in hexadecimal digits.",
            parameters=(_PATH,),
            returns=STRING,
            body=_digest_of_file(name, bytes.hex),
        )
        for name, title in (("md5", "MD5"), ("sha1", "SHA-1"), ("sha256", "SHA-256"), ("sha512", "SHA-512"))
    ),
    *(
        Function(
            name=f"filebase64{name}",
            description=f"The {title} digest of a file, in base64.",
            parameters=(_PATH,),
            returns=STRING,
            body=_digest_of_file(name, base64_text),
        )
        for name, title in (("sha256", "SHA-256"), ("sha512", "SHA-512"))
    ),
    Function(
        name="abspath",
        description="The path from the root of the file system.",
        parameters=(_PATH,),
        returns=STRING,
        body=_absolute_path,
    ),
    Function(
        name="basename",
        description="The last part of a path.",
        parameters=(_PATH,),
        returns=STRING,
        body=_base_name,
    ),
    Function(
        name="dirname",
        description="A path without its last part.",
        parameters=(_PATH,),
        returns=STRING,
        body=_folder_name,
    ),
    Function(
        name="pathexpand",
        description="A path with a leading ~ replaced by the home folder.",
        parameters=(_PATH,),
        returns=STRING,
        body=_expand_path,
    ),
)
