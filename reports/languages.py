"""In which languages the items are written, which of them are read, and what that means for the page."""

from __future__ import annotations

from reports.figure import Table
from reports.read import Row
from reports.words import count, percent

UNDECIDED = "und"
_SHOWN = 8


def language_words(rows: list[Row]) -> str:
    """What the rows of `languages.sql` mean for the reader, in two or three sentences."""
    names = [row["language_name"] for row in rows if row["is_read"] and row["language"] != UNDECIDED]
    words = [f"The models read {' and '.join(sorted(names))} only."]
    n_items = sum(row["n_items"] for row in rows)
    if not n_items:
        return f"No item has words. {words[0]}"
    others = [row for row in rows if not row["is_read"]]
    n_others = sum(row["n_items"] for row in others)
    if n_others:
        part = f"{count(n_others, 'item')} ({percent(n_others / n_items)} of {n_items:,})"
        verb = "is" if n_others == 1 else "are"
        words.append(
            f"{part} told to be in {_named(others)} {verb} kept and can be searched, but {verb} in no tag, "
            "theme, curve or pain point."
        )
    else:
        words.append(f"None of {count(n_items, 'item')} is told to be in another language.")
    n_undecided = sum(row["n_items"] for row in rows if row["language"] == UNDECIDED)
    if n_undecided:
        part = f"{count(n_undecided, 'item')} ({percent(n_undecided / n_items)})"
        verb = "is" if n_undecided == 1 else "are"
        words.append(f"{part} too short or too mixed to tell {verb} read all the same.")
    return " ".join(words)


def _named(rows: list[Row], at_most: int = 3) -> str:
    """The most frequent languages by name, and how many more there are."""
    names = [row["language_name"] for row in rows[:at_most]]
    more = len(rows) - len(names)
    names += [count(more, "other language")] if more else []
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def language_table(rows: list[Row], at_most: int = _SHOWN) -> Table:
    """Items by language, the most frequent first; beyond `at_most` those that are not read are one line."""
    found = [row for row in rows if row["n_items"]]
    told = [row for row in found if row["language"] != UNDECIDED]
    shown, others = told[:at_most], told[at_most:]
    lines = [
        (row["language_name"], "yes" if row["is_read"] else "no", row["n_items"], row["share_items"])
        for row in shown
    ]
    if others:
        sums = (sum(row[name] for row in others) for name in ("n_items", "share_items"))
        lines.append((count(len(others), "other language"), "no", *sums))
    lines += [
        (row["language_name"], "yes", row["n_items"], row["share_items"])
        for row in found
        if row["language"] == UNDECIDED
    ]
    cells = [[name, is_read, f"{n_items:,}", percent(share)] for name, is_read, n_items, share in lines]
    return Table(["Language", "Read", "Items", "Share"], cells, frozenset({2, 3}))
