"""How good the models are, on public files and on a user's own labels. Needs no torch."""
