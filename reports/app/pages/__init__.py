"""The explorer's pages: each a module with `show(snapshot)`."""
