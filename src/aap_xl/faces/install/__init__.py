"""Putting the add-in where a spreadsheet finds it."""
