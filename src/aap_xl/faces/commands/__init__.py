"""One module per verb of the command line: what it takes (`Request`), what it does (`run`)."""
