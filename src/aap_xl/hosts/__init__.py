"""A workbook that is open in a spreadsheet: a snapshot comes in, gestures go out, a host replays them."""
