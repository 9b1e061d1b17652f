"""Parts of the published file, up to a week or of a segment, with every mart filled anew."""
