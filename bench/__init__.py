"""The benchmark: ``make bench`` or ``python -m bench`` from the top of a checkout (DESIGN 7).

In import order: ``commands`` (our commands, timed), ``engines`` (which one is in turn), ``memory`` (of
processes and of a cluster), ``loading`` (demo, load, load again, index), ``queries`` (classes of searches
drawn from the register), ``searching`` (the engine's calls), ``requests`` (a small generator of HTTP
requests), ``serving`` (the site), ``table`` (measured beside its goal), ``__main__``.

It is part of the checkout, not of the wheel. The goals are for a million records; ``RECORDS=`` makes other
sizes.
"""
