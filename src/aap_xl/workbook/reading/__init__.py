"""A returned workbook → rows: `reader.lire` is the way in."""
