"""A world whose truth is known, read by a reader that errs, to see what heartline's numbers are worth."""
