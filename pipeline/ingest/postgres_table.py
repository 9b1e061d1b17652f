"""Tables and views of a Postgres database: the only source that heartline reads over a network."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import SecretStr

from models.errors import ExtraMissing
from pipeline.config import SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.database_table import (
    ROWS_AT_ONCE,
    DatabaseTable,
    TableName,
    no_cells,
    quoted,
    refused,
    wanted_columns,
)

if TYPE_CHECKING:
    from pg8000.native import Connection

PORT = 5432
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_COLUMNS = """
select
    attribute.attname,
    format_type(attribute.atttypid, attribute.atttypmod),
    type.typcategory in ('A', 'C') or type.typname in ('json', 'jsonb', 'bytea')
from pg_catalog.pg_attribute as attribute
inner join pg_catalog.pg_type as type on attribute.atttypid = type.oid
inner join pg_catalog.pg_class as class on attribute.attrelid = class.oid
inner join pg_catalog.pg_namespace as namespace on class.relnamespace = namespace.oid
where namespace.nspname = :schema and class.relname = :name and class.relkind in ('r', 'p', 'v', 'm', 'f')
    and attribute.attnum > 0 and not attribute.attisdropped
order by attribute.attnum
"""
_SAYS = {
    "28": "refuses the user or the password",
    "3D": "has no database of that name",
    "42501": "does not let this user read {table}",
    "53": "has no room for the query or for one more connection",
    "57": "was stopped by its keeper",
}


@contextmanager
def open_postgres(source: SourceSettings, database: SecretStr) -> Iterator[DatabaseTable]:
    """Open a table of a Postgres database; see `pipeline.ingest.database_table.open_database`.

    Rows are sorted by the server, by the text of their key and then of the other columns, and fetched some
    at a time through a cursor, in one transaction that only reads and sees one snapshot.
    """
    driver = _driver(source)
    table = TableName.parse(source.table or "", schema="public")
    address = address_of(source, database)
    with _translated(source):
        connection = driver.Connection(**address)
    try:
        with _translated(source):
            connection.run("begin isolation level repeatable read, read only")
            connection.run("set local timezone = 'UTC'")
            connection.run("set local datestyle = 'ISO'")
            columns = _columns(connection, source, table)
        yield DatabaseTable(str(table), columns, lambda: _rows(connection, source, table, columns))
    finally:
        with suppress(driver.InterfaceError):  # the line is closed already
            connection.close()


def _driver(source: SourceSettings) -> Any:
    try:
        from pg8000 import native
    except ModuleNotFoundError as error:
        raise ExtraMissing(
            f"source {source.id}: Postgres is read by pg8000, which is not installed",
            left_undone="nothing of this run was loaded",
            next_command="pip install 'heartline[postgres]', then heartline ingest",
        ) from error
    return native


def address_of(source: SourceSettings, database: SecretStr) -> dict[str, Any]:
    """What the driver needs to connect, of `postgresql://user:password@host:port/name?sslmode=...`.

    The certificate of another machine is checked unless the address says `sslmode=disable`.

    Raises
    ------
    SourceError
        The address has no user, or an option that is not known, or names certificates that cannot be read.
    """
    try:
        parts = urlsplit(database.get_secret_value())
        options = dict(parse_qsl(parts.query))
        host, port = options.pop("host", None) or parts.hostname or "localhost", parts.port or PORT
        mode, root = options.pop("sslmode", None), options.pop("sslrootcert", None)
        if options or mode not in {None, "disable", "verify-full"} or not parts.username:
            raise ValueError("an option that is not known, or no user")
        certificates = ssl.create_default_context(cafile=root)
    except (ValueError, OSError):
        finding = (
            "the address of its database cannot be used; postgresql://USER:PASSWORD@HOST:PORT/NAME was "
            "expected, with sslmode=disable or verify-full, sslrootcert or host after a question mark, and "
            "with %40 for an @ and %5B for a [ in the password"
        )
        raise refused(source, finding) from None
    address = {
        "user": unquote(parts.username),
        "password": unquote(parts.password) if parts.password else None,
        "database": unquote(parts.path.lstrip("/")) or None,
        "application_name": "heartline",
    }
    if host.startswith("/"):
        return {**address, "unix_sock": f"{host}/.s.PGSQL.{port}", "ssl_context": False}
    is_plain = mode == "disable" or (mode is None and host in _THIS_MACHINE)
    return {**address, "host": host, "port": port, "ssl_context": False if is_plain else certificates}


def _columns(connection: Connection, source: SourceSettings, table: TableName) -> tuple[str, ...]:
    found = connection.run(_COLUMNS, schema=table.schema, name=table.name)
    if not found:
        raise refused(source, f"its database has no table or view {str(table)!r}")
    columns = wanted_columns(source, str(table), [name for name, _, _ in found])
    for name, type_name, is_no_cell in found:
        if is_no_cell and name in columns:
            raise no_cells(source, name, type_name)
    return columns


def _rows(
    connection: Connection, source: SourceSettings, table: TableName, columns: tuple[str, ...]
) -> Iterator[list[str | None]]:
    cells = [f"{quoted(column)}::text" for column in columns]
    order = [f'{cell} collate "C"' for cell in cells]
    with _translated(source):
        connection.run(
            f"declare feedback no scroll cursor for select {', '.join(cells)} from {table.quoted()} "
            f"order by {', '.join(order)}"
        )
        while rows := connection.run(f"fetch forward {ROWS_AT_ONCE} from feedback"):
            yield from rows
        connection.run("close feedback")


@contextmanager
def _translated(source: SourceSettings) -> Iterator[None]:
    """Errors of the driver as what became of the source: what it says may hold parts of the address."""
    from pg8000.exceptions import Error

    try:
        yield
    except (Error, OSError) as error:
        raise _unread(source, error) from None


def _unread(source: SourceSettings, error: Exception) -> SourceError:
    state = _sqlstate(error)
    known = next((words for begins, words in _SAYS.items() if state.startswith(begins)), None)
    says = known or (f"stopped with SQLSTATE {state}" if state else _without_a_line(error))
    return refused(source, "its database " + says.format(table=source.table))


def _without_a_line(error: Exception) -> str:
    """What is wrong where the server has said nothing."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "shows a certificate that is not believed; sslrootcert names the authority that signed it"
    if str(error) == "Server refuses SSL":  # the driver's words
        return "encrypts no line; sslmode=disable reads it all the same, where the line is secured otherwise"
    return "cannot be reached, wants a password, or broke off"


def _sqlstate(error: BaseException | None) -> str:
    """What the server said; empty where nothing. The driver may have met a closed line after it."""
    while error is not None:
        if error.args and isinstance(error.args[0], dict):
            return str(error.args[0].get("C", ""))
        error = error.__context__
    return ""
