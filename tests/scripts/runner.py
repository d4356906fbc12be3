"""Runs a script: commands that are typed in a folder, what they must answer, and the files they start from.

A script is a text file. Its head holds one command per line; the files follow, each under a line
`-- name --`. Lines are split as by a shell with single quotes only (`''` inside quotes is one quote); `#`
begins a comment.

    moor ARGS...             exit status 0; `! moor` wants 1, `exit N moor` wants N
    emulator METHOD PATH     `moor emulator request`, likewise
    stdout REGEX             the last command wrote it, `! stdout` did not; so `stderr`, `output` (both)
    times N REGEX            the last command wrote it exactly N times, to either
    grep FILE REGEX          the file has it; `! grep` has not
    cmp FILE FILE            they are equal; `stdout` is what the last command wrote
    json FILE                it is one JSON document; `jsonl FILE`: every line is one
    exists PATH...           they exist; `! exists` they do not
    keep FILE                writes what the last command wrote to stdout to a file
    stdin FILE               what the next `moor` reads
    edit FILE REGEX TEXT     replaces every match, of which there is at least one
    cp FROM TO, rm PATH      copy or remove a file or folder
    example NAME             copies a folder of examples/ here
    env NAME=VALUE           from here on; without `=` the variable is unset

Regular expressions search with `^` and `$` at lines.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
_WORD = re.compile(r"""((?:[^\s'#]|'(?:[^']|'')*')(?:[^\s']|'(?:[^']|'')*')*)|\#.*""")
_FILE = re.compile(r"^-- (?P<name>\S+) --\n", re.MULTILINE)


class ScriptError(AssertionError):
    """A line of a script did not come true; the text says which, and what the last command wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the head; `status` is None where the line does not say."""

    number: int
    text: str
    words: tuple[str, ...]
    is_negated: bool = False
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A script that has been read."""

    lines: tuple[Line, ...]
    files: Mapping[str, str]


def read_script(text: str) -> Script:
    """Splits a script into its lines and files."""
    head, *parts = _FILE.split(text)
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    lines = [_read_line(number, line) for number, line in enumerate(head.splitlines(), 1)]
    return Script(lines=tuple(line for line in lines if line.words), files=files)


def _read_line(number: int, text: str) -> Line:
    words = [_unquote(match[1]) for match in _WORD.finditer(text) if match[1]]
    match words:
        case ["!", *rest]:
            return Line(number=number, text=text, words=tuple(rest), is_negated=True, status=1)
        case ["exit", status, *rest]:
            return Line(number=number, text=text, words=tuple(rest), status=int(status))
    return Line(number=number, text=text, words=tuple(words))


def _unquote(word: str) -> str:
    return re.sub(r"'((?:[^']|'')*)'", lambda match: match[1].replace("''", "'"), word)


@dataclass(slots=True, kw_only=True)
class Session:
    """One run of a script: its folder, the environment, and what the last command wrote."""

    folder: Path
    program: str
    environment: dict[str, str]
    stdin: str = ""
    result: subprocess.CompletedProcess[str] = field(
        default_factory=lambda: subprocess.CompletedProcess((), 0, "", "")
    )

    @property
    def output(self) -> str:
        return self.result.stdout + self.result.stderr

    def text(self, name: str) -> str:
        written = {"stdout": self.result.stdout, "stderr": self.result.stderr, "output": self.output}
        return written[name] if name in written else (self.folder / name).read_text()


def run_script(script: Script, folder: Path, program: str) -> None:
    """Runs every line in the folder; raises `ScriptError` at the first that does not come true."""
    for name, text in script.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    session = Session(folder=folder, program=program, environment=clean_environment(folder))
    for line in script.lines:
        name, *arguments = line.words
        try:
            COMMANDS[name](session, line, arguments)
        except (AssertionError, LookupError, OSError, ValueError) as error:
            raise ScriptError(_explain(session, line, error)) from error


def clean_environment(folder: Path) -> dict[str, str]:
    """What a command may know of the machine: where programs are, and a home of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(folder.parent), "CHECKPOINT_DISABLE": "1", "NO_COLOR": "1"}


def _explain(session: Session, line: Line, error: Exception) -> str:
    result = session.result
    last = f"$ {' '.join(result.args)}\nexit {result.returncode}\n{result.stdout}{result.stderr}"
    return f"line {line.number}: {line.text}\n{type(error).__name__}: {error}\n\n{last}"


def _moor(session: Session, line: Line, arguments: Sequence[str]) -> None:
    session.result = subprocess.run(  # noqa: S603 - the product under test
        [session.program, *arguments],
        cwd=session.folder,
        env=session.environment,
        input=session.stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    session.stdin = ""
    expected = line.status or 0
    assert session.result.returncode == expected, f"exit {session.result.returncode}, not {expected}"
    assert "Traceback (most recent call last)" not in session.output, "a traceback"


def _emulator(session: Session, line: Line, arguments: Sequence[str]) -> None:
    _moor(session, line, ("emulator", "request", *arguments))


def _search(text: str, line: Line, pattern: str) -> None:
    found = re.search(pattern, text, re.MULTILINE)
    assert bool(found) != line.is_negated, "found" if found else "not found"


def _written(session: Session, line: Line, arguments: Sequence[str]) -> None:
    (pattern,) = arguments
    _search(session.text(line.words[0]), line, pattern)


def _times(session: Session, _line: Line, arguments: Sequence[str]) -> None:
    number, pattern = arguments
    found = len(re.findall(pattern, session.output, re.MULTILINE))
    assert found == int(number), f"found {found} times"


def _grep(session: Session, line: Line, arguments: Sequence[str]) -> None:
    name, pattern = arguments
    _search(session.text(name), line, pattern)


def _cmp(session: Session, _line: Line, arguments: Sequence[str]) -> None:
    left, right = map(session.text, arguments)
    assert left == right, f"they differ:\n{left}\n---\n{right}"


def _json(session: Session, _line: Line, arguments: Sequence[str]) -> None:
    (name,) = arguments
    json.loads(session.text(name))


def _jsonl(session: Session, _line: Line, arguments: Sequence[str]) -> None:
    (name,) = arguments
    lines = session.text(name).splitlines()
    assert lines, "no lines"
    assert all(isinstance(json.loads(each), dict) for each in lines), "not all lines are objects"


def _exists(session: Session, line: Line, arguments: Sequence[str]) -> None:
    wrong = [name for name in arguments if (session.folder / name).exists() == line.is_negated]
    assert not wrong, ", ".join(wrong)


def _keep(session: Session, _line: Line, arguments: Sequence[str]) -> None:
    (name,) = arguments
    (session.folder / name).write_text(session.result.stdout)


def _stdin(session: Session, _line: Line, arguments: Sequence[str]) -> None:
    (name,) = arguments
    session.stdin = session.text(name)


def _edit(session: Session, _line: Line, arguments: Sequence[str]) -> None:
    name, pattern, replacement = arguments
    text, count = re.subn(pattern, replacement, session.text(name), flags=re.MULTILINE)
    assert count, "nothing to replace"
    (session.folder / name).write_text(text)


def _cp(session: Session, _line: Line, arguments: Sequence[str]) -> None:
    source, target = (session.folder / name for name in arguments)
    shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)


def _rm(session: Session, _line: Line, arguments: Sequence[str]) -> None:
    for name in arguments:
        path = session.folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _example(session: Session, _line: Line, arguments: Sequence[str]) -> None:
    (name,) = arguments
    ignored = shutil.ignore_patterns(".terraform", "terraform.tfstate*")
    shutil.copytree(EXAMPLES / name, session.folder, dirs_exist_ok=True, ignore=ignored)


def _env(session: Session, _line: Line, arguments: Sequence[str]) -> None:
    name, has_value, value = arguments[0].partition("=")
    if has_value:
        session.environment[name] = value
    else:
        session.environment.pop(name, None)


COMMANDS: Mapping[str, Callable[[Session, Line, Sequence[str]], None]] = {
    "moor": _moor,
    "emulator": _emulator,
    "stdout": _written,
    "stderr": _written,
    "output": _written,
    "times": _times,
    "grep": _grep,
    "cmp": _cmp,
    "json": _json,
    "jsonl": _jsonl,
    "exists": _exists,
    "keep": _keep,
    "stdin": _stdin,
    "edit": _edit,
    "cp": _cp,
    "rm": _rm,
    "example": _example,
    "env": _env,
}
