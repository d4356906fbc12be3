"""The backend `pg`: a table of a PostgreSQL database. Arguments and variables as in Terraform 1.11.4."""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostics
from mooring.state.backends.extras import missing_extra
from mooring.state.backends.model import Argument, Around, BackendType, Kind, Settings, States

TYPE_NAME: Final = "pg"


def _flag(variable: str) -> Argument:
    return Argument(kind=Kind.FLAG, environment=(variable,), default=False)


def _open(settings: Settings, around: Around) -> States | Diagnostics:
    absent = missing_extra(TYPE_NAME, "psycopg", "psycopg")
    if absent is not None:
        return (absent,)
    from mooring.state.backends.pg.states import open_states

    return open_states(settings, around)


TYPE: Final = BackendType(
    name=TYPE_NAME,
    arguments={
        "conn_str": Argument(environment=("PG_CONN_STR",), is_secret=True),
        "schema_name": Argument(environment=("PG_SCHEMA_NAME",), default="terraform_remote_state"),
        "skip_index_creation": _flag("PG_SKIP_INDEX_CREATION"),
        "skip_schema_creation": _flag("PG_SKIP_SCHEMA_CREATION"),
        "skip_table_creation": _flag("PG_SKIP_TABLE_CREATION"),
    },
    open=_open,
)
