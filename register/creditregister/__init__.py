"""What is true: the register 登记库 of the credit disclosure site (DESIGN 3).

The modules in import order, each using only those above it:

* ``settings`` ``clock``: every setting with its default; "now", which is always passed in.
* ``text`` ``codes`` ``dates``: fold and canonical JSON; unified codes 统一社会信用代码; civil dates.
* ``privacy``: masks, redaction, the leak scanner, who counts as a person.
* ``kinds`` ``projection``: record kinds as data; what of a record may be shown, as canonical bytes.
* ``schema`` ``store`` ``keys`` ``leases``: tables; the two engines; keys and sealing; who may act.
* ``ledger`` ``checkpoint``: the append-only log, its RFC 6962 tree, its signed heads.
* ``units`` ``subjects`` ``records`` ``people``: reading and naming what is stored.
* ``publication``: the only module that changes what is public.
* ``deliveries``: one batch 批次 of a source unit, from checked rows to versions.
* ``commands`` ``cli``: ``credit-register``.
"""
