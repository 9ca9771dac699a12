"""Spreadsheet files: their layout, reading and writing."""
