"""The configuration inside a plan's JSON form: placeholder until written below."""

from __future__ import annotations

from mooring.config.model import Module
from mooring.core.codec import Json


def config_json(root: Module, providers: object) -> dict[str, Json]:
    return {}
