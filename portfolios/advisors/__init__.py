"""The advisor's desk: pages about many clients at once.

book        the clients that somebody looks after, chosen and sorted inside the database
parts       what is known about each of them, as parts of that query
conditions  what can need doing, each said once: for filters, tiles, status words and bulk work
choices     what an address asks for, and what is said of the rest of it
listing     the client list;  morning  what needs somebody today;  pictures  the book in charts
facts       what a page knows of single portfolios;  actions  the next step, and why
bulk        work on many clients, each kind for one of them;  saving  filters with a name
whatif      the book after prices have moved: what is asked, the statement, counts, what is shown
"""
