"""The engine for more than one machine: Elasticsearch 9, one index a build (DESIGN 4, ENGINES 4).

Terms are made by our own text code, as for the embedded engine, and only cut at white space there: no
plug-in, no script, no stored text. Modules in import order: ``schema`` (fields), ``translate`` (conditions
to queries), ``breaker`` ``connection`` (requests, what their failures mean), ``indexes`` (builds and the
pointer), ``bulk`` ``writing`` (changes), ``asking`` ``finding`` ``naming`` ``listing`` (answers),
``building``, ``service`` (the engine itself).
"""
