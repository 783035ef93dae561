"""The arithmetic of RiskAlloc: Decimal in, Decimal out. No Django, no clock, no randomness, no I/O.

Read it from the bottom up:

    amounts      cents, points and the split that always adds up
    dates        days that come round every year
    exact        decimals as whole numbers and back, without losing a digit
    assets       top classes, asset classes, Mix and Weights
    steps        one step of a derivation, kept so that every number can be opened
    rules        the shape of a methodology: questions, bands, tables, limits, assumptions
    scoring      answers -> Scores
    allocation   Scores -> Allocation
    market       an Allocation in the market: beta, expected return, volatility, bad times
    holding_classes  what holdings may be of, and where each counts against a target
    positions    accounts and holdings, seen through to their classes; the base
    bands        how far a weight may stand from its target
    levels       values and targets -> rows in dollars, points and bands
    triggers     what makes a rebalance due
    drift        positions + target -> Drift, at both levels
    closed_forms the three forms of a rebalance, on whole numbers
    plans        what a Plan is, with its sentences
    rebalancing  lines or a Drift + cash -> Plan
    deposits     new money instead of a sale
    shares       whole shares nearest to a target
    orders       what to do in which account, and the cash that it leaves
    order_shares orders in whole shares
    placing      a Plan -> Orders in securities and accounts
    behaviour    how holdings behave: their market figures, and the label they are most like
    own_models   whether a firm's own mixes hold together
    reviews      what to watch out for
    calculation  all of it at once: assess() and allocate_scores() -> Calculation
    whatif       the same calculation with one thing changed
    comparison   why two calculations differ, one cause at a time
    events       life events: what is asked again, and a horizon that comes nearer
    threads      one number of a Calculation, opened down to the answers

Every function takes the methodology as an argument. Import from the modules; this package exports nothing.
"""
