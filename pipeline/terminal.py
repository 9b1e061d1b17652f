"""A terminal on which words of exports and of people stay words: no markup, emoji codes or controls."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.printable import printable


class Terminal(Console):
    """Where results or progress go; what is said here is shown as it is, in lines as long as it is."""

    def say(self, text: str, end: str = "\n") -> None:
        """Say a text, its lines kept."""
        self.print(on_terminal(text), markup=False, emoji=False, soft_wrap=True, end=end)


def on_terminal(text: str) -> str:
    r"""Text that steers no terminal: nothing in it moves the cursor, colours, or turns the words around.

    >>> on_terminal("done\r\x1b[31mfailed\u202e")
    'done [31mfailed'
    """
    return printable(text).replace("\r", " ")


def add_row(table: Table, *cells: str) -> None:
    """Add a row whose cells are shown as they are: what people named is no markup."""
    table.add_row(*(Text(on_terminal(cell)) for cell in cells))
