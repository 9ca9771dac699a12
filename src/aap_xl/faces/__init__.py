"""What people touch: command line, worksheet functions, buttons."""
