"""The tables: Terraform's `states`, which it must find as it makes it itself, and `moor_parts` beside it.

`moor_parts` holds what a state has besides its snapshot: the journal, documents, and who holds the lock. A
part is made of rows in the order of `position`.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from collections.abc import Callable
from typing import Final, LiteralString

from psycopg import sql

from mooring.core.records import record
from mooring.state.backends.model import BackendError

_SCHEMA_IS_THERE: Final = "SELECT count(1) FROM information_schema.schemata WHERE schema_name = {name}"
_MAKE_SCHEMA: Final = "CREATE SCHEMA IF NOT EXISTS {schema}"
_MAKE_TABLE: Final = (
    "CREATE SEQUENCE IF NOT EXISTS public.global_states_id_seq AS bigint; "
    "CREATE TABLE IF NOT EXISTS {states} ("
    "id bigint NOT NULL DEFAULT nextval('public.global_states_id_seq') PRIMARY KEY, "
    "name text UNIQUE, data text)"
)
_MAKE_INDEX: Final = "CREATE UNIQUE INDEX IF NOT EXISTS states_by_name ON {states} (name)"
_MAKE_PARTS: Final = (
    "CREATE TABLE IF NOT EXISTS {parts} (state text NOT NULL, name text NOT NULL, position bigint NOT NULL, "
    "content bytea NOT NULL, written timestamptz NOT NULL DEFAULT clock_timestamp(), "
    "PRIMARY KEY (state, name, position))"
)
_ARE_THERE: Final = "SELECT to_regclass({states_name}) IS NOT NULL, to_regclass({parts_name}) IS NOT NULL"

_MAKING: Final = "SELECT pg_advisory_lock(-2)"
_MADE: Final = "SELECT pg_advisory_unlock(-2)"

Ask = Callable[[sql.Composed], list[tuple[object, ...]]]


@record(kw_only=True)
class Layout:
    """The schema that the tables are in, and what may be made there."""

    schema: str
    makes_schema: bool
    makes_table: bool
    makes_index: bool

    def query(self, text: LiteralString) -> sql.Composed:
        """A statement with the names of the tables."""
        states = sql.Identifier(self.schema, "states")
        parts = sql.Identifier(self.schema, "moor_parts")
        return sql.SQL(text).format(
            schema=sql.Identifier(self.schema),
            name=sql.Literal(self.schema),
            states=states,
            parts=parts,
            states_name=sql.Literal(_quoted(self.schema, "states")),
            parts_name=sql.Literal(_quoted(self.schema, "moor_parts")),
        )


def _quoted(schema: str, table: str) -> str:
    """The name of a table as text that PostgreSQL reads."""
    return ".".join('"' + each.replace('"', '""') + '"' for each in (schema, table))


def prepare(layout: Layout, ask: Ask) -> None:
    """Makes what is missing and may be made. Raises `OSError` for what is missing and may not.

    One session at a time makes something: PostgreSQL's IF NOT EXISTS fails for who comes second meanwhile.
    """
    if all(ask(layout.query(_ARE_THERE))[0]):
        return
    ask(layout.query(_MAKING))
    try:
        _make_missing(layout, ask)
    finally:
        ask(layout.query(_MADE))


def _make_missing(layout: Layout, ask: Ask) -> None:
    has_states, has_parts = ask(layout.query(_ARE_THERE))[0]
    if not has_states:
        _make_states(layout, ask)
    if not has_parts:
        if not layout.makes_table:
            raise BackendError(
                f'there is no table "{layout.schema}.moor_parts", and "skip_table_creation" forbids to make '
                f"it; have it made with: {layout.query(_MAKE_PARTS).as_string()}"
            )
        ask(layout.query(_MAKE_PARTS))


def _make_states(layout: Layout, ask: Ask) -> None:
    if layout.makes_schema and ask(layout.query(_SCHEMA_IS_THERE))[0][0] == 0:
        ask(layout.query(_MAKE_SCHEMA))
    if layout.makes_table:
        for each in _MAKE_TABLE.split("; "):
            ask(layout.query(each))
    if layout.makes_index:
        ask(layout.query(_MAKE_INDEX))
