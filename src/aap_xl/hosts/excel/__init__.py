"""Excel through xlwings, which nothing else imports, and of which only the public, BSD part is used."""
