"""What every book promises, whoever has edited it."""

from __future__ import annotations

from pipeline.book.book import LONGEST_NAME, NAMED, STATUSES, Book, Theme, refused


def check(book: Book) -> None:
    """Refuse a book that breaks its own promises.

    Raises
    ------
    BookError
        Two themes share an id, or two living ones a name; a name is empty, a name or family longer than 80
        characters or not printable; a status is unknown; a merge has no target, an unknown one or comes back
        to itself; `split_from` is unknown.
    """
    names: dict[str, str] = {}
    for place, theme in enumerate(book.themes):
        if theme.id in book.ids[:place]:
            raise refused(f"two themes have the id {theme.id}", theme_id=theme.id)
        _check_theme(book, theme)
        if theme.status in NAMED:
            other = names.setdefault(theme.name.casefold(), theme.id)
            if other != theme.id:
                raise refused(
                    f"{theme.id} and {other} have the same name, {theme.name!r}: merge them, or rename one",
                    theme_id=theme.id,
                    value=theme.name,
                )


def _check_theme(book: Book, theme: Theme) -> None:
    for what, value, least in (("name", theme.name, 1), ("family", theme.family, 0)):
        fits = isinstance(value, str) and least <= len(value) <= LONGEST_NAME
        if not fits or value != value.strip() or not value.isprintable():
            raise refused(
                f"{theme.id} has the {what} {value!r}: expected {least} to {LONGEST_NAME} printable "
                "characters without blanks around them",
                theme_id=theme.id,
                value=value,
            )
    if theme.status not in STATUSES:
        raise refused(
            f"{theme.id} has the status {theme.status!r}: expected one of {', '.join(STATUSES)}",
            theme_id=theme.id,
            value=theme.status,
        )
    if (theme.status == "merged") != (theme.merged_into is not None):
        raise refused(
            f"{theme.id} has the status {theme.status} and merged_into {theme.merged_into!r}: "
            "a merged theme names its target, and no other does",
            theme_id=theme.id,
        )
    book.target(theme.id)
    if theme.split_from is not None:
        book.theme(theme.split_from)
