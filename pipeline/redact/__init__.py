"""Personal data leaves the text here, before anything is stored."""
