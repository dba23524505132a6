"""Deliveries in 数据报送: a source unit's file, opened safely, checked row by row (DESIGN 3).

In import order. In the parsing child, which has no database and no keys:

* ``problems``: why a whole file is refused; ``sniff``: what sort of file it is
* ``delimited``: CSV and TSV; ``objects``: JSON and JSON Lines; ``parts`` ``bombs`` ``workbook``: XLSX and
  XLS, looked through before they are opened
* ``cells``: one cell → one value; ``headings``: which column means which field; ``sheets``: the table
  in a workbook; ``opened``: in a file of any sort
* ``subject``: whom a row is about; ``sealing``: personal data out of texts; ``draft``: a row while it is read
* ``checks``: what must hold in a row; ``twice``: the same record again; ``asides``: notes and totals;
  ``rows``: one row → a record or its problems
* ``frames`` ``wire``: how child and parent speak; ``child``: the program

In the command: ``dialects`` (headings of one source), ``ahead`` ``box`` (the child's cage), ``report`` (the
problems file), ``summary``, ``progress``, ``pipeline`` (one file into the register).
"""
