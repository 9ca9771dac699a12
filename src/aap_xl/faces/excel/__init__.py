"""What Excel calls: worksheet functions and buttons."""
