"""Returned dossiers at any number, seeded, with what was planted in each: the consolidation's touchstone."""
