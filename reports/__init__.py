"""What people look at. Reads only the published file."""
