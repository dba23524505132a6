"""What people see: the public site (DESIGN 5).

The modules in import order, each using only those above it:

* ``typed`` ``privacy`` ``language``: what people type; what is never repeated; Chinese and English.
* ``excerpt`` ``links`` ``labels`` ``ics`` ``qr`` ``timeline`` ``display``: pieces of text, addresses, words
  and values on a page; a record's days in a calendar and on a line; codes that lead back from paper.
* ``headers`` ``guard`` ``logs``: what every answer carries; who asks how often; what is written down.
* ``metrics``: what is counted, without words of anybody's.
* ``charts`` ``downloads``: figures as shapes, and as files.
* ``pagecache``: finished pages, kept as long as they are true.
* ``services``: settings, clock, kinds, register and index of one application.
* ``views`` ``freshness`` ``errors``: answers from templates; what a browser may keep; refusals.
* ``index``: whether the index may be asked at this moment.
* ``asked`` ``reasons`` ``results`` ``narrowing``: a question, its records, why they are there, filters.
* ``understood`` ``suggestions`` ``limited``: numbers in words; names to complete; search without an index.
* ``pages``: one blueprint a subject.
* ``app`` ``wsgi``: the application.
* ``exporter`` ``companion`` ``serve`` ``cli``: the processes beside it, and ``credit-site``.
"""
