"""Python behind the spreadsheets of the Pas-de-Calais insertion calls for projects."""

__version__ = "0.1.0"
