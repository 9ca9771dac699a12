"""A workbook that is open in Excel, through xlwings: read like a file, written in a few calls."""
