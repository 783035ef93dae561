"""Pasted text and files turned into rows of holdings, without touching the database.

    texts      bytes -> text -> records: encodings, limits, separators, quotation marks
    figures    one cell -> a number: decimal points and commas, currency signs
    columns    what each column means: headings, or what is in it
    reading    what comes out: rows understood, faults, lines left out
    rows       all of it at once, for plain rows: read_rows()

The file of a broker gets a module of its own beside `rows`, that gives a Reading as well; preview and saving
stay the same.
"""
