"""The embedded engine: tantivy in the same process, one folder a build (DESIGN 4, ENGINES 4).

Modules in import order: ``schema`` (fields), ``translate`` (conditions to queries), ``folders`` (builds on
disk), ``snapshots`` (what is read), ``writing``, ``facets``, ``estimate``, ``finding``,
``naming``, ``listing``, ``building``, ``service`` (the engine itself).
"""
