"""Forms turn what is typed into numbers, dates and rows; they own every message about input."""
