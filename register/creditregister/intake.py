"""What becomes of the rows of one transaction: new, again, to be changed, held (DESIGN 3).

Deliveries do not rule over decisions: only the owning unit or a superior of it changes its record, content
equal to an earlier version changes nothing, what was withdrawn is never reopened and what a decision fixed
never overwritten; such rows are held for the unit's word. New records are stored at once; what would change
a record goes into the queue of its batch (``waiting``), and comes back here when it may be carried out.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from creditregister import (
    decisions,
    identities,
    people,
    publication,
    records,
    stored,
    subjects,
    traders,
    verdicts,
    waiting,
)  # fmt: skip
from creditregister.delivered import Delivered, Outcome, Result
from creditregister.matching import Matched, Matcher, looks_like_slip
from creditregister.publication import Author, Draft, refuse_leaks
from creditregister.publicity import term_of
from creditregister.rowkeys import Delivery, Item
from creditregister.schema import record_key
from creditregister.store import insert_many
from creditregister.stored import Stored
from creditregister.waiting import Order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from creditregister.batches import Batch
    from creditregister.keys import Keys
    from creditregister.publicity import Moment
    from creditregister.rules import Window

#: Numbers of records stay below 2^36, since the index packs them into its sort keys (DESIGN 3).
MOST_RECORDS = 1 << 36
#: Records of one document that a new row is compared with for slips of the pen.
COMPARED = 50
#: What the ledger's private column says of a record that a delivery takes from the public, by its new state.
_REASONS = {"annulled": "revoked", "ended": "ended", "hidden": "withheld", "waiting": "waiting"}
_WAS_PERSON = "该主体已作为自然人的信息收录，不能由报送改为公开的单位信息"


class Chunk:
    """One transaction's worth of rows."""

    def __init__(
        self, connection: Connection, keys: Keys, matcher: Matcher, batch: Batch, moment: Moment
    ) -> None:
        self.connection = connection
        self.keys = keys
        self.matcher = matcher
        self.batch = batch
        self.moment, self.now = moment, moment.now
        self.author = Author(batch.who, batch.reason, self.now)
        self.new: list[Draft] = []
        self.changed: list[Draft] = []
        self.reopened: list[Draft] = []
        self.kept: list[Draft] = []
        self.orders: dict[int, tuple[Order, bytes]] = {}  # place of a row → its change, and its digest
        self.asked: dict[int, bytes] = {}  # record that a row of these is to change → its digest
        self.keys_made: list[tuple[bytes, int]] = []
        self.people: list[tuple[int, int, Delivered]] = []
        self.by_key: dict[bytes, list[Stored]] = {}
        self.parties = stored.Parties()
        self.matched = Matched()
        self.keyed = Delivery(keys, batch.kind, batch.unit.id)
        self.next = 0

    def take_in(self, rows: Sequence[Delivered]) -> list[Result]:
        """Store what is new, queue what would change a record; one result for each row, in their order."""
        items = self._items(rows)
        self.by_key = stored.by_keys(
            self.connection, [key for item in items for key in (item.key, item.other, item.trader) if key]
        )
        self._look_under_other_codes(items)
        # Only a row whose own record is not known yet is compared with others of its document.
        strangers = [item.document for item in items if item.document and item.key not in self.by_key]
        for key, found in stored.by_keys(self.connection, strangers).items():
            self.by_key[key] = found
            self.parties.note(key, *found)
        self.next = records.last_number(self.connection) + 1
        results = [self._one(place, item) for place, item in enumerate(items)]
        self._hold_contradictions(results)
        self._store()
        self._change_subjects(results)
        keyed = self._with_keys(items, results, Outcome.ACCEPTED)
        return [self._with_warnings(item, result) for item, result in zip(items, keyed, strict=True)]

    def carry_out(self, orders: Sequence[tuple[Order, Delivered]]) -> list[Result]:
        """Change records as it was ordered, as far as that still stands; one result for each."""
        items = self._items([row for _, row in orders])
        numbers = [order.n for order, _ in orders]
        self.by_key = stored.by_keys(self.connection, [key for item in items for key in item.keys])
        current = stored.by_numbers(self.connection, numbers)
        fixed = decisions.of(self.connection, numbers)
        results = [
            self._carry(order, item, current[order.n], fixed.get(order.n, {}))
            for (order, _), item in zip(orders, items, strict=True)
        ]
        self._store()
        self._change_subjects(results)
        return self._with_keys(items, results, Outcome.UPDATED)

    def queue(self) -> None:
        """Put what the rows would change into the queue of their batch."""
        if not self.batch.dry:
            orders = [order for order, _ in self.orders.values()]
            waiting.put(self.connection, self.keys, self.batch.id, orders)

    def _store(self) -> None:
        if self.next > MOST_RECORDS:
            raise OverflowError("The register holds 2^36 records: its numbers are used up.")
        publication.publish(self.connection, self.new, self.author)
        shown = [draft for draft in self.changed if draft.state == "public"]
        publication.correct(self.connection, shown, self.author)
        publication.restore(self.connection, self.reopened, self.author)
        for state, reason in _REASONS.items():
            drafts = [draft for draft in self.changed if draft.state == state]
            publication.take_back(self.connection, drafts, replace(self.author, reason=reason))
        publication.keep(self.connection, self.kept, self.author)
        insert_many(self.connection, record_key, ("key", "n"), self.keys_made)
        people.keep(self.connection, self.keys, self.people)

    def _change_subjects(self, results: Sequence[Result]) -> None:
        """What rows say of subjects counts once they count themselves; those in the queue do not yet."""
        waits = {order.row.row for order, _ in self.orders.values() if order.row}
        idle = {Outcome.HELD, Outcome.REFUSED}
        valid = {result.row for result in results if result.outcome not in idle} - waits
        publication.change_subjects(
            self.connection, self.matched.changed, replace(self.author, reason="code")
        )
        named = [told for row, told in self.matched.named.items() if row in valid]
        identities.attest(self.connection, named, replace(self.author, reason="rename"))
        found: dict[int, list[str]] = {}
        for row, (who, number) in self.matched.persons.items():
            if row in valid:
                found.setdefault(who, []).append(number)
        author = replace(self.author, reason="person")
        flipped = traders.become_persons(self.connection, self.keys, found, author)
        self._keep_orders(set(flipped))

    def _keep_orders(self, numbers: set[int]) -> None:
        """What was asked of these records still stands: only their class has changed, not what they say."""
        waiting.follow(self.connection, sorted(numbers))
        for place, (order, digest) in self.orders.items():
            if order.n in numbers:
                self.orders[place] = order._replace(version=order.version + 1), digest

    # -- one row ---------------------------------------------------------------------------------------

    def _one(self, place: int, item: Item) -> Result:
        match, slip = self._own_record(item), None
        if match is None and item.document and not self.batch.apart:
            match, slip = self._same_document(item)
        near = match or slip
        if near is not None and self.batch.seen is not None:
            self.batch.seen.add([near.n])
        if item.row.held:
            return Result(item.row.row, Outcome.HELD, held=item.row, near=near.n if near else None)
        if slip is not None:
            return verdicts.held(
                item.row, "slip", "与同一文书下已有的另一主体名称或代码极为相近，可能是笔误", slip.n
            )
        traded = self.by_key.get(item.trader, ())
        if match is None and item.row.klass == "business" and traded:
            return verdicts.held(item.row, "was-person", _WAS_PERSON, traded[0].n)
        return self._new(item) if match is None else self._again(place, item, match)

    def _own_record(self, item: Item) -> Stored | None:
        """The record of this key; a person's record may so far have passed for a company's."""
        found = self.by_key.get(item.key, [])
        if item.row.klass == "person":
            taken_for_company = [each for each in self.by_key.get(item.other, ()) if each.klass != "person"]
            return next(iter([*found, *taken_for_company]), None)
        return next(iter(sorted(found, key=lambda each: each.klass == "person")), None)

    def _new(self, item: Item) -> Result:
        window = self._window(item)
        if window.state == "held" and verdicts.shown(item.row):
            return verdicts.lacking(item.row, window)
        draft = self._draft(item, self.next, secrets.token_bytes(16), 1, self.batch.unit.id, window=window)
        self.next += 1
        self.new.append(draft)
        mine = Stored(
            draft.n, draft.id, 0, draft.state, draft.unit_id, draft.digest, draft.name, draft.subject_id,
            draft.klass, item.code, 0, draft.decided, draft.term,
        )  # fmt: skip
        self.by_key[item.key] = [mine]
        for key in item.keys[1:]:
            self.by_key.setdefault(key, []).append(mine)
        if item.document:
            self.parties.note(item.document, mine)
        self._learn(item, draft, item.keys)
        if self.batch.seen is not None:
            self.batch.seen.add([draft.n])
        return Result(item.row.row, Outcome.ACCEPTED, verdicts.told(item.row, window))

    def _again(self, place: int, item: Item, match: Stored) -> Result:
        if (asked := self._asked(match.n)) is not None:
            match = replace(match, version=0, digest=asked)
        answer = self._as_it_is(item, match)
        if answer is not None:
            return answer
        row = item.row
        if match.version == 0:
            return verdicts.refused(row, "twice", "同一批次中该信息已出现过，而内容不同")
        window = self._window(item, match)
        if window.state == "held" and verdicts.shown(row):
            return verdicts.lacking(row, window, match.n)
        shown = verdicts.state(row, window) == "public"
        if shown:
            refuse_leaks(row.public)
        self.orders[place] = Order(match.n, match.version, "correct", row), item.digest
        self.asked[match.n] = item.digest
        # Later rows of the same delivery must find what this one asks for; version 0 says so.
        self.by_key[item.key] = [replace(match, version=0, digest=item.digest, decided=row.decided)]
        gone = match.state == "public" and not shown
        return Result(row.row, Outcome.UPDATED, verdicts.told(row, window), withdrawn=int(gone))

    def _as_it_is(self, item: Item, match: Stored) -> Result | None:
        """Why a row leaves its record as it is; none: it changes it."""
        row = item.row
        now_person = row.klass == "person" and match.klass != "person"
        if not now_person and (
            item.digest == match.digest or stored.was_so_before(self.connection, match, item.digest)
        ):
            return Result(row.row, Outcome.UNCHANGED)
        if match.klass == "person" and row.klass != "person":
            return verdicts.held(row, "was-person", _WAS_PERSON, match.n)
        if match.unit_id != self.batch.unit.id and match.unit_id not in self.batch.below:
            why = "该信息由另一数据来源单位报送，只有该单位或其上级可以更正"
            return verdicts.held(row, "other-unit", why, match.n)
        if match.closed:
            return verdicts.withdrawn(row, match.n)
        rounds = self.moment.law.kinds[self.batch.kind].rounds
        return verdicts.older_round(row, match.decided) if rounds else None

    def _hold_contradictions(self, results: list[Result]) -> None:
        """Rows that contradict a decision do not enter the queue."""
        fixed = decisions.of(self.connection, [order.n for order, _ in self.orders.values()])
        for place, (order, _) in list(self.orders.items()):
            conflict = (
                verdicts.contradiction(order.row, order.n, fixed.get(order.n, {})) if order.row else None
            )
            if conflict is not None:
                results[place] = conflict
                del self.orders[place]

    def _carry(self, order: Order, item: Item, match: Stored, fixed: decisions.Fixed) -> Result:
        """Change one record; what its record has become since the order may stand against it."""
        row = item.row
        taken = any(each.n != order.n for each in self.by_key.get(item.key, ()))
        if match.version != order.version or (order.action == "restore" and taken):
            return verdicts.held(
                row, "overtaken", "等待期间该信息已被另一次报送或决定更改，本行未执行", order.n
            )
        if order.action == "correct":
            answer = self._as_it_is(item, match) or verdicts.contradiction(row, order.n, fixed)
        else:
            # What was shown when it was ordered and is not now was withdrawn meanwhile, by whomever.
            as_ordered = (match.state == "public") == (order.action == "replace")
            answer = None if as_ordered else verdicts.withdrawn(row, match.n)
        if answer is not None:
            return answer
        window = self._window(item, match)
        if window.state == "held" and verdicts.shown(row):
            return verdicts.lacking(row, window, match.n)
        draft = self._draft(item, match.n, match.id, match.version + 1, match.unit_id, window=window)
        draft = replace(draft, term=term_of(window, match.term))
        if match.subject_id != draft.subject_id:
            draft = replace(draft, former_subject=match.subject_id)
        if match.klass != draft.klass:
            draft = replace(draft, former_class=match.klass)
        was, shown = match.state == "public", draft.state == "public"
        if was and draft.state == "never":
            draft = replace(draft, state="ended")
        (self.changed if was else self.reopened if shown else self.kept).append(draft)
        known = {key for key in item.keys if any(each.n == match.n for each in self.by_key.get(key, ()))}
        self._learn(item, draft, [key for key in item.keys if key not in known])
        return Result(row.row, Outcome.UPDATED, withdrawn=int(was and not shown))

    def _window(self, item: Item, match: Stored | None = None) -> Window:
        undone = item.digest if self.batch.reason == "undo" else b""
        return verdicts.window_of(
            self.connection, self.moment, self.batch.kind, item.row, match, undone=undone
        )

    def _draft(
        self, item: Item, n: int, public_id: bytes, version: int, unit_id: int, *, window: Window
    ) -> Draft:
        row = item.row
        return Draft(
            n=n,
            id=public_id,
            version=version,
            kind=self.batch.kind,
            klass=row.klass,
            unit_id=unit_id,
            subject_id=item.subject_id,
            name="" if row.klass == "person" else item.name,
            decided=row.decided,
            content=row.content,
            digest=item.digest,
            public=row.public,
            batch_id=self.batch.id or None,
            row=row.row,
            term=term_of(window),
            state=verdicts.state(row, window),
        )

    def _learn(self, item: Item, draft: Draft, keys: Sequence[bytes]) -> None:
        """Keep the keys by which the record will be found, and what is sealed of a person."""
        self.keys_made += [(key, draft.n) for key in keys]
        if item.row.secrets or item.row.klass == "person":
            self.people.append((draft.n, draft.version, item.row))

    def _with_warnings(self, item: Item, result: Result) -> Result:
        extra = (*item.row.warnings, *self.matched.problems.get(item.row.row, ()))
        return replace(result, problems=result.problems + extra) if extra else result

    def _with_keys(self, items: Sequence[Item], results: Sequence[Result], done: Outcome) -> list[Result]:
        """The keys of what waits, or is ``done`` by a word of its unit, so that it replaces what waits of it.

        Of a person it is the one that a company's record would have: nobody was sure of that before.
        """
        found, own = list(results), self.batch.reason == "delivery"
        for place, result in enumerate(found):
            if result.held is not None or (own and result.outcome is done):
                found[place] = replace(result, key=items[place].other or items[place].key)
        return found

    # -- identity --------------------------------------------------------------------------------------

    def _items(self, rows: Sequence[Delivered]) -> list[Item]:
        """The rows with what is worked out of them; one that waits for a word makes no subject."""
        coded = [(row, subjects.in_order(row.codes)) for row in rows]
        fit = [(row, codes) for row, codes in coded if not row.held]
        self.matched = self.matcher.match(
            self.connection, fit, self.now, names_subjects=self.batch.names_subjects
        )
        return [self.keyed.item(*each) for each in self.matched.placed(coded)]

    def _look_under_other_codes(self, items: Sequence[Item]) -> None:
        """A record without a document was perhaps delivered when its subject had another code, or none."""
        strangers = [
            item
            for item in items
            if item.subject_id and item.row.key and not item.document and item.key not in self.by_key
        ]
        if not strangers:
            return
        known = subjects.codes_of(self.connection, [item.subject_id or 0 for item in strangers])
        keys = {
            self.keyed.key(item.row, code): item.key
            for item in strangers
            for code in known[item.subject_id or 0]
        }
        # Of two that bear one name the first is taken for the record without a code.
        named = {self.keyed.key(item.row, item.name): item for item in reversed(strangers)}
        found = stored.by_keys(self.connection, [*keys, *named])
        for key, item in named.items():
            if match := [each for each in found.get(key, ()) if not each.code and self._free(each, item)]:
                self.by_key[item.key] = match
        self.by_key |= {own: found[key] for key, own in keys.items() if key in found}

    def _asked(self, n: int) -> bytes | None:
        """The digest of the row by which this delivery asks to change a record; none: it does not yet."""
        return self.batch.queued.get(n, self.asked.get(n))

    def _free(self, match: Stored, item: Item) -> bool:
        """Whether no other row of this delivery was taken for the record already: two may bear one name."""
        return self._asked(match.n) in {None, item.digest}

    def _same_document(self, item: Item) -> tuple[Stored | None, Stored | None]:
        """The record of this document that is surely the same one, or one that looks like a slip."""
        if item.row.klass == "person":
            return None, None
        if same := self.parties.of_subject(item.document, item.subject_id):
            return same, None
        if (same := self.parties.of_name(item.document, item.name, item.code)) and self._free(same, item):
            return same, None
        for other in self.by_key.get(item.document, ())[:COMPARED]:
            if other.name and looks_like_slip(item.name, item.code, other.name, other.code):
                return None, other
        return None, None
