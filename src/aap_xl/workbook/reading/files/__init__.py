"""What kind of file was given, its parts within bounds, and why one is refused."""
