"""The parts of the weekly report, a module each: what a published file says, ready to be shown."""
