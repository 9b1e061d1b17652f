"""Tables that are kept, in work files of older versions: brought to the shape that new files have.

`pipeline/sql/work_schema.sql` says what a new file has. A change of a kept table is made there and, for
older files, in a further `pipeline/sql/migrations/NNN_what.sql`: new columns come last, and a migration stays
as it is once it has been released. Each is one transaction, in which DuckDB lets a table be altered and then
updated, not the other way round.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from importlib.resources.abc import Traversable

import duckdb

from pipeline.errors import MigrationError
from pipeline.store.crash_points import crash_point
from pipeline.store.ledger import transaction

FOLDER = resources.files("pipeline").joinpath("sql", "migrations")
_TABLE = """
create table if not exists migration (
    number integer primary key,
    name varchar not null,
    sha256 varchar not null,
    applied_at timestamptz not null
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One change of kept tables."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Digest of its statements."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Traversable = FOLDER) -> list[Migration]:
    """The migrations in a folder, in the order of their numbers."""
    files = [file for file in folder.iterdir() if file.name.endswith(".sql")]
    return [
        Migration(int(file.name[:3]), file.name.removesuffix(".sql"), file.read_text(encoding="utf-8"))
        for file in sorted(files, key=lambda file: file.name)
    ]


def migrate(connection: duckdb.DuckDBPyConnection, known: Sequence[Migration], *, is_new: bool) -> list[str]:
    """Apply what the file lacks, each with its number in one transaction; gives the names of those.

    A new file is made as the last of them leaves it, so it only notes them.

    Raises
    ------
    MigrationError
        The file has a migration that is not `known`, or one whose statements were others.
    """
    connection.execute(_TABLE)
    applied = dict(connection.execute("select number, sha256 from migration").fetchall())
    _check(connection, applied, {migration.number: migration for migration in known})
    missing = [migration for migration in known if migration.number not in applied]
    for migration in missing:
        with transaction(connection):
            if not is_new:
                connection.execute(migration.sql)
            row = [migration.number, migration.name, migration.sha256, datetime.now(UTC)]
            connection.execute("insert into migration values (?, ?, ?, ?)", row)
            crash_point("migration: before commit")
    return [] if is_new else [migration.name for migration in missing]


def refuse_newer(finding: str) -> MigrationError:
    """The error of a work file that this version of heartline cannot keep."""
    return MigrationError(
        f"the work file {finding}",
        left_undone="nothing was read or changed",
        next_command="install the version of heartline that ran here last, then the same command",
    )


def _check(
    connection: duckdb.DuckDBPyConnection, applied: dict[int, str], known: dict[int, Migration]
) -> None:
    if newer := sorted(set(applied) - set(known)):
        names = connection.execute(
            "select name from migration where list_contains(?, number) order by number", [newer]
        ).fetchall()
        listed = ", ".join(name for (name,) in names)
        raise refuse_newer(f"was made by a newer heartline: this one does not know {listed}")
    for number, digest in applied.items():
        if known[number].sha256 != digest:
            raise refuse_newer(f"had {known[number].name} applied with other statements")
