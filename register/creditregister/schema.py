"""The tables of the register 登记库: what is true, every version of it, and the one ledger.

DESIGN 3 says what each table holds. Column types are those that SQLite and PostgreSQL share, so that the
same statements run on both. Civil dates are ISO text (``2026-04-01``), moments are integers: milliseconds
since 1970-01-01T00:00Z, so that neither database converts them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)

# A 64-bit key that SQLite still keeps as its own row number (only INTEGER PRIMARY KEY is an alias of it).
BigKey = BigInteger().with_variant(Integer, "sqlite")

#: Records that end on a day, and those whose day is to come. The nightly job asks in these very words, so
#: that the database sees that an index holds just them.
ENDING = text("state IN ('public', 'held') AND shown_until <> ''")
WAITING = text("state = 'waiting'")
OPEN = text("state = 'open'")
#: Records that never were public, and do not wait for it: retention asks in these words.
UNPUBLISHED = text("published_at = 0 AND state IN ('ended', 'never', 'annulled', 'hidden')")

#: What this database is: origin of its log, when it was made.
meta = Table(
    "meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

#: Bodies 决定机关 and source units 数据来源单位.
unit = Table(
    "unit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("code", String(18)),
    Column("area", String(6), nullable=False, default=""),
    Column("superior_id", Integer, ForeignKey("unit.id")),
    Column("confirmed", Integer, nullable=False, default=1),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_unit_code", "code"),
)

#: Every name a unit has had, and its aliases; ``folded`` leads to one unit only.
unit_name = Table(
    "unit_name",
    metadata,
    Column("folded", Text, primary_key=True),
    Column("unit_id", Integer, ForeignKey("unit.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("alias", Integer, nullable=False, default=0),
)

#: Which kind a source unit reports how often 报送周期, and since when: what is missing is measured by it.
schedule = Table(
    "schedule",
    metadata,
    Column("unit_id", Integer, ForeignKey("unit.id"), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("every", String(8), nullable=False),  # week | month | quarter | half | year
    Column("since", String(10), nullable=False),
)

#: Subjects 信用主体 that are identified by a code. Natural persons are never in here.
subject = Table(
    "subject",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("code", String(20), nullable=False),  # the code that its page stands under
    Column("type", String(16), nullable=False),  # organisation | business
    Column("area", String(6), nullable=False, default=""),
    Column("created_at", BigInteger, nullable=False),
    Column("merged_into", Integer),  # another subject, by a decision: its records are that one's
    Column("version", Integer, nullable=False, default=0),  # changes of its names and codes since it was made
    Column("seq", BigInteger, nullable=False, default=0),  # the ledger entry of the last one
    Column("salt", LargeBinary(32)),  # dies with its version
    Index("ix_subject_folded", "folded"),
)

subject_name = Table(
    "subject_name",
    metadata,
    Column("subject_id", Integer, ForeignKey("subject.id"), primary_key=True),
    Column("folded", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("current", Integer, nullable=False),
    Column("since", String(10), nullable=False, default=""),  # first day attested; empty: nobody said
    Column("attested", String(10), nullable=False, default=""),  # last day attested
    Index("ix_subject_name_folded", "folded"),
)

subject_code = Table(
    "subject_code",
    metadata,
    Column("kind", String(16), primary_key=True),  # unified organisation registration tax …
    Column("value", String(32), primary_key=True),
    Column("subject_id", Integer, ForeignKey("subject.id"), nullable=False),
    Column("current", Integer, nullable=False, default=1),  # 0: it came with a merge, beside one of its kind
    Index("ix_subject_code_subject_id", "subject_id"),
)

#: What was decided about subjects: renames, merges, their undoing, who turned out to be a person.
subject_event = Table(
    "subject_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject_id", Integer, ForeignKey("subject.id"), nullable=False),
    Column("other_id", Integer, ForeignKey("subject.id")),  # the one it was merged into
    Column("action", String(12), nullable=False),  # rename | merge | undo | person
    Column("at", BigInteger, nullable=False),
    Column("who", String(80), nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False, default="{}"),  # what an undoing needs, as JSON
    Column("undone_by", Integer),  # a later event
    Index("ix_subject_event_subject_id", "subject_id"),
)

#: One record 信息 and what may be shown of it now.
record = Table(
    "record",
    metadata,
    Column("n", BigKey, primary_key=True, autoincrement=False),  # private, given once, < 2^36
    Column("id", LargeBinary(16), nullable=False),  # public, random, given once
    Column("kind", String(40), nullable=False),
    Column("unit_id", Integer, ForeignKey("unit.id"), nullable=False),  # the owning source unit
    Column("subject_id", Integer, ForeignKey("subject.id")),  # none: person, or a name without a code
    Column("name", Text, nullable=False, default=""),  # folded; empty for persons
    Column("class", String(12), nullable=False),  # organisation | business | person
    # public | waiting (its day is to come) | held (lacks a grade) | never (not to be published) |
    # ended | annulled | hidden | shielded
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),  # its own last ledger entry
    Column("decided", String(10), nullable=False, default=""),  # the kind's date, its first day
    Column("whole_day", Integer, nullable=False, default=0),  # 1: that date names a day, no quarter or year
    Column("area", String(6), nullable=False, default=""),  # as its public bytes have it
    Column("body", BigInteger, nullable=False, default=0),  # the deciding body's name as a number; 0: none
    Column("shown_from", String(10), nullable=False, default=""),
    Column("shown_until", String(10), nullable=False, default=""),  # last day shown; empty: no end is set
    Column("rule", String(80), nullable=False, default="none"),
    Column("marks", String(80), nullable=False, default=""),
    Column("published_at", BigInteger, nullable=False),  # first publication; 0: never public
    Column("withdrawn_at", BigInteger),
    Column("batch_id", Integer, ForeignKey("batch.id")),  # none: it came by another way than a delivery
    Column("row", Integer),
    Index("ix_record_id", "id", unique=True),
    Index("ix_record_subject_id", "subject_id", "kind", "decided"),
    # Retention asks every night for what was withdrawn long ago.
    Index(
        "ix_record_withdrawn_at",
        "withdrawn_at",
        sqlite_where=text("withdrawn_at IS NOT NULL"),
        postgresql_where=text("withdrawn_at IS NOT NULL"),
    ),
    # And for what was delivered long ago and never shown; it is asked for by the batch that brought it.
    Index("ix_record_unpublished", "batch_id", "n", sqlite_where=UNPUBLISHED, postgresql_where=UNPUBLISHED),
    Index("ix_record_body", "body", "decided"),
    # What a unit has of a kind: counted at each delivery, walked by a whole list. It grows at its end only.
    Index("ix_record_unit_id", "unit_id", "kind", "state", "n"),
    # A subject's page says how many records bear its name without a code; few records are without one.
    Index(
        "ix_record_name",
        "name",
        sqlite_where=text("subject_id IS NULL AND name <> ''"),
        postgresql_where=text("subject_id IS NULL AND name <> ''"),
    ),
    # What ends tonight, and what begins tomorrow.
    Index("ix_record_ends", "shown_until", "n", sqlite_where=ENDING, postgresql_where=ENDING),
    Index("ix_record_begins", "shown_from", "n", sqlite_where=WAITING, postgresql_where=WAITING),
)

#: Natural keys: several may lead to one record, and the key of a document to all its subjects' records.
#: Keyed digests, so that a copy betrays no guessable fact.
record_key = Table(
    "record_key",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("n", BigInteger, ForeignKey("record.n"), primary_key=True),
    sqlite_with_rowid=False,
)

#: Further subjects of one record, by role (a ruling 裁决 has two parties).
record_subject = Table(
    "record_subject",
    metadata,
    Column("n", BigInteger, ForeignKey("record.n"), primary_key=True),
    Column("role", String(24), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("subject_id", Integer, ForeignKey("subject.id")),
    Column("name", Text, nullable=False, default=""),
)

record_version = Table(
    "record_version",
    metadata,
    Column("n", BigInteger, ForeignKey("record.n"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content", Text, nullable=False),  # canonical JSON, free of identity numbers
    Column("digest", LargeBinary(16), nullable=False),  # of content and, keyed, of what is sealed
    Column("public", LargeBinary),  # canonical bytes; none: never public
    Column("salt", LargeBinary(32)),  # dies with its version
    # The window that it was given, as ``publicity.Term`` explains it.
    Column("shown_from", String(10), nullable=False, default=""),
    Column("min_end", String(10), nullable=False, default=""),
    Column("max_end", String(10), nullable=False, default=""),
    Column("repair_from", String(10), nullable=False, default=""),
    Column("held_from", String(10), nullable=False, default=""),
    Column("rule", String(80), nullable=False, default="none"),
    Column("reason", String(40), nullable=False),
    Column("who", String(80), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("batch_id", Integer, ForeignKey("batch.id")),
    Column("row", Integer),
    # What a batch changed, for its undoing; what it made anew stands in ``record``.
    Index(
        "ix_record_version_batch_id",
        "batch_id",
        sqlite_where=text("version > 1"),
        postgresql_where=text("version > 1"),
    ),
    # With a rowid: rows this large would fill the inner pages of a tree by their key, and make it high.
)

#: Fields that a decision fixed: no delivery overwrites them. Who, when, why stand with the version.
fixed_field = Table(
    "fixed_field",
    metadata,
    Column("n", BigInteger, ForeignKey("record.n"), primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("value", Text, nullable=False),  # canonical JSON; null: the field is to be empty
    Column("version", Integer, nullable=False),
    sqlite_with_rowid=False,
)

#: Identity numbers and other person data of each version: authenticated encryption, nowhere else in clear.
person_secret = Table(
    "person_secret",
    metadata,
    Column("n", BigInteger, ForeignKey("record.n"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("key_id", String(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

#: Keyed hashes by which ``/people`` finds a record: of name and number, and of name and case number.
person_lookup = Table(
    "person_lookup",
    metadata,
    Column("hash", LargeBinary(16), primary_key=True),
    Column("n", BigInteger, ForeignKey("record.n"), primary_key=True),
    Column("key_id", String(16), nullable=False),
    Index("ix_person_lookup_n", "n"),
    sqlite_with_rowid=False,
)

#: What was erased 删除, by whom and on which basis: all that is left of it but its number.
erasure = Table(
    "erasure",
    metadata,
    Column("n", BigInteger, ForeignKey("record.n"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("basis", Text, nullable=False),
)

#: Accounts 工作人员, each bound to a person: two accounts of one person are one where two are needed.
staff = Table(
    "staff",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("person", LargeBinary(16), nullable=False),  # keyed digest of an identity document's number
    Column("created_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
    UniqueConstraint("name"),
)

#: Codes that fail their check and were issued so 确系如此签发: a unit has seen the certificate.
issued_code = Table(
    "issued_code",
    metadata,
    Column("value", String(32), primary_key=True),
    Column("unit_id", Integer, ForeignKey("unit.id"), nullable=False),
    Column("certificate", Text, nullable=False),
    Column("by_id", Integer, ForeignKey("staff.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
)

#: One delivery 报送批次, or another act that changes records of one unit and kind.
batch = Table(
    "batch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", Integer, ForeignKey("unit.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("file", Text, nullable=False),
    Column("file_hash", LargeBinary(32), nullable=False),  # keyed
    Column("options", Text, nullable=False, default=""),
    Column("state", String(12), nullable=False),  # running | waiting | approved | done | failed | …
    Column("counts", Text, nullable=False, default="{}"),
    Column("received_at", BigInteger, nullable=False),  # when the unit handed it over
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("full", Integer, nullable=False, server_default="0"),  # the whole list of its unit and kind
    # Numbers of accounts and of another batch; no foreign keys, for SQLite could never take them away again.
    Column("by_id", Integer),  # who delivers; none: nobody said so
    Column("released_by", Integer),
    Column("released_at", BigInteger),
    Column("undoes", Integer),
    Index("ix_batch_unit_id", "unit_id", "kind"),
)

#: Changes of records that a batch asks for and that are not carried out yet; rows sealed.
waiting = Table(
    "waiting",
    metadata,
    Column("batch_id", Integer, ForeignKey("batch.id"), primary_key=True),
    Column("n", BigInteger, ForeignKey("record.n"), primary_key=True),
    Column("action", String(10), nullable=False),  # correct | replace | restore | withdraw
    Column("version", Integer, nullable=False),  # the record's when it was asked for
    Column("row", Integer),
    Column("key_id", String(16)),
    Column("sealed", LargeBinary),
    sqlite_with_rowid=False,
)

#: Each refused, held or warned row; raw values sealed, kept 90 days.
row_problem = Table(
    "row_problem",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_id", Integer, ForeignKey("batch.id"), nullable=False),
    Column("row", Integer, nullable=False),
    Column("outcome", String(10), nullable=False),  # refused | held | warned
    Column("field", String(40), nullable=False),
    Column("code", String(40), nullable=False),
    Column("message", Text, nullable=False),
    Column("key_id", String(16)),
    Column("sealed", LargeBinary),
    Column("at", BigInteger, nullable=False),
    Index("ix_row_problem_batch_id", "batch_id", "row"),
)

#: Rows that wait for the unit's word; one open row for one content.
held = Table(
    "held",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", LargeBinary(16), nullable=False),  # keyed, of the whole row
    Column("key", LargeBinary(16)),  # keyed, of the record that it says something of; none: an old row
    Column("batch_id", Integer, ForeignKey("batch.id"), nullable=False),  # the last that brought it
    Column("row", Integer, nullable=False),
    Column("unit_id", Integer, ForeignKey("unit.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("code", String(80), nullable=False),  # its reasons, by blanks
    Column("message", Text, nullable=False),
    Column("record_n", BigInteger),  # the record that it looks like, or is in conflict with
    Column("key_id", String(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("state", String(12), nullable=False),  # open | resolved | superseded by a later row
    Column("at", BigInteger, nullable=False),  # when it was delivered last
    Column("answer", String(80)),
    Column("answered_by", Integer, ForeignKey("staff.id")),
    Column("answered_at", BigInteger),  # or superseded
    UniqueConstraint("digest"),
    Index("ix_held_state", "state", "unit_id"),
    Index("ix_held_key", "key", sqlite_where=OPEN, postgresql_where=OPEN),
)

#: Every change of what is public, append-only; the queue that the index follows.
ledger = Table(
    "ledger",
    metadata,
    Column("seq", BigKey, primary_key=True, autoincrement=False),  # from 1, gapless, in commit order
    Column("time", BigInteger, nullable=False),
    Column("leaf", LargeBinary, nullable=False),  # exact bytes
    Column("hash", LargeBinary(32), nullable=False),  # RFC 6962 leaf hash
    Column("action", String(10), nullable=False),
    Column("n", BigInteger),  # private: the record
    Column("subject_id", Integer),  # private: the subject, for the action ``subject``
    Column("version", Integer),
    Column("reason", String(40), nullable=False, default=""),
    Column("told", String(12), nullable=False, default="", server_default=""),  # what the changes feed says
    # The follower lets what takes something back overtake a backlog of publications.
    Index(
        "ix_ledger_urgent",
        "seq",
        sqlite_where=text("action <> 'publish'"),
        postgresql_where=text("action <> 'publish'"),
    ),
    # What re-users are told is a small part of all entries.
    Index("ix_ledger_told", "seq", sqlite_where=text("told <> ''"), postgresql_where=text("told <> ''")),
)

#: Hashes of the full subtrees of 256, 256² … leaves: root and proofs need no walk over all leaves.
ledger_node = Table(
    "ledger_node",
    metadata,
    Column("level", Integer, primary_key=True),
    Column("place", BigInteger, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

#: Who may do a thing that only one process may do at a time; the epoch fences the one before.
lease = Table(
    "lease",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)
