"""What can be found: deliveries in, the index over the register, search (DESIGN 4).

The modules in import order, each using only those above it:

* ``feeds``: delivered files, opened in a box, checked row by row, handed to the register.
* ``terms`` ``query`` ``spelling`` ``plan``: what an index holds; what is asked and answered; pinyin as it is
  typed; what a text asks for.
* ``engine`` ``pinyin`` ``documents``: the one boundary to an engine; how names are read; what can be found.
* ``highlight`` ``closest``: what matched, in the original text; names that a short form means.
* ``naming`` ``counts`` ``caching``: what both engines do alike: subjects by name, facets, what is kept.
* ``embedded`` ``elastic``: the engine in the same process, and the one for more than one machine; the only
  packages that know tantivy and Elasticsearch.
* ``aside`` ``opening``: records that could not be indexed; the engine that the settings name.
* ``changes`` ``follow``: every change of what is public into the index, within a second.
* ``making`` ``rebuild`` ``verify``: documents by several processes; a new index beside the old one; whether
  an index is what the register says.
* ``demo``: synthetic deliveries.
* ``commands`` ``cli``: ``credit-index``.
"""
