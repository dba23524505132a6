"""Who asks, how often, and what happens when it is too often (DOMAIN 4.2, DEPENDENCIES 3).

Modules in import order: ``address`` (which network a request comes from), ``counters`` (the shared counts,
one SQLite file), ``policy`` (``config/limits.toml``: one line for every route), ``limiter`` (puts them
before every request, those for unknown addresses too).
"""
