"""Run configurations as files of a project's folder: what stands where `Arm` does for them.

The form is that of Azure ML's first SDK (`.azureml/NAME.runconfig`, YAML, members in camel case), with the
conda specification in a file of its own, which the run configuration names. Source: "Set up compute
targets", run configuration files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mooring.core.codec import Json
from mooring.sdk import CallContext
from mooring_azureml.arm.port import WRITE_REFUSED, ArmError, Document, NotConfigured, Target
from mooring_azureml.table.to_arm import Body, get_at, merge, set_at

FOLDER: Final = ".azureml"
SUFFIX: Final = ".runconfig"
CONDA: Final = "condaDependencies"
"""The member that is kept in a file of its own."""
_CONDA_FILE: Final = "environment.python.condaDependenciesFile"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFiles(NotConfigured):
    """The files below a working folder; ids are paths from there. All but get, put and delete is refused."""

    working_folder: Path
    read_only: bool = False

    def get(self, _ctx: CallContext, target: Target) -> Document | ArmError:
        """The run configuration with its conda specification."""
        path = self._path(target)
        try:
            document = _parsed(path)
            named = None if isinstance(document, ArmError) else get_at(document, _CONDA_FILE)
            if isinstance(document, ArmError) or not isinstance(named, str):
                return document
            return {**document, CONDA: _text(path.parent.parent / named)}
        except OSError as problem:
            return _failed(path, problem)

    def put(self, ctx: CallContext, target: Target, body: Document) -> ArmError | None:
        """Writes both files, each whole or not at all."""
        if ctx.read_only or self.read_only:
            return _refused()
        path, document = self._path(target), dict[str, Json]()
        merge(document, body)
        conda = document.pop(CONDA, None)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(conda, str):
                specification = _conda_path(path)
                _write(specification, conda)
                set_at(document, _CONDA_FILE, f"{FOLDER}/{specification.name}")
            else:
                _conda_path(path).unlink(missing_ok=True)
            _write(path, _yaml(document))
        except OSError as problem:
            return _failed(path, problem)
        return None

    def delete(self, ctx: CallContext, target: Target) -> ArmError | None:
        """Removes both files, and the folder when nothing else is in it."""
        if ctx.read_only or self.read_only:
            return _refused()
        path = self._path(target)
        try:
            path.unlink()
            _conda_path(path).unlink(missing_ok=True)
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
        except OSError as problem:
            return _failed(path, problem)
        return None

    def _path(self, target: Target) -> Path:
        return self.working_folder / target.id


def _conda_path(path: Path) -> Path:
    return path.with_name(f"{path.name.removesuffix(SUFFIX)}.conda.yml")


def _parsed(path: Path) -> Body | ArmError:
    from yaml import YAMLError, safe_load

    try:
        document = safe_load(path.read_text("utf-8"))
    except (YAMLError, UnicodeDecodeError):
        document = None
    if isinstance(document, Mapping):
        return {str(name): value for name, value in document.items()}
    return ArmError(status=0, code="UnreadableFile", message=f"{path} is not a run configuration in YAML.")


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


def _yaml(document: Document) -> str:
    from yaml import safe_dump

    return str(safe_dump(document, sort_keys=False))


def _write(path: Path, content: str) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(content, "utf-8")
    draft.replace(path)


def _failed(path: Path, problem: OSError) -> ArmError:
    if isinstance(problem, FileNotFoundError):
        return ArmError(status=404, code="FileNotFound", message=f"{path} does not exist.")
    return ArmError(status=0, code="UnusableFile", message=f"{path}: {problem.strerror or problem}")


def _refused() -> ArmError:
    return ArmError(status=0, code=WRITE_REFUSED, message="This run only reads.")
