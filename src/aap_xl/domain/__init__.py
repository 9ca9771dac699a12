"""What the calls mean: dates, exits, money, rules. Pure: knows no spreadsheet."""
