"""Filling an operator's workbook without losing anything of it: `ecriture` is the way in."""
