"""The data source `azureml_code_snapshot`: a folder of code as it is now, for the runs that use it.

Planning is pure, so that what it must know of a folder is read here. Sources: those of `snapshots`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mooring.core.diagnostics import Diagnostic
from mooring.core.paths import Attr
from mooring.core.types import BOOL, NUMBER, STRING, ListType, MapType
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError
from mooring_azureml.inquiry import Inquiry, asked, told
from mooring_azureml.jobs.git_facts import read_git_facts
from mooring_azureml.jobs.snapshots import SnapshotError, take_snapshot
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.table.model import Fields
from mooring_azureml.table.notation import items


def _answer(access: Access, _ctx: CallContext, config: Fields) -> Fields | ArmError | Diagnostic:
    folder = Path(access.working_folder, str(config["path"]))
    try:
        snapshot = take_snapshot(folder, [str(one) for one in items(config.get("exclude"))])
    except SnapshotError as problem:
        return Diagnostic(
            summary="Unusable folder of code",
            detail=str(problem),
            path=(Attr("path"),),
            code="azureml.code_folder",
        )
    git = read_git_facts(access.machine, folder)
    return {
        "id": snapshot.digest,
        "digest": snapshot.digest,
        "files": dict(snapshot.files),
        "size_bytes": snapshot.size_bytes,
        "git_commit": git.commit,
        "git_branch": git.branch,
        "git_is_dirty": git.is_dirty,
        "git_repository": git.repository,
    }


DEFINITION: Final = Inquiry(
    type_name="azureml_code_snapshot",
    noun="the folder of code",
    description="A folder of code: its files, without those that .amlignore or .gitignore name.",
    attributes={
        "path": asked("The folder, from the working folder."),
        "exclude": asked(
            "More patterns of what to leave out, in .gitignore's form.",
            required=False,
            kind=ListType(STRING),
        ),
        "digest": told("Changes whenever the name or the content of a file does."),
        "files": told("The SHA-256 of each file, by its path.", kind=MapType(STRING)),
        "size_bytes": told("The size of all files.", kind=NUMBER),
        "git_commit": told("The commit that is checked out."),
        "git_branch": told("The branch that is checked out."),
        "git_is_dirty": told("Whether files of the folder differ from the commit.", kind=BOOL),
        "git_repository": told("Where the repository is from, without credentials."),
    },
    answer=_answer,
)
