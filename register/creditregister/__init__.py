"""What is true: the register 登记库 of the credit disclosure site (DESIGN 3).

The modules in import order, each using only those above it:

* ``errors`` ``shipping`` ``settings`` ``clock`` ``pacing``: refusals as sentences; where shipped folders
  stand; every setting; "now", which is always passed in; how large the parts of a long work are.
* ``text`` ``codes`` ``dates`` ``areas`` ``spreadsheets``: fold and canonical JSON; unified codes
  统一社会信用代码; dates; administrative divisions; tables that hold no formula.
* ``courts`` ``references``: courts by their short forms 法院代字; case and document numbers 案号、文书号.
* ``privacy``: masks, redaction, the leak scanner, who counts as a person.
* ``kinds``: record kinds as data.
* ``lawfiles`` ``daysoff`` ``calendar`` ``rules`` ``lists`` ``publicity``: law as data with dates; working
  days; rules; lists; the rules that bind this deployment, and the window that they give a record.
* ``projection``: what of a record may be shown, as canonical bytes.
* ``schema`` ``databases`` ``store`` ``prepared``: tables; SQLite and PostgreSQL; transactions on either;
  statements that are compiled once.
* ``keys`` ``leases``: keys and sealing; what only one process may do at a time.
* ``ledger`` ``signing`` ``checkpoint``: the append-only log, its RFC 6962 tree, its signed heads.
* ``delivered`` ``redrafting``: what one row of a delivery brings, as values; such a row made anew.
* ``staff`` ``decisions``: accounts bound to persons; fields that no delivery overwrites.
* ``waiting`` ``wholeness`` ``stored`` ``versions``: changes not carried out yet; what a whole list does not
  name; what a row is compared with; all that a record ever said.
* ``bodies`` ``units`` ``issued`` ``schedules``: who decides, who reports, and how often.
* ``subjects`` ``records`` ``people``: reading and naming what is stored.
* ``tally`` ``statistics``: counts that are kept; how much is public, of what, from whom, where, when.
* ``reports`` ``standing`` ``punctuality`` ``coverage``: what came of what is owed; how long it took; gaps.
* ``listing`` ``bans``: entries of lists counted; who is barred from a field.
* ``changesfeed``: what re-users must delete or fetch anew, as signed pages.
* ``publication`` ``nextversion``: the only module that changes what is public; what a next version keeps.
* ``erasure`` ``retention``: what is destroyed for good; when its time is over.
* ``proof`` ``history`` ``explanation``: whether the ledger is whole; what happened to one record, and until
  when it is shown and why.
* ``identities`` ``traders``: subjects renamed, merged, parted; businesses that turn out to be persons.
* ``matching`` ``batches`` ``rowkeys`` ``verdicts`` ``intake`` ``holding`` ``deciding`` ``deliveries``: a
  batch of a source unit, from rows to versions, or held for the unit's word; decisions, which stand above.
* ``opening`` ``carrying`` ``release``: a register opened as a whole; changes carried out; the second person.
* ``undo`` ``answers`` ``ungraded``: a batch undone; the unit's word on a held row; what lacks a grade.
* ``moving`` ``reprojection`` ``rule_change`` ``daily``: a register taken into another database; changed
  kinds, masks or rules applied openly; what a new day takes from the public or brings to it.
* ``backups`` ``restoring``: a copy in a folder; a register brought back without rolling the log back.
* ``migrations`` ``commands`` ``cli``: the tables over time, and ``credit-register``.
"""
