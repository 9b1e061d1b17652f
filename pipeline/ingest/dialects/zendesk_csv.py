"""Zendesk's CSV export of a view: it has no column of what customers wrote but the subject."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.config import ColumnMapping
from pipeline.ingest.table_dialect import TableDialect
from pipeline.ingest.table_file import Line, Parsed, TableFile, folded

EXTERNAL_ID, OWN_ID = "Requester external id", "Requester id"


class _View(TableDialect):
    def lines(self, file: TableFile) -> Iterator[Parsed]:
        """Tickets whose requesters go by Zendesk's own id where they have no other."""
        names = [folded(name) for name in file.columns]
        if not {folded(EXTERNAL_ID), folded(OWN_ID)} <= set(names):
            return super().lines(file)
        external, own = names.index(folded(EXTERNAL_ID)), names.index(folded(OWN_ID))
        return (_with_id(line, external, own) for line in super().lines(file))


def _with_id(line: Parsed, external: int, own: int) -> Parsed:
    if not isinstance(line, Line) or line.cells[external].strip():
        return line
    return replace(line, cells=[*line.cells[:external], line.cells[own], *line.cells[external + 1 :]])


DIALECT = _View(
    title="Zendesk's CSV export of tickets",
    kind="ticket",
    signature=("Id", "Requester", "Subject", "Status", "Ticket type", "Created at"),
    columns=ColumnMapping(
        title="Subject",
        record_id="Id",
        customer_id=EXTERNAL_ID,
        written_at="Created at",
        updated_at="Updated at",
        csat="Satisfaction Score",
        channel="Via",
        attributes=("Ticket type", "Priority", "Group"),
        known_values=("Requester", "Requester email"),
    ),
    also_read=(OWN_ID,),
    personal=("Requester domain", "Submitter", "Assignee", "Organization"),
    spelled={
        "Satisfaction Score": {
            "good": "1",
            "good with comment": "1",
            "bad": "0",
            "bad with comment": "0",
            "offered": "",
            "not offered": "",
            "unoffered": "",
        }
    },
    note="it holds no messages, so only subjects are read; Zendesk's JSON export has the messages",
)
