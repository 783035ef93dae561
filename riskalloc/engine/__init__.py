"""The arithmetic of RiskAlloc: Decimal in, Decimal out. No Django, no clock, no randomness, no I/O.

Read it from the bottom up:

    amounts      cents, points and the split that always adds up
    assets       top classes, asset classes, Mix and Weights
    steps        one step of a derivation, kept so that every number can be opened
    rules        the shape of a methodology: questions, bands, tables, limits, assumptions
    scoring      answers -> Scores
    allocation   Scores -> Allocation
    market       an Allocation in the market: beta, expected return, volatility, bad times
    reviews      what to watch out for
    calculation  all of it at once: assess() and allocate_scores() -> Calculation
    whatif       the same calculation with one thing changed
    comparison   why two calculations differ, one cause at a time
    events       life events: what is asked again, and a horizon that comes nearer
    threads      one number of a Calculation, opened down to the answers

Every function takes the methodology as an argument. Import from the modules; this package exports nothing.
"""
