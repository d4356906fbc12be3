"""What is said of tests in every form: the words of statuses, and the last sentence."""

from __future__ import annotations

from mooring.config.test_files.model import TestFile
from mooring.testing.model import Left, Status, SuiteEnded


def word(status: Status) -> str:
    """What people are told: an error is a failure too."""
    return "fail" if status is Status.ERROR else status.value


def conclusion(ended: SuiteEnded) -> tuple[str, str]:
    """The last line: how it went in a word, and the counts."""
    skipped = ended.count(Status.SKIP)
    if ended.status is Status.SKIP:
        return "Executed 0 tests", f", {skipped} skipped."
    passed = ended.count(Status.PASS)
    failed = ended.count(Status.FAIL) + ended.count(Status.ERROR)
    more = f", {skipped} skipped" if skipped else ""
    title = "Success!" if ended.status is Status.PASS else "Failure!"
    return title, f" {passed} passed, {failed} failed{more}."


def found(files: tuple[TestFile, ...]) -> str:
    """How much there is to run."""
    runs = sum(len(file.runs) for file in files)
    return f"Found {_count(len(files), 'file')} and {_count(runs, 'run block')}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def name_of(left: Left) -> str:
    """An object that is left."""
    return f"{left.address} ({left.deposed})" if left.deposed is not None else str(left.address)
