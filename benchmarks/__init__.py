"""What the product costs beside what it could cost at least: `python -m benchmarks`, or `make bench`.

    rounds      interleaved rounds, medians and ratios
    pages       pages of the product, each beside a floor: as many queries, as many bytes, from a plain string
    floors      the floors, as addresses beside the product's own
    engine      the engine beside bare arithmetic
    arithmetic  that arithmetic: the worked example as Decimal expressions
    writes      a change with its audit entry, beside the same change without it

Everything runs in this process on a database of its own, made for the run, with the settings of production.
"""
