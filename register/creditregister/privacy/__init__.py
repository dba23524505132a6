"""Privacy 隐私: what of a natural person may be shown (DOMAIN 2.3, DESIGN 3 "Natural persons").

* ``mask`` – the one published rule for masking numbers of documents
* ``names`` – what a person's name looks like
* ``person`` – who counts as a person, who as a minor
* ``found`` – what can be found in a text
* ``numbers`` – identity numbers, telephones, bank cards in free text
* ``roles`` – names after role words, names before personal data, home addresses
* ``redact`` – takes all of that out of free text, before it becomes public
* ``leak`` – looks once more at the public bytes: the last wall

Every pattern is linear by construction: repeats are bounded, or nothing can fail after them; a test
reads them all and says so.
"""
