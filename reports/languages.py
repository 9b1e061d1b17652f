"""In which languages the items are written, and what that means for the page."""

from __future__ import annotations

from reports.figure import Table
from reports.read import Row
from reports.words import count, percent

LEARNED = "en"
_SHOWN = 8


def language_words(rows: list[Row]) -> str:
    """What the rows of `languages.sql` mean for the reader, in two or three sentences."""
    learned = "The models have learned from English only."
    n_items = sum(row["n_items"] for row in rows)
    if not n_items:
        return f"No item was read. {learned}"
    n_undecided = sum(row["n_items"] for row in rows if row["language"] is None)
    n_others = sum(row["n_items"] for row in rows if row["language"] not in {LEARNED, None})
    words = [learned]
    if n_others:
        part = f"{count(n_others, 'item')} ({percent(n_others / n_items)} of {n_items:,})"
        verb = "is" if n_others == 1 else "are"
        words.append(f"{part} in other languages {verb} read all the same; how well, nobody has measured.")
    else:
        words.append(f"None of {count(n_items, 'item')} is told to be in another language.")
    if n_undecided:
        part = f"{count(n_undecided, 'item')} ({percent(n_undecided / n_items)})"
        words.append(f"The language of {part} is undecided: often the text is too short to tell.")
    return " ".join(words)


def language_table(rows: list[Row], at_most: int = _SHOWN) -> Table:
    """Items by language, the most frequent first; beyond `at_most` the languages are one line."""
    told = [row for row in rows if row["language"] is not None]
    shown, others = told[:at_most], told[at_most:]
    lines = [(row["language_name"], row["n_items"], row["share_items"]) for row in shown]
    if others:
        sums = (sum(row[name] for row in others) for name in ("n_items", "share_items"))
        lines.append((count(len(others), "other language"), *sums))
    lines += [
        (row["language_name"], row["n_items"], row["share_items"]) for row in rows if row["language"] is None
    ]
    cells = [[name, f"{n_items:,}", percent(share)] for name, n_items, share in lines]
    return Table(["Language", "Items read", "Share"], cells, frozenset({1, 2}))
