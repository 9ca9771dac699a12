"""A returned workbook → rows: `lecture.lire` is the way in."""
