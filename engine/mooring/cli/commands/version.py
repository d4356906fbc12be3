"""`moor version`."""

from __future__ import annotations

import os
import sys
from typing import Final

from mooring import __version__
from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command
from mooring.reporting.product import PRODUCT, TERRAFORM_VERSION

_HELP: Final = """\
Usage: moor [global options] version [options]

  Tells which Mooring this is, and which Terraform language it speaks.

Options:

  -json       As a JSON object.
"""
_MACHINES: Final = {"x86_64": "amd64", "aarch64": "arm64"}


def _run(call: Call) -> int:
    machine = os.uname().machine if hasattr(os, "uname") else "amd64"
    where = f"{sys.platform}_{_MACHINES.get(machine, machine)}"
    if call.arguments.is_on("json"):
        from mooring.core.codec import Json, dumps

        form: dict[str, Json] = {
            "terraform_version": TERRAFORM_VERSION,
            "mooring_version": __version__,
            "platform": where,
            "provider_selections": {},
            "terraform_outdated": False,
        }
        call.terminal.write(dumps(form, indent=True).decode() + "\n")
        return 0
    call.terminal.write(f"{PRODUCT} v{__version__}\non {where}\nspeaks Terraform v{TERRAFORM_VERSION}\n")
    return 0


COMMAND: Final = Command(flags=(Flag("json"), Flag("no-color")), help=_HELP, run=_run)
