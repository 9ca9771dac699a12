"""Files read by calamine, and what our own passes tell beyond: .ods, .xls, .xlsb."""
