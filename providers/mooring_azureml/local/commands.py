"""From a job's document to a command of this machine: words, variables, and the folders it needs.

The placeholders are the service's, `${{inputs.NAME}}` and `${{outputs.NAME}}` ("command job YAML schema"). A
command is run as it stands, without a shell, unless it says something that only a shell understands.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mooring.core.codec import Plain
from mooring_azureml.arm.port import Document
from mooring_azureml.table.notation import members, seconds
from mooring_azureml.table.to_arm import get_at

_PLACEHOLDER: Final = re.compile(r"\$\{\{\s*(?P<kind>inputs|outputs)\.(?P<name>[\w-]+)\s*\}\}")
_SHELL: Final = frozenset("|&;<>()$`*?[]#~{}!\n")
_ASSIGNMENT: Final = re.compile(r"\w+=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to start; `seconds` is 0 where the run may take any time."""

    words: tuple[str, ...]
    environment: Mapping[str, str]
    folders: tuple[Path, ...]
    seconds: int


def command_of(
    document: Document, folder: Path, working_folder: Path, environment: Mapping[str, str]
) -> Command:
    """The command of a job that runs in a folder; paths of inputs are from the working folder."""
    outputs = {name: folder.resolve() / "outputs" / name for name in members(_part(document, "outputs"))}
    values = {f"outputs.{name}": str(path) for name, path in outputs.items()}
    for name, one in members(_part(document, "inputs")).items():
        values[f"inputs.{name}"] = _input(members(one), working_folder)
    own = {name: str(value) for name, value in members(_part(document, "environmentVariables")).items()}
    variables = {**environment, "AZUREML_RUN_ID": folder.name, **own}
    limit = get_at(document, "properties.limits.timeout")
    return Command(
        words=tuple(_words(str(_part(document, "command")), values, variables)),
        environment=variables,
        folders=tuple(outputs.values()),
        seconds=(seconds(limit) or 0) if isinstance(limit, str) else 0,
    )


def _part(document: Document, name: str) -> Plain:
    return get_at(document, f"properties.{name}")


def _input(one: Mapping[str, Plain], working_folder: Path) -> str:
    """A literal as it is; a file or folder by its path."""
    if one.get("value") is not None:
        return str(one["value"])
    address = str(one.get("uri"))
    path = address.removeprefix("file://")
    return address if "://" in path or path.startswith("azureml:") else str((working_folder / path).resolve())


def _words(command: str, values: Mapping[str, str], environment: Mapping[str, str]) -> list[str]:
    """Placeholders in single words are replaced after splitting, so that spaces in a value split nothing."""
    plain = _PLACEHOLDER.sub("", command)
    if _SHELL & set(plain) or _ASSIGNMENT.match(plain):
        return ["/bin/sh", "-c", _replaced(command, values)]
    try:
        words = shlex.split(_PLACEHOLDER.sub(lambda found: found[0].replace(" ", ""), command))
    except ValueError:  # quotes that do not end: a shell can say it better
        return ["/bin/sh", "-c", _replaced(command, values)]
    first, *rest = (_replaced(word, values) for word in words)
    return [_interpreter(first, environment), *rest]


def _replaced(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values.get(f"{found['kind']}.{found['name']}", found[0]), text)


def _interpreter(program: str, environment: Mapping[str, str]) -> str:
    """`python` is the one on the user's search path; where that has none, the one that runs Mooring."""
    import shutil
    import sys

    path = environment.get("PATH", "")
    if program != "python" or shutil.which(program, path=path) is not None:
        return program
    return shutil.which("python3", path=path) or sys.executable
