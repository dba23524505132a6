"""Synthetic deliveries 演示数据: everything is invented, and everything is decided by a seed.

In import order: ``numbers`` (codes in reserved ranges), ``words``, ``places``, ``people``, ``subjects``,
``units``, ``texts``, ``further`` (the kinds beyond the first six), ``columns``, ``rows``, ``acts``,
``faults``, ``forms`` (CSV, JSON, spreadsheets), ``regular`` (units that report month by month), ``plan``
(which files with how many rows), ``files``,
``deliver`` (all files and the manifest), ``ready`` (marker, keys and units in ``CREDIT_DATA``).

Nothing in here describes a person or a company that exists; ``numbers`` says why its codes cannot be theirs.
"""
