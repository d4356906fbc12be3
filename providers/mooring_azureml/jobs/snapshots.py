"""The snapshot of a folder of code: which files are in it, and what they say.

What is left out: what `.amlignore` names, else what `.gitignore` files name, with git's own rules; what the
caller excludes; and always what belongs to tools and states and not to code. Sources: "Save and track a
training run" (ignore files, a snapshot has 300 MB at most); gitignore(5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_AML: Final = ".amlignore"
_GIT: Final = ".gitignore"
_LARGEST: Final = 300 * 2**20
_CHUNK: Final = 2**20
_NEVER: Final = (
    *(".git", ".terraform/", ".azureml/runs/", "__pycache__/"),
    *("*.tfstate", "*.tfstate.*", ".terraform.tfstate.lock.info"),
)
_Spec: TypeAlias = "tuple[str, GitIgnoreSpec]"
"""Rules, and the folder below the root that they stand in (empty, or with a slash at its end)."""


class SnapshotError(Exception):
    """A folder that cannot be a snapshot; the text says which and why, for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The files of a folder: the SHA-256 of each by its path, with slashes, in the order of paths."""

    files: Mapping[str, str]
    size_bytes: int

    @property
    def digest(self) -> str:
        """One digest of all names and contents; times and permissions do not count."""
        lines = "".join(f"{digest}  {path}\n" for path, digest in self.files.items())
        return sha256(lines.encode()).hexdigest()


def take_snapshot(root: Path, exclude: Sequence[str] = ()) -> Snapshot:
    """Reads a folder. Raises `SnapshotError`."""
    if not root.is_dir():
        raise SnapshotError(f'"{root}" is not a folder.')
    try:
        found = sorted(_files(root, exclude))
        size = sum((root / path).stat().st_size for path in found)
        if size > _LARGEST:
            raise SnapshotError(_too_large(root, size))
        return Snapshot(files={path: _digest(root / path) for path in found}, size_bytes=size)
    except OSError as problem:
        raise SnapshotError(f"{problem.filename or root}: {problem.strerror or problem}.") from problem


def _too_large(root: Path, size: int) -> str:
    return (
        f'"{root}" has {size / 2**20:.0f} MB, and Azure ML takes {_LARGEST // 2**20} MB of code. Name what '
        f"is no code (data, models, environments) in {_AML}."
    )


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


# -- which files ---------------------------------------------------------------------------------


def _files(root: Path, exclude: Sequence[str]) -> Iterator[str]:
    from pathspec import GitIgnoreSpec

    try:
        own = GitIgnoreSpec.from_lines(exclude)
    except ValueError as problem:
        raise SnapshotError(f"A pattern of exclude cannot be read: {problem}.") from problem
    ignores = _AML if (root / _AML).is_file() else _GIT
    always = (("", own), ("", GitIgnoreSpec.from_lines(_NEVER)))
    yield from _Walk(root=root.resolve(), ignores=ignores, always=always).below(root, "", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """What holds for a whole walk: `root` is real, `ignores` the name of ignore files."""

    root: Path
    ignores: str
    always: tuple[_Spec, ...]

    def below(self, folder: Path, prefix: str, above: tuple[_Spec, ...]) -> Iterator[str]:
        """The files of a folder; `prefix` is its path from the root."""
        specs = (*above, *self._rules(folder, prefix))
        for entry in sorted(folder.iterdir()):
            path = f"{prefix}{_name(entry)}"
            if entry.is_dir():
                if not self._is_left_out(f"{path}/", specs) and not self._leads_back(entry, path):
                    yield from self.below(entry, f"{path}/", specs)
            elif entry.is_file() and not self._is_left_out(path, specs):
                self._require_inside(entry, path)
                yield path
            elif entry.is_symlink() and not self._is_left_out(path, specs):
                raise SnapshotError(f'"{path}" is a symbolic link to what does not exist.')

    def _rules(self, folder: Path, prefix: str) -> Iterator[_Spec]:
        """The rules that a folder adds: `.amlignore` stands in the root only."""
        from pathspec import GitIgnoreSpec

        path = folder / self.ignores
        if path.is_file() and (not prefix or self.ignores == _GIT):
            try:
                yield prefix, GitIgnoreSpec.from_lines(path.read_text("utf-8").splitlines())
            except ValueError as problem:
                raise SnapshotError(f"{path} cannot be read: {problem}.") from problem

    def _is_left_out(self, path: str, specs: Sequence[_Spec]) -> bool:
        """What the last of all matching rules says; those of the caller, and of tools, are not overruled."""
        said = [spec.check_file(path[len(prefix) :]).include for prefix, spec in specs]
        judged = [one for one in said if one is not None]
        never = any(spec.match_file(path) for _, spec in self.always)
        return never or bool(judged and judged[-1])

    def _leads_back(self, folder: Path, path: str) -> bool:
        """Whether a link leads to a folder that it stands in; raises for one that leads outside."""
        if not folder.is_symlink():
            return False
        self._require_inside(folder, path)
        return folder.resolve() in folder.parent.resolve().joinpath("x").parents

    def _require_inside(self, entry: Path, path: str) -> None:
        if not entry.resolve().is_relative_to(self.root):
            detail = (
                f'"{path}" is a symbolic link that leaves the folder. Copy what it leads to, or exclude it.'
            )
            raise SnapshotError(detail)


def _name(entry: Path) -> str:
    try:
        return entry.name.encode().decode()
    except UnicodeEncodeError as problem:
        raise SnapshotError(f"The name {entry.name!r} is not in UTF-8, as Azure wants it.") from problem
