"""Tables on paper: one page, one measure of a text, one look, drawn by XlsxWriter or into a file that is kept."""
