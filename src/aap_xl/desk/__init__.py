"""The officer's desk: returning workbooks, comparing two versions, showing how the balance is computed."""
