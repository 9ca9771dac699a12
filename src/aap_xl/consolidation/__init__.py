"""Many returned workbooks → tables without anything nominative, and a synthesis."""
