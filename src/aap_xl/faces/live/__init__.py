"""What the buttons and the worksheet functions of a spreadsheet do, whichever spreadsheet it is."""
